"""Small data for golden files, from formulas alone: no generator's stream, no downloaded file."""

import numpy as np
import pandas as pd

from hybridlib.data import benchmark as columns
from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.data.parallel import ParallelPairs

WORDS = {
    "de": ("Frage", "Antwort", "über"),
    "en": ("question", "answer", "about"),
    "hi": ("प्रश्न", "उत्तर", "बारे में"),
    "zh": ("问题", "回答", "关于"),
}
SIZES = {"large": 48, "small": 20, "english": 12, "lost": 5}  # "lost" cannot fill a batch


def uneven_pairs() -> ParallelPairs:
    """Four corpora; Hindi in every third pair, Chinese in every second, one corpus in English."""
    rows = []
    for corpus, size in SIZES.items():
        for i in range(size):
            for language in _languages(corpus, i):
                query, passage = _texts(corpus, i, language)
                # some share a query with their neighbour, some a passage with the next but one
                if corpus == "large" and i % 4 == 1 and language == "en":
                    query = _texts(corpus, i - 1, "en")[0]
                if corpus == "large" and i % 6 == 2 and language == "de":
                    passage = _texts(corpus, (i + 2) % size, "de")[1]
                rows.append(_row(corpus, i, language, query, passage))
    return ParallelPairs.from_rows(rows)


def pairs_with_negatives() -> ParallelPairs:
    """Hard negatives, of which two thirds are other pairs' passages; two pairs share a query id."""
    size = 36
    rows = []
    for i in range(size):
        for language in ("de", "en", "zh"):
            other = _texts("c", (i + 5) % size, language)[1]
            negative = other if i % 3 else f"{other} not"
            row = _row("c", i, language, *_texts("c", i, language))
            rows.append(row | {"negative": negative, "query_id": str(i // 2 if i < 16 else i)})
    return ParallelPairs.from_rows(rows)


def translations(pairs: ParallelPairs) -> ParallelPairs:
    """Each passage that has a translation as a query for it: every pair is of several languages."""
    keep = np.sort(pairs.rows[(pairs.rows >= 0).sum(1) >= 2], axis=None)
    table = pairs.table.take(keep[keep >= 0])
    place = table.column_names.index("query")
    return ParallelPairs(table.set_column(place, "query", table["passage"]))


def benchmark(name: str, queries: list, candidates: list, relevance: list) -> RetrievalBenchmark:
    """Of rows with the columns that a benchmark has; the place of a query may be left out."""
    of_queries = [*columns.QUERY_COLUMNS, *columns.PLACE_COLUMNS][: len(queries[0])]
    return RetrievalBenchmark(
        name,
        pd.DataFrame(queries, columns=of_queries),
        pd.DataFrame(candidates, columns=list(columns.CANDIDATE_COLUMNS)),
        pd.DataFrame(relevance, columns=list(columns.RELEVANCE_COLUMNS)),
    )


def _languages(corpus: str, i: int) -> list[str]:
    if corpus == "english":
        return ["en"]
    return ["de", "en", *(["hi"] if i % 3 == 0 else []), *(["zh"] if i % 2 == 0 else [])]


def _texts(corpus: str, i: int, language: str) -> tuple[str, str]:
    question, answer, about = WORDS[language]
    number = sum(SIZES.get(name, 0) for name in sorted(SIZES) if name < corpus) + i
    letters = (97 + 26 * uniform(12, seed=number)).astype(int).tolist()
    subject = "".join(map(chr, letters))
    return f"{subject} {question}", f"{subject} {answer} {about} " * (1 + i % 3)


def _row(corpus: str, i: int, language: str, query: str, passage: str) -> dict[str, str]:
    columns = ("corpus", "pair", "language", "query", "passage")
    return dict(zip(columns, (corpus, str(i), language, query, passage), strict=True))


def small_integers(rows: int, columns: int, seed: int) -> np.ndarray:
    """Integers in -2 to 2, whose products are exact and often tie. Shape: (rows, columns)."""
    return np.floor(5 * uniform(rows * columns, seed)).reshape(rows, columns).astype("f4") - 2


def uniform(size: int, seed: int) -> np.ndarray:
    """Numbers in [0, 1), by SplitMix64 (Steele et al. 2014), on every machine the same."""
    z = (np.arange(1, size + 1, dtype=np.uint64) + np.uint64(seed << 40)) * np.uint64(
        0x9E3779B97F4A7C15
    )
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        z = (z ^ (z >> np.uint64(shift))) * np.uint64(factor)
    return ((z ^ (z >> np.uint64(31))) >> np.uint64(11)) / 2.0**53
