"""Sizes of the data, and what training and evaluation have in common, as stored results."""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import pandas as pd

from hybridlib.analysis.counts import corpus_sizes, overlap
from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.data.parallel import ParallelPairs
from hybridlib.data.registry import load_benchmark, load_pairs, source_versions
from hybridlib.store import provenance
from hybridlib.store import runs as results
from hybridlib.store.key import run_key
from hybridlib.store.runs import RESULTS


def measure(corpus: str, benchmarks: Sequence[str], profile: str) -> dict[str, results.Run]:
    """Count pairs, queries and candidates, and the evaluation texts that training has seen.

    Parameters
    ----------
    corpus, benchmarks
        Names, as in :mod:`hybridlib.data.registry`.
    profile
        The results lie in ``results/{profile}/data/``, one folder a corpus or benchmark.

    Returns
    -------
    Runs by corpus or benchmark. Scores of a corpus: pairs by language
    (:func:`hybridlib.analysis.counts.corpus_sizes`). Scores of a benchmark: queries and candidates
    by language, and the columns of :func:`hybridlib.analysis.counts.overlap`.
    """
    pairs = load_pairs(corpus)
    revisions = {"corpus": pairs.revision}
    runs = {corpus: _run(profile, corpus, revisions, corpus, partial(corpus_sizes, pairs))}
    for benchmark in benchmarks:
        texts = load_benchmark(benchmark)
        both = revisions | {"benchmark": texts.revision}
        count = partial(_count, pairs, texts)
        runs[benchmark] = _run(profile, benchmark, both, corpus, count)
    return runs


def _count(pairs: ParallelPairs, texts: RetrievalBenchmark) -> pd.DataFrame:
    return texts.sizes().merge(overlap(pairs, texts), on="language")


def _run(
    profile: str,
    name: str,
    revisions: Mapping[str, str],
    corpus: str,
    count: Callable[[], pd.DataFrame],
) -> results.Run:
    folder = RESULTS / profile / "data" / name
    key = run_key({"data": name}, revisions, ["counts"])
    run = results.load_if_equal(folder, key)
    if run is None:
        started = time.monotonic()
        counts = count()
        source = provenance.describe(revisions, time.monotonic() - started)
        source["sources"] = source_versions(corpus)
        run = results.Run(key, {"data": name}, source, counts)
        results.save(folder, run)
    return run
