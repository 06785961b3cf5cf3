"""Golden ranks, on small integers and so exact, with ties, missing languages, several answers."""

from pathlib import Path
from typing import Any

import pandas as pd

from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.evaluation.ranking import rank_relevant
from tests.golden.data import WORDS, small_integers, uneven_pairs
from tests.golden.golden import Case

NUM_QUESTIONS, NUM_CANDIDATES, DIMENSIONS = 12, 17, 3  # candidates a language


def cases() -> dict[str, Case]:
    """A benchmark of its own making, and one of parallel pairs."""
    return {
        "parallel answers": Case(lambda _: ranked(parallel_answers())),
        "of pairs": Case(lambda _: ranked(RetrievalBenchmark.from_pairs("golden", uneven_pairs()))),
        "relevance": Case(relevance),
    }


def ranked(benchmark: RetrievalBenchmark) -> dict[str, list]:
    """Ranks by column."""
    queries, candidates = (
        small_integers(len(frame), DIMENSIONS, seed)
        for seed, frame in enumerate((benchmark.queries, benchmark.candidates))
    )
    return rank_relevant(benchmark, queries, candidates).to_dict("list")


def relevance(_: Path) -> list[list[Any]]:
    """Which candidates answer which query, by ids."""
    benchmark = parallel_answers()
    rows = benchmark.relevant_candidates()
    query = benchmark.queries.loc[rows["query"], ["question", "language"]].to_numpy()
    candidate = benchmark.candidates.loc[rows["candidate"], "candidate"].to_numpy()
    return [[*left, right] for left, right in zip(query.tolist(), candidate, strict=True)]


def parallel_answers() -> RetrievalBenchmark:
    """Questions and answers that are lacking in some languages, and several in others.

    Rows are not sorted by language, a judgement is repeated, English has no queries of every third
    question, and the place of a question is its own.
    """
    queries = [
        (language, f"q{i}", f"{WORDS[language][0]} {i}", f"article {i // 5}", f"paragraph {i // 2}")
        for i in range(NUM_QUESTIONS)
        for language in reversed(WORDS)
        if not (language == "en" and i % 3 == 0)
    ]
    candidates = [
        (language, f"{language}-{i}", f"{WORDS[language][1]} {i}")
        for i in range(NUM_CANDIDATES)
        for language in reversed(WORDS)
    ]
    judged = [
        (f"q{i}", f"{language}-{place % NUM_CANDIDATES}")
        for i in range(NUM_QUESTIONS)
        for number, language in enumerate(WORDS)
        if (i + number) % 4  # a quarter of the answers is not there
        for place in ((i, i + 7) if i % 5 == 0 else (i, i))
    ]
    columns = ["language", "question", "text", "article", "paragraph"]
    return RetrievalBenchmark(
        "golden",
        pd.DataFrame(queries, columns=columns),
        pd.DataFrame(candidates, columns=["language", "candidate", "text"]),
        pd.DataFrame(judged, columns=["question", "candidate"]),
    )
