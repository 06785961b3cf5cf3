from types import SimpleNamespace

import pandas as pd

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
    queries = [("en", "WHO? "), ("en", "Why?"), ("zh", "什"), ("el", "Τι")]
    candidates = [("en", f"Before. {LONG[:-3]} after."), ("en", "There  is."), ("zh", "一" * 20)]
    benchmark = SimpleNamespace(
        queries=pd.DataFrame(queries, columns=["language", "text"]),
        candidates=pd.DataFrame(candidates, columns=["language", "text"]),
    )
    counts = overlap(pairs, benchmark).set_index("language")
    assert counts.loc["en"].tolist() == [4, 4, 1, 1]
    assert counts.loc["zh"].tolist() == [2, 2, 0, 1]
    assert counts.loc["el"].tolist() == [0, 1, 0, 0]
