"""Golden ranks, on small integers and so exact, with ties, missing languages, several answers."""

from pathlib import Path
from typing import Any

from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.evaluation.ranking import rank_relevant
from tests.golden.data import WORDS, benchmark, small_integers, uneven_pairs
from tests.golden.golden import Case

NUM_QUESTIONS, NUM_CANDIDATES, DIMENSIONS = 12, 17, 3  # candidates a language


def cases() -> dict[str, Case]:
    """A benchmark of its own making, and one of parallel pairs."""
    return {
        "parallel answers": Case(lambda _: ranked(parallel_answers())),
        "of pairs": Case(lambda _: ranked(RetrievalBenchmark.from_pairs("golden", uneven_pairs()))),
        "relevance": Case(relevance),
    }


def ranked(texts: RetrievalBenchmark) -> dict[str, list]:
    """Ranks by column."""
    queries, candidates = (
        small_integers(len(frame), DIMENSIONS, seed)
        for seed, frame in enumerate((texts.queries, texts.candidates))
    )
    return rank_relevant(texts, queries, candidates).to_dict("list")


def relevance(_: Path) -> list[list[Any]]:
    """Which candidates answer which query, by ids."""
    texts = parallel_answers()
    rows = texts.relevant_candidates()
    query = texts.queries.loc[rows["query"], ["question", "language"]].to_numpy()
    candidate = texts.candidates.loc[rows["candidate"], "candidate"].to_numpy()
    return [[*left, right] for left, right in zip(query.tolist(), candidate, strict=True)]


def parallel_answers() -> RetrievalBenchmark:
    """Unsorted questions and answers, lacking in some languages, several or repeated in others."""
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
    return benchmark("golden", queries, candidates, judged)
