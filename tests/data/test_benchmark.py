import math

import pytest

from hybridlib.data.benchmark import RetrievalBenchmark
from tests.golden.data import benchmark

ROWS = {
    "queries": [("en", "q1", "?"), ("de", "q1", "??"), ("en", "q2", "?")],
    "candidates": [("en", "e1", "1"), ("de", "d1", "2"), ("en", "e2", "3")],
    "relevance": [("q1", "e1"), ("q1", "d1"), ("q2", "e2")],
}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"relevance": [("q1", "e1"), ("q9", "e2")]}, "1 question ids that do not exist, 'q9'"),
        ({"relevance": [("q1", "x7"), ("q2", "e2")]}, "1 candidate ids that do not exist, 'x7'"),
        ({"relevance": [("q1", "e1")]}, "1 questions have no relevant candidate, as 'q2'"),
        ({"queries": [("en", "q1", " "), ("en", "q2", "?")]}, "tiny queries: the text is empty"),
        ({"queries": [("en", "q1", 3), ("en", "q2", "?")]}, "no text at .*'q1', 'text': 3}"),
        ({"candidates": [("en", math.nan, "1")]}, "candidates: the candidate is empty or no text"),
        ({"relevance": [("q1", "e1"), ("q2", math.nan)]}, "relevance: the candidate is empty or"),
        ({"candidates": [("en", "e1", "1"), ("de", "e1", "2")]}, "{'candidate': 'e1'} stands"),
        ({"queries": [("en", "q1", "?"), (None, "q2", "?")]}, "language is empty or no .*'q2'"),
        ({"queries": [("en", "q1", "?"), ("en", "q1", "!")]}, "'q1'} stands there twice"),
    ],
)
def test_what_does_not_join_is_refused_by_its_id(changes, message):
    with pytest.raises(ValueError, match=message):
        benchmark("tiny", **ROWS | changes)


@pytest.mark.parametrize("grade", [0, -1, None, "0"])
def test_a_judgement_that_is_no_relevance_is_refused(grade):
    whole = benchmark("tiny", **ROWS)
    relevance = whole.relevance.assign(relevance=[1, 2, 1])
    RetrievalBenchmark("tiny", whole.queries, whole.candidates, relevance)
    relevance["relevance"] = [1, 1, grade]
    with pytest.raises(ValueError, match="every row counts; drop those of 0 or less"):
        RetrievalBenchmark("tiny", whole.queries, whole.candidates, relevance)


def test_sizes_count_by_language():
    sizes = benchmark("tiny", **ROWS).sizes().to_dict("records")
    assert sizes[1] == {"dataset": "tiny", "language": "en", "queries": 2, "candidates": 2}
