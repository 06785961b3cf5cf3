"""MIRACL, end to end: encode a whole Wikipedia in shards, search it, score the best 100."""

import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pandas as pd
import torch

from hybridlib import provenance, results
from hybridlib.data import miracl, miracl_hard_negatives
from hybridlib.data.streamed_benchmark import StreamedBenchmark
from hybridlib.large_search import LargeSearch
from hybridlib.models.backbones import load_encoder
from hybridlib.models.encoder import DualEncoder
from hybridlib.results import RESULTS
from hybridlib.stages import BUILD, ENCODER_CODE, described_settings
from hybridlib.trec_scores import in_order, ranks_of_relevant, score, write_run_file
from hybridlib.vector_shards import encode_shards

DEPTH = 100
SOURCES: Mapping[str, Callable[[str], StreamedBenchmark]] = {
    "miracl": miracl.load,
    miracl_hard_negatives.NAME: miracl_hard_negatives.load,
}
SEARCH_CODE = (
    *ENCODER_CODE,
    *(f"hybridlib.{name}" for name in ("vector_shards", "large_search", "block_search")),
    *(f"hybridlib.{name}" for name in ("top_candidates", "trec_scores", "miracl_evaluation")),
    *(f"hybridlib.data.{name}" for name in ("streamed_benchmark", "miracl")),
    "hybridlib.data.miracl_hard_negatives",
)


def evaluate(
    encoder: str, languages: Sequence[str], profile: str, name: str, benchmark: str = "miracl"
) -> results.Run:
    """Evaluate an encoder on MIRACL dev, or load what an equal run left.

    What is killed goes on where it was: at a language, a shard to encode, a shard to search. A
    language's vectors are deleted once its scores are stored under ``build/runs``.

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
    :func:`hybridlib.protocol.score`, with ``num_passages``, the number that was searched. Ranks:
    one row a relevant passage; its rank is missing where it is not among the best 100.

    Raises
    ------
    ValueError
        If the benchmark or a language is unknown, or its data is damaged.
    """
    if benchmark not in SOURCES:
        raise ValueError(f"benchmark {benchmark!r} is unknown; there is {', '.join(SOURCES)}")
    model = load_encoder(encoder)
    every = [SOURCES[benchmark](language) for language in languages]
    keys = {data.language: _key(model, data, name) for data in every}
    asked = {"benchmark": benchmark, "name": name}
    key = results.run_key(asked, keys, ())
    folder = RESULTS / profile / benchmark / name
    run = results.load_if_equal(folder, key)
    if run is None:
        model.to("cuda" if torch.cuda.is_available() else "cpu")
        build = Path(profile) / benchmark / name
        parts = [_language_run(model, data, build, keys[data.language]) for data in every]
        revisions = {f"benchmark {data.language}": data.revision for data in every}
        seconds = sum(part.provenance["seconds"] for part in parts)
        source = provenance.describe({**revisions, "encoder": model.revision}, seconds)
        scores = pd.concat([part.scores for part in parts], ignore_index=True)
        ranks = pd.concat([part.ranks for part in parts], ignore_index=True)
        run = results.Run(key, asked, source, scores, ranks)
        results.save(folder, run)
    return run


def _language_run(
    model: DualEncoder, data: StreamedBenchmark, build: Path, key: str
) -> results.Run:
    """Evaluate one language, or load what an equal run left under ``build/runs``."""
    stored = BUILD / "runs" / build / data.language
    run = results.load_if_equal(stored, key)
    if run is not None:
        return run
    started = time.monotonic()
    ranking, num_searched = _search(model, data, BUILD / "vectors" / build / data.language)
    if num_searched != data.num_passages:
        raise ValueError(
            f"{num_searched:,} passages were searched, the corpus of {data.name} {data.language} "
            f"has {data.num_passages:,}: scores over a part of it would look too good"
        )
    write_run_file(ranking, stored.with_suffix(".trec"), build.name)
    run = results.Run(
        key,
        {"benchmark": data.name, "language": data.language},
        provenance.describe(
            {"benchmark": data.revision, "encoder": model.revision}, time.monotonic() - started
        ),
        score(data, ranking, num_searched),
        ranks_of_relevant(data, ranking),
    )
    results.save(stored, run)
    shutil.rmtree(BUILD / "vectors" / build / data.language)
    return run


def _search(model: DualEncoder, data: StreamedBenchmark, folder: Path) -> tuple[pd.DataFrame, int]:
    """The best passages of each query, and how many passages were searched."""
    title = f"{data.name} {data.language}"
    shards = encode_shards(model, data.shards(), folder, title)
    queries = model.encode(list(data.queries.values()), "query")
    files = [shard.vectors_file for shard in shards]
    search = LargeSearch(queries, files, folder / "search", DEPTH)
    search.search()
    top, num_searched = search.merged()
    return in_order(list(data.queries), shards, top), num_searched


def _key(encoder: DualEncoder, data: StreamedBenchmark, name: str) -> str:
    inputs = {
        "benchmark": data.revision,
        "encoder": encoder.revision,
        "settings": described_settings(encoder),
    }
    asked = {"benchmark": data.name, "language": data.language, "name": name}
    return results.run_key(asked, inputs, SEARCH_CODE)
