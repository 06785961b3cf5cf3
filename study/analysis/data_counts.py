"""Sizes of the data, and what training texts and evaluation texts have in common."""

from collections.abc import Iterable, Sequence

import pandas as pd

from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.data.parallel import ParallelPairs
from study.data.registry import load_benchmark, load_pairs, source_versions
from study.store.key import run_key
from study.store.run import Run
from study.store.runs import Computed, Store

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


SHARES = "language-shares"  # of each corpus, beside the runs of a profile


def language_shares(pairs: ParallelPairs) -> pd.DataFrame:
    """Share of the texts that each language has in X-X and in X-Y batches, on average.

    X-X draws its language uniformly; X-Y draws two of a pair's languages, so that a language has
    its part of the pairs that stand in two languages at least.

    Returns
    -------
    Columns ``language``, ``x-x`` and ``x-y``; each share sums to one over the languages.
    """
    present = pairs.rows >= 0  # (pairs, languages)
    usable = present[present.sum(axis=1) >= 2]
    across = (usable / usable.sum(axis=1, keepdims=True)).mean(axis=0)
    alone = 1 / len(pairs.languages)
    return pd.DataFrame({"language": list(pairs.languages), "x-x": alone, "x-y": across})


def overlap(pairs: ParallelPairs, benchmark: RetrievalBenchmark) -> pd.DataFrame:
    """Count evaluation texts that training has seen, whole or in part, by language.

    Parameters
    ----------
    pairs
        Queries and passages of training.
    benchmark
        Queries and candidates of evaluation.

    Returns
    -------
    One row a language of the benchmark: ``language``, ``training_texts`` and ``evaluation_texts``
    (distinct ones), ``equal`` (evaluation texts that are a training text) and ``shared_run``
    (those that share a run of 50 characters with one, 20 in languages without spaces). Case and
    white space do not count.
    """
    table = pairs.table.to_pandas()
    rows = []
    for language in sorted({*benchmark.query_languages, *benchmark.candidate_languages}):
        mine = table[table["language"] == language]
        training = _normalized([*mine["query"], *mine["passage"]])
        frames = (benchmark.queries, benchmark.candidates)
        evaluation = _normalized(
            text for frame in frames for text in frame.loc[frame["language"] == language, "text"]
        )
        length = _RUN.get(language, _USUAL_RUN)
        seen = {run for text in training for run in _runs(text, length)}
        shared = sum(not seen.isdisjoint(_runs(text, length)) for text in evaluation)
        counts = (len(training), len(evaluation), len(training & evaluation), shared)
        rows.append((language, *counts))
    names = ["language", "training_texts", "evaluation_texts", "equal", "shared_run"]
    return pd.DataFrame(rows, columns=names)


def _normalized(texts: Iterable[str]) -> set[str]:
    return {" ".join(text.casefold().split()) for text in texts}


def _runs(text: str, length: int) -> Iterable[str]:
    return (text[start : start + length] for start in range(len(text) - length + 1))


def measure(corpus: str, benchmarks: Sequence[str], store: Store, profile: str) -> dict[str, Run]:
    """Count pairs, queries and candidates, and the evaluation texts that training has seen.

    Parameters
    ----------
    corpus, benchmarks
        Names, as in :mod:`study.data.registry`.
    store, profile
        The results lie in ``results/{profile}/data/``, one folder a corpus or benchmark.

    Returns
    -------
    Runs by corpus or benchmark. Scores of a corpus: those of :func:`corpus_sizes`. Scores of a
    benchmark: queries and candidates by language, and the columns of :func:`overlap`.
    """
    pairs = load_pairs(corpus)
    of_corpus = {"corpus": pairs.revision}

    def kept(name: str, benchmark: RetrievalBenchmark | None) -> Run:
        def count() -> Computed:
            sources = {"sources": source_versions(corpus)}
            if benchmark is None:
                return Computed(corpus_sizes(pairs), provenance=sources)
            sizes = benchmark.sizes().merge(overlap(pairs, benchmark), on="language")
            return Computed(sizes, provenance=sources)

        revisions = of_corpus | ({"benchmark": benchmark.revision} if benchmark else {})
        key = run_key({"data": name}, revisions, ["counts"])
        return store.keep(
            store.folder(profile, "data", name), key, {"data": name}, revisions, count
        )

    runs = {corpus: kept(corpus, None)}
    return runs | {name: kept(name, load_benchmark(name)) for name in benchmarks}


def measure_shares(corpus: str, store: Store, profile: str) -> Run:
    """Compute :func:`language_shares` of a corpus, or load what an equal computation left.

    Parameters
    ----------
    corpus
        Its name.
    store, profile
        The result lies in ``results/{profile}/language-shares/{corpus}``.
    """
    pairs = load_pairs(corpus)
    revisions, asked = {"corpus": pairs.revision}, {"shares": corpus}
    return store.keep(
        store.folder(profile, SHARES, corpus),
        run_key(asked, revisions, ["counts"]),
        asked,
        revisions,
        lambda: Computed(language_shares(pairs), provenance={"sources": source_versions(corpus)}),
    )
