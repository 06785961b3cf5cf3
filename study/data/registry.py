"""Training corpora and benchmarks by name."""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import pandas as pd

from hybridlib.checks import check
from hybridlib.data import lareqa, miracl, mmarco, public_qa, squad_shifts
from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.data.pair_checks import COLUMNS
from hybridlib.data.parallel import ParallelPairs
from hybridlib.data.public_qa import SOURCES
from hybridlib.data.streamed_benchmark import StreamedBenchmark
from study.data import balanced_help, package_descriptions, sib_200
from study.data.cldr import load as cldr
from study.data.sib_200 import ParallelSentences

DEVELOPMENT_SENTENCES = f"{lareqa.DEVELOPMENT}-sentences"


def _paper() -> ParallelPairs:
    """What can be had of the paper's table 9: mMARCO and, in English, the public sets."""
    public = [public_qa.load(name) for name in SOURCES]
    return ParallelPairs.concatenate([mmarco.load(), *public])


def _groups_of_balanced_help(num_groups: int | None) -> ParallelPairs:
    """So many groups of balanced help, or all; those of fewer are among them."""
    every = load_pairs(balanced_help.NAME)
    drawn = np.random.default_rng(0).permutation(every.groups.max() + 1)[:num_groups]
    return every.take(np.flatnonzero(np.isin(every.groups, drawn)))


def _development_sentences() -> ParallelPairs:
    """Unlabelled text to estimate remedies on: each sentence alone, as query and as passage.

    Languages part the same 80 paragraphs into sentences of their own, so they do not align.
    """
    frame = lareqa.load_development(lareqa.CHECKSUMS["xquad-r"]).candidates
    frame = frame.rename(columns={"candidate": "pair", "text": "query"})
    return _pairs(frame.assign(passage=frame["query"]))


def _development_in_english() -> ParallelPairs:
    """What a training may be validated on, as the paper does: questions and answering sentences."""
    benchmark = lareqa.load_development()
    in_english = benchmark.queries[benchmark.queries["language"] == "en"]
    answers = benchmark.relevance.merge(benchmark.candidates, on="candidate")
    rows = in_english.merge(answers, on=["question", "language"], suffixes=("_query", "_passage"))
    names = {"question": "pair", "text_query": "query", "text_passage": "passage"}
    return _pairs(rows.rename(columns=names))


def _pairs(frame: pd.DataFrame) -> ParallelPairs:
    rows = frame.assign(corpus=lareqa.DEVELOPMENT)[list(COLUMNS)]
    return ParallelPairs.from_rows(rows.to_dict("records"))


CORPORA: Mapping[str, Callable[[], ParallelPairs]] = {
    "cldr": cldr.load_pairs,
    **balanced_help.CORPORA,
    **{
        f"balanced-help-{number or 'all'}-groups": partial(_groups_of_balanced_help, number)
        for number in (100, 300, 1000, None)
    },
    package_descriptions.CORPUS: package_descriptions.load,
    "balanced-help-and-descriptions": lambda: ParallelPairs.concatenate(
        [load_pairs(balanced_help.NAME), package_descriptions.load()]
    ),
    mmarco.CORPUS: mmarco.load,
    **{name: partial(public_qa.load, name) for name in SOURCES},
    "paper": _paper,
    squad_shifts.CORPUS: squad_shifts.load,
    f"{lareqa.DEVELOPMENT}-en": _development_in_english,
    DEVELOPMENT_SENTENCES: _development_sentences,
}


BENCHMARKS: Mapping[str, Callable[[], RetrievalBenchmark]] = {
    "cldr": cldr.load_benchmark,
    "xquad-r": partial(lareqa.load, "xquad-r"),
    "xquad-r-every-3": partial(lareqa.load, "xquad-r", every=3),
    lareqa.DEVELOPMENT: lareqa.load_development,
    "mlqa-r": partial(lareqa.load, "mlqa-r"),
}

# By language: their corpora are read from files, a shard at a time
STREAMED_BENCHMARKS: Mapping[str, Callable[[str], StreamedBenchmark]] = {"miracl": miracl.load}

# The same sentences in many varieties, to be found again in translation
TRANSLATION_BENCHMARKS: Mapping[str, Callable[[], ParallelSentences]] = {sib_200.NAME: sib_200.load}

# Their questions alone: what do the embeddings tell of the language?
QUESTIONS_OF: Mapping[str, str] = {f"{name}-questions": name for name in ("xquad-r", "mlqa-r")}

# Which languages stand in their top ten?
TOP_OF: Mapping[str, str] = {f"{name}-top-10": name for name in ("xquad-r", "mlqa-r")}

EVERY_BENCHMARK = (
    *BENCHMARKS,
    *STREAMED_BENCHMARKS,
    *TRANSLATION_BENCHMARKS,
    *QUESTIONS_OF,
    *TOP_OF,
)


def source_versions(corpus: str) -> dict[str, str]:
    """Versions or dates of the Debian packages and indices behind a corpus, where there are any."""
    versions = balanced_help.versions(corpus) if "help" in corpus else {}
    return versions | (package_descriptions.versions() if "descriptions" in corpus else {})


def load_pairs(name: str) -> ParallelPairs:
    """Load a training corpus; refuse a name that is none."""
    check("corpus", name, str, CORPORA)
    return CORPORA[name]()


def load_benchmark(name: str) -> RetrievalBenchmark:
    """Load a benchmark that memory holds; refuse a name that is none."""
    check("benchmark", name, str, BENCHMARKS)
    return BENCHMARKS[name]()
