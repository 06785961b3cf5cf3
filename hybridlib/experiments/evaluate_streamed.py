"""MIRACL, end to end: encode a whole Wikipedia in shards, search it, score the best 100."""

import shutil
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import torch

from hybridlib.data.registry import STREAMED_BENCHMARKS
from hybridlib.data.streamed_benchmark import StreamedBenchmark
from hybridlib.experiments.train import BUILD, described_settings
from hybridlib.files import whole_file
from hybridlib.models.backbones import load_encoder
from hybridlib.models.encoder import DualEncoder
from hybridlib.processes import processes
from hybridlib.search.large_search import LargeSearch
from hybridlib.search.trec_scores import in_order, ranks_of_relevant, score, write_run_file
from hybridlib.search.vector_shards import encode_shards
from hybridlib.store import provenance
from hybridlib.store import runs as results
from hybridlib.store.key import run_key
from hybridlib.store.runs import RESULTS

DEPTH = 100


def evaluate(
    encoder: str, languages: Sequence[str], profile: str, name: str, benchmark: str = "miracl"
) -> results.Run:
    """Evaluate an encoder on MIRACL dev, or load what an equal run left.

    What is killed goes on where it was: at a language, a shard to encode, a shard to search. A
    language's vectors are deleted once its scores are stored under ``build/runs``. Under torchrun
    all processes call this, share the shards, and get the same.

    Parameters
    ----------
    encoder
        A folder, or what :func:`hybridlib.models.backbones.load_encoder` knows.
    languages
        ISO 639-1.
    profile, name
        The result's folder is ``results/{profile}/{benchmark}/{name}``.
    benchmark
        ``miracl``, or ``miracl-hard-negatives``, whose scores are not comparable.

    Returns
    -------
    Scores: nDCG@10 and R@100, one row a language and metric, as of
    :func:`hybridlib.evaluation.three_settings.score`, with ``num_passages``, the number that was
    searched. Ranks: one row a relevant passage; its rank is missing where it is not among the best
    100.

    Raises
    ------
    ValueError
        If the benchmark or a language is unknown, or its data is damaged.
    """
    model = load_encoder(encoder)
    run = stored(model, languages, profile, name, benchmark)
    processes().wait_for_everyone()  # all have read before one writes
    if run is None:
        every = _load(benchmark, languages)
        model.to("cuda" if torch.cuda.is_available() else "cpu")
        build = Path(profile) / benchmark / name
        parts = [_language_run(model, data, build, _key(model, data, name)) for data in every]
        if processes().is_main_process:
            revisions = {f"benchmark {data.language}": data.revision for data in every}
            seconds = sum(part.provenance["seconds"] for part in parts)
            run = results.Run(
                _whole_key(model, every, name),
                {"benchmark": benchmark, "name": name},
                provenance.describe({**revisions, "encoder": model.revision}, seconds),
                pd.concat([part.scores for part in parts], ignore_index=True),
                pd.concat([part.ranks for part in parts], ignore_index=True),
            )
            results.save(RESULTS / profile / benchmark / name, run)
        processes().wait_for_everyone()
        run = results.load(RESULTS / profile / benchmark / name)
    return run


def stored(
    encoder: DualEncoder, languages: Sequence[str], profile: str, name: str, benchmark: str
) -> results.Run | None:
    """The run of an encoder, if the store has it; the parameters are those of :func:`evaluate`."""
    key = _whole_key(encoder, _load(benchmark, languages), name)
    return results.load_if_equal(RESULTS / profile / benchmark / name, key)


def _load(benchmark: str, languages: Sequence[str]) -> list[StreamedBenchmark]:
    if benchmark not in STREAMED_BENCHMARKS:
        known = ", ".join(STREAMED_BENCHMARKS)
        raise ValueError(f"benchmark {benchmark!r} is unknown; there is {known}")
    return [STREAMED_BENCHMARKS[benchmark](language) for language in languages]


def _language_run(
    model: DualEncoder, data: StreamedBenchmark, build: Path, key: str
) -> results.Run:
    """Evaluate one language, or load what an equal run left under ``build/runs``."""
    folder, vectors = (BUILD / kind / build / data.language for kind in ("runs", "vectors"))
    run = results.load_if_equal(folder, key)
    processes().wait_for_everyone()
    if run is None:
        started = time.monotonic()
        ranking, num_searched = _search(model, data, vectors)
        if processes().is_main_process:
            _check_whole(data, num_searched)
            write_run_file(ranking, folder.with_suffix(".trec"), build.name)
            revisions = {"benchmark": data.revision, "encoder": model.revision}
            run = results.Run(
                key,
                {"benchmark": data.name, "language": data.language},
                provenance.describe(revisions, time.monotonic() - started),
                score(data, ranking, num_searched),
                ranks_of_relevant(data, ranking),
            )
            results.save(folder, run)
        processes().wait_for_everyone()  # all have read the vectors
        if processes().is_main_process:
            shutil.rmtree(vectors)
        run = results.load(folder)
    return run


def _search(model: DualEncoder, data: StreamedBenchmark, folder: Path) -> tuple[pd.DataFrame, int]:
    """The best passages of each query, and how many passages were searched.

    The processes share the shards, to encode and to search; files tell each what the others found.
    """
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


def _check_whole(data: StreamedBenchmark, num_searched: int) -> None:
    if num_searched != data.num_passages:
        raise ValueError(
            f"{num_searched:,} passages were searched, the corpus of {data.name} {data.language} "
            f"has {data.num_passages:,}: scores over a part of it would look too good"
        )


def _whole_key(encoder: DualEncoder, every: Sequence[StreamedBenchmark], name: str) -> str:
    keys = {data.language: _key(encoder, data, name) for data in every}
    return run_key({"benchmark": every[0].name}, keys, [])


def _key(encoder: DualEncoder, data: StreamedBenchmark, name: str) -> str:
    inputs = {
        "benchmark": data.revision,
        "encoder": encoder.revision,
        "settings": described_settings(encoder),
    }
    asked = {"benchmark": data.name, "language": data.language}
    return run_key(asked, inputs, ["encoding", "search"])
