"""Sizes of the data, and what training and evaluation have in common, as stored results."""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import pandas as pd

from hybridlib import provenance, results
from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.data.counts import corpus_sizes, overlap
from hybridlib.data.parallel import ParallelPairs
from hybridlib.data.registry import load_benchmark, load_pairs, source_versions
from hybridlib.results import RESULTS

DATA_CODE = ("hybridlib.data.counts", "hybridlib.data.benchmark")


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
    (:func:`hybridlib.data.counts.corpus_sizes`). Scores of a benchmark: queries and candidates
    by language, and the columns of :func:`hybridlib.data.counts.overlap`.
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
    key = results.run_key({"data": name}, revisions, DATA_CODE)
    run = results.load_if_equal(folder, key)
    if run is None:
        started = time.monotonic()
        counts = count()
        source = provenance.describe(revisions, time.monotonic() - started)
        source["sources"] = source_versions(corpus)
        run = results.Run(key, {"data": name}, source, counts)
        results.save(folder, run)
    return run
