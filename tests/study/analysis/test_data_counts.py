import pandas as pd

from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.data.parallel import ParallelPairs
from study.analysis.data_counts import overlap

LONG = "A sentence that is long enough to be recognised wherever it stands again."


def test_overlap_counts_whole_texts_and_long_runs():
    pairs = ParallelPairs.from_rows(
        {"corpus": "c", "pair": str(i), "language": language, "query": query, "passage": passage}
        for i, (language, query, passage) in enumerate(
            [("en", "Who?", LONG), ("en", "Where?", "There."), ("zh", "谁", "一" * 30)]
        )
    )
    queries = [("en", "q1", "WHO? "), ("en", "q2", "Why?"), ("zh", "q1", "什"), ("el", "q1", "Τι")]
    candidates = [
        ("en", "a", f"Before. {LONG[:-3]} after."),
        ("en", "b", "There  is."),
        ("zh", "c", "一" * 25),
    ]
    benchmark = RetrievalBenchmark(
        "b",
        pd.DataFrame(queries, columns=["language", "question", "text"]),
        pd.DataFrame(candidates, columns=["language", "candidate", "text"]),
        pd.DataFrame([("q1", "a"), ("q2", "b")], columns=["question", "candidate"]),
    )
    counts = overlap(pairs, benchmark).set_index("language")
    assert counts.loc["en"].tolist() == [4, 4, 1, 1]
    assert counts.loc["zh"].tolist() == [2, 2, 0, 1]
    assert counts.loc["el"].tolist() == [0, 1, 0, 0]
