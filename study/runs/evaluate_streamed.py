"""Evaluation where memory does not hold the corpus: encode in shards, search, score the best."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from hybridlib.data.streamed_benchmark import StreamedBenchmark
from hybridlib.files import whole_file
from hybridlib.models.encoder import DualEncoder
from hybridlib.processes import processes
from hybridlib.search.encode_shards import encode_shards
from hybridlib.search.large_search import LargeSearch
from hybridlib.search.trec_scores import in_order, ranks_of_relevant, score, write_run_file
from study.runs.measurements import Measurement
from study.runs.planned_encoder import PlannedEncoder
from study.store.key import run_key
from study.store.run import Run
from study.store.runs import Computed, Store

DEPTH = 100


def evaluate(
    encoder: PlannedEncoder, benchmarks: Sequence[StreamedBenchmark], store: Store, folder: Path
) -> Run:
    """Evaluate an encoder on a benchmark's languages, or load what an equal run left.

    What is killed goes on where it was: at a language, a shard to encode, a shard to search. A
    language's scores lie under ``build/runs``; its vectors are deleted once these are stored. Under
    torchrun all processes call this, share the shards, and get the same.

    Scores are nDCG@10 and R@100 by language, with ``num_passages``, the number that was searched.
    Ranks have one row a relevant passage; its rank is missing where it is not among the best 100.
    """
    encoder = PlannedEncoder(encoder.identity, cache(encoder.make))
    parts = {data.language: _of_language(data, folder.parts[-3:], store) for data in benchmarks}
    keys = {language: part.key(encoder.identity) for language, part in parts.items()}
    asked = {"benchmark": benchmarks[0].name}
    revisions = {f"benchmark {data.language}": data.revision for data in benchmarks}
    revisions["encoder"] = encoder.identity.revision

    def compute() -> Computed:
        runs = []
        for language, part in parts.items():
            place = *folder.parts[-3:], language
            runs.append(part.of(encoder, store, store.built("runs", *place)))
            store.sweep(store.built("vectors", *place))  # all have read them, or a kill left them
        return Computed(
            pd.concat([run.scores for run in runs], ignore_index=True),
            pd.concat([run.ranks for run in runs], ignore_index=True),
            {"seconds": round(sum(run.provenance["seconds"] for run in runs), 1)},
        )

    return store.keep(folder, run_key(asked, keys, []), asked, revisions, compute, _scored)


def _scored(run: Run) -> pd.DataFrame:
    sizes = dict(run.scores[["query_language", "num_passages"]].itertuples(index=False))
    return score(run.ranks, sizes)


def _of_language(data: StreamedBenchmark, parts: Sequence[str], store: Store) -> Measurement:
    def compute(model: DualEncoder) -> Computed | None:
        vectors = store.built("vectors", *parts, data.language)
        with store.owner(vectors):
            ranking, num_searched = _search(model, data, vectors)
        if not processes().is_main_process:
            return None
        if num_searched != data.num_passages:
            raise ValueError(
                f"{num_searched:,} passages were searched, the corpus of {data.name} "
                f"{data.language} has {data.num_passages:,}: scores over a part of it would look "
                "too good"
            )
        write_run_file(ranking, store.built("runs", *parts, f"{data.language}.trec"), parts[-1])
        ranks = ranks_of_relevant(data, ranking)
        return Computed(score(ranks, {data.language: num_searched}), ranks)

    asked = {"benchmark": data.name, "language": data.language}
    return Measurement(asked, data.revision, "search", compute, is_shared=True)


def _search(model: DualEncoder, data: StreamedBenchmark, folder: Path) -> tuple[pd.DataFrame, int]:
    """The best passages of each query, and how many passages were searched."""
    data.check_corpus()
    # the processes share the shards; files tell each what the others encoded and found
    here, all_processes = processes().process_index, processes().num_processes
    title = f"{data.name} {data.language}"
    shards = encode_shards(model, data.shards(), folder, title, here, all_processes)
    query_file = folder / "queries" / "queries.npy"
    if processes().is_main_process:
        with whole_file(query_file) as sink:
            np.save(sink, model.encode(list(data.queries.values()), "query"))
    processes().wait_for_everyone()
    files = [shard.vectors_file for shard in shards]
    search = LargeSearch(np.load(query_file), files, folder / "search", DEPTH)
    search.search(here, all_processes)
    processes().wait_for_everyone()
    top, num_searched = search.merged()
    return in_order(list(data.queries), shards, top), num_searched
