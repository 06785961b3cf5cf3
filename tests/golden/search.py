"""Golden search in shards, on small integers and so exact, with ties: what is found and scored."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from hybridlib.data.streamed_benchmark import Judgement, StreamedBenchmark
from hybridlib.models.encoder import EncoderIdentity, TextSettings
from hybridlib.search.encode_shards import encode_shards
from hybridlib.search.large_search import LargeSearch
from hybridlib.search.trec_scores import in_order, ranks_of_relevant, score
from tests.golden.data import small_integers

NUM_QUERIES, SHARDS, DIMENSIONS, DEPTH = 5, (40, 1, 90), 4, 25


class GivenVectors:
    """Stands for an encoder: a text is the number of its vector."""

    identity = EncoderIdentity("given", "mean", TextSettings())
    vectors = small_integers(sum(SHARDS), DIMENSIONS, seed=1)

    def encode(self, texts: Sequence[str], side: str, **_: Any) -> np.ndarray:
        """Look up; shape: (texts, dimensions)."""
        return self.vectors[[int(text) for text in texts]]


def searched(folder: Path) -> dict[str, Any]:
    """Passages found by query, their scores, ranks of the relevant ones, measures."""
    data = benchmark()
    shards = encode_shards(GivenVectors(), passages(), folder)
    queries = small_integers(NUM_QUERIES, DIMENSIONS, seed=0)
    files = [shard.vectors_file for shard in shards]
    search = LargeSearch(queries, files, folder / "results", DEPTH)
    search.search()
    top, num_searched = search.merged()
    ranking = in_order(list(data.queries), shards, top)
    columns = ["question", "candidate", "rank"]
    ranks = ranks_of_relevant(data, ranking)
    rows = ranks[columns].itertuples(index=False)
    return {
        "positions": top.positions.tolist(),
        "scores": top.scores.astype(int).tolist(),
        "order": ranking.groupby("query")["passage"].agg(list).to_dict(),
        "ranks": [["" if pd.isna(entry) else str(entry) for entry in row] for row in rows],
        "measures": score(ranks, {data.language: num_searched}).to_dict("list"),
    }


def passages() -> Iterator[tuple[list[str], list[str]]]:
    """Ids and texts of each shard; the ids' order is not that of their positions."""
    start = 0
    for size in SHARDS:
        numbers = range(start, start + size)
        yield [f"p{n * 37 % 131}" for n in numbers], [str(n) for n in numbers]
        start += size


def benchmark() -> StreamedBenchmark:
    """Judgements of several degrees; the last query has no relevant passage."""
    judgements = [
        Judgement(f"q{i}", f"p{(i * 11 + j * 17) % 131}", j % 3 * (i < NUM_QUERIES - 1), "")
        for i in range(NUM_QUERIES)
        for j in range(12)
    ]
    queries = {f"q{i}": f"query {i}" for i in range(NUM_QUERIES)}
    return StreamedBenchmark("golden", "en", queries, judgements, [], lambda _: iter(()), "golden")
