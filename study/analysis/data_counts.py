"""Sizes of the data, and what training texts and evaluation texts have in common."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

import pandas as pd

from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.data.parallel import ParallelPairs
from study.data.registry import load_benchmark, load_pairs, source_versions
from study.store.key import run_key
from study.store.run import Run
from study.store.runs import Computed, Store

COUNTS, PAIRS = "data", "pairs"
_RUN = {"zh": 20, "th": 20, "ja": 20, "ko": 20}  # characters; a word is shorter in these
_USUAL_RUN = 50


def corpus_sizes(pairs: ParallelPairs) -> pd.DataFrame:
    """Pairs of each corpus by language, and in all."""
    rows = []
    for code, corpus in enumerate(pairs.corpora):
        present = pairs.rows[pairs.corpus_of_pair == code] >= 0
        counts = dict(zip(pairs.languages, present.sum(0), strict=True))
        rows.append({"corpus": corpus, "pairs": len(present)} | counts)
    return pd.DataFrame(rows)


def overlap(pairs: ParallelPairs, benchmark: RetrievalBenchmark) -> pd.DataFrame:
    """Count evaluation texts that training has seen, whole or in part, a row a language.

    Columns ``training_texts`` and ``evaluation_texts`` (distinct ones), ``equal`` (evaluation texts
    that are a training text) and ``shared_run`` (those that share a run of 50 characters with one,
    20 in languages without spaces). Case and white space do not count.
    """
    table = pairs.table.to_pandas()
    texts = pd.concat([benchmark.queries, benchmark.candidates])
    rows = []
    for language, evaluated in texts.groupby("language")["text"]:
        mine = table[table["language"] == language]
        training = _normalized([*mine["query"], *mine["passage"]])
        evaluation = _normalized(evaluated)
        length = _RUN.get(language, _USUAL_RUN)
        seen = {run for text in training for run in _runs(text, length)}
        shared = sum(not seen.isdisjoint(_runs(text, length)) for text in evaluation)
        equal = len(training & evaluation)
        rows.append((language, len(training), len(evaluation), equal, shared))
    names = ["language", "training_texts", "evaluation_texts", "equal", "shared_run"]
    return pd.DataFrame(rows, columns=names)


def _normalized(texts: Iterable[str]) -> set[str]:
    return {" ".join(text.casefold().split()) for text in texts}


def _runs(text: str, length: int) -> Iterable[str]:
    return (text[start : start + length] for start in range(len(text) - length + 1))


def measure(corpus: str, benchmarks: Sequence[str], store: Store) -> dict[str, Run]:
    """Count what a corpus and benchmarks hold and have in common: a run each, by name.

    Scores of the corpus, ``pairs``: those of :func:`corpus_sizes`. Scores of a benchmark: queries
    and candidates by language, and the columns of :func:`overlap`. They are kept under the corpus.
    """
    pairs = load_pairs(corpus)

    def of_benchmark(benchmark: RetrievalBenchmark) -> pd.DataFrame:
        return benchmark.sizes().merge(overlap(pairs, benchmark), on="language")

    def kept(kept_as: str, name: str, count: Callable[[], pd.DataFrame], **benchmark: str) -> Run:
        asked, revisions = {"data": name}, {"corpus": pairs.revision} | benchmark

        def compute() -> Computed:
            return Computed(count(), provenance={"sources": source_versions(corpus)})

        key = run_key(asked, revisions, ["counts"])
        return store.keep(store.folder(corpus, COUNTS, kept_as), key, asked, revisions, compute)

    runs = {PAIRS: kept(PAIRS, corpus, partial(corpus_sizes, pairs))}
    for name in benchmarks:
        data = load_benchmark(name)
        runs[name] = kept(name, name, partial(of_benchmark, data), benchmark=data.revision)
    return runs
