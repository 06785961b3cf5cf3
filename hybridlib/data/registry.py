"""Training corpora and benchmarks by name."""

import os
from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeVar

from hybridlib.data import (
    cldr,
    lareqa,
    miracl,
    miracl_hard_negatives,
    mmarco,
    product_help,
    public_qa,
    squad_shifts,
)
from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.data.parallel import ParallelPairs
from hybridlib.data.public_qa_sources import SOURCES
from hybridlib.data.streamed_benchmark import StreamedBenchmark

T = TypeVar("T")


def _paper() -> ParallelPairs:
    """What can be had of the paper's table 9: mMARCO and, in English, the public sets."""
    public = [public_qa.load(name) for name in SOURCES]
    return ParallelPairs.concatenate([mmarco.load(), *public])


CORPORA: Mapping[str, Callable[[], ParallelPairs]] = {
    "cldr": cldr.load_pairs,
    "product-help": lambda: product_help.load(os.environ.get("HYBRIDLIB_PRODUCT_HELP")),
    mmarco.CORPUS: mmarco.load,
    **{name: partial(public_qa.load, name) for name in SOURCES},
    "paper": _paper,
    squad_shifts.CORPUS: squad_shifts.load,
}


def _held_out(corpus: str) -> RetrievalBenchmark:
    """The pairs that no training with at least 256 validation pairs has seen."""
    _, held_out = load_pairs(corpus).split(256, seed=0)
    return RetrievalBenchmark.from_pairs(f"{corpus}-held-out", held_out)


BENCHMARKS: Mapping[str, Callable[[], RetrievalBenchmark]] = {
    "cldr": cldr.load_benchmark,
    "xquad-r": partial(lareqa.load, "xquad-r"),
    "mlqa-r": partial(lareqa.load, "mlqa-r"),
    "product-help-held-out": partial(_held_out, "product-help"),
}

# By language: their corpora are read from files, a shard at a time
STREAMED_BENCHMARKS: Mapping[str, Callable[[str], StreamedBenchmark]] = {
    "miracl": miracl.load,
    miracl_hard_negatives.NAME: miracl_hard_negatives.load,
}


def source_versions(corpus: str) -> dict[str, str]:
    """Versions of the packages that a corpus was extracted from, where there are such."""
    is_packaged = corpus == "product-help" and "HYBRIDLIB_PRODUCT_HELP" not in os.environ
    return product_help.versions() if is_packaged else {}


def load_pairs(name: str) -> ParallelPairs:
    """Load a training corpus.

    Raises
    ------
    ValueError
        If there is none of this name.
    """
    return _find("corpus", CORPORA, name)()


def load_benchmark(name: str) -> RetrievalBenchmark:
    """Load a benchmark.

    Raises
    ------
    ValueError
        If there is none of this name.
    """
    return _find("benchmark", BENCHMARKS, name)()


def _find(kind: str, known: Mapping[str, Callable[[], T]], name: str) -> Callable[[], T]:
    if name not in known:
        raise ValueError(f"{kind} {name!r} is unknown; there is {', '.join(known)}")
    return known[name]
