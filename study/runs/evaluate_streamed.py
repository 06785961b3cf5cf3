"""Evaluation where memory does not hold the corpus: encode in shards, search, score the best."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from hybridlib.data.streamed_benchmark import StreamedBenchmark
from hybridlib.files import whole_file
from hybridlib.models.encoder import DualEncoder, EncoderIdentity
from hybridlib.processes import processes
from hybridlib.search.encode_shards import encode_shards
from hybridlib.search.large_search import LargeSearch
from hybridlib.search.trec_scores import in_order, ranks_of_relevant, score, write_run_file
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
    language's vectors are deleted once its scores are stored under ``build/runs``. Under torchrun
    all processes call this, share the shards, and get the same.

    Scores are nDCG@10 and R@100 by language, with ``num_passages``, the number that was searched.
    Ranks have one row a relevant passage; its rank is missing where it is not among the best 100.
    """
    encoder = PlannedEncoder(encoder.identity, cache(encoder.make))
    keys = {data.language: _key(encoder.identity, data) for data in benchmarks}
    asked = {"benchmark": benchmarks[0].name}
    revisions = {f"benchmark {data.language}": data.revision for data in benchmarks}
    revisions["encoder"] = encoder.identity.revision

    def compute() -> Computed:
        runs = [_language_run(encoder, data, store, folder.parts[-3:]) for data in benchmarks]
        return Computed(
            pd.concat([run.scores for run in runs], ignore_index=True),
            pd.concat([run.ranks for run in runs], ignore_index=True),
            {"seconds": round(sum(run.provenance["seconds"] for run in runs), 1)},
        )

    return store.keep(folder, run_key(asked, keys, []), asked, revisions, compute, scorer=_scored)


def _scored(run: Run) -> pd.DataFrame:
    sizes = dict(run.scores[["query_language", "num_passages"]].itertuples(index=False))
    return score(run.ranks, sizes)


def _language_run(
    encoder: PlannedEncoder, data: StreamedBenchmark, store: Store, parts: Sequence[str]
) -> Run:
    """Evaluate one language, or load what an equal run left under ``build/runs``."""
    folder, vectors = (store.built(kind, *parts, data.language) for kind in ("runs", "vectors"))

    def compute() -> Computed | None:
        with store.owner(vectors):
            ranking, num_searched = _search(encoder.load(), data, vectors)
        if not processes().is_main_process:
            return None
        if num_searched != data.num_passages:
            raise ValueError(
                f"{num_searched:,} passages were searched, the corpus of {data.name} "
                f"{data.language} has {data.num_passages:,}: scores over a part of it would look "
                "too good"
            )
        write_run_file(ranking, folder.with_suffix(".trec"), parts[-1])
        ranks = ranks_of_relevant(data, ranking)
        return Computed(score(ranks, {data.language: num_searched}), ranks)

    asked = {"benchmark": data.name, "language": data.language}
    revisions = {"benchmark": data.revision, "encoder": encoder.identity.revision}
    run = store.keep(folder, _key(encoder.identity, data), asked, revisions, compute)
    store.sweep(vectors)  # all have read them, or a kill had left them
    return run


def _search(model: DualEncoder, data: StreamedBenchmark, folder: Path) -> tuple[pd.DataFrame, int]:
    """The best passages of each query, and how many passages were searched.

    The processes share the shards, to encode and to search; files tell each what the others found.
    """
    data.check_corpus()
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


def _key(identity: EncoderIdentity, data: StreamedBenchmark) -> str:
    asked = {"benchmark": data.name, "language": data.language}
    inputs = {"benchmark": data.revision, "encoder": identity.revision, "settings": identity.usage}
    return run_key(asked, inputs, ["encoding", "search"])
