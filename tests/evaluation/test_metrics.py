import numpy as np
import pytest

from hybridlib.evaluation import metrics

MEASURES = [
    metrics.average_precision,
    lambda ranks: metrics.recall(ranks, 10),
    lambda ranks: metrics.ndcg(ranks, 10),
    metrics.rank_distance,
]


@pytest.mark.parametrize("measure", MEASURES)
def test_a_query_with_fewer_answers_than_others_is_measured_as_if_alone(measure):
    found = measure([[1.0, 4.0, 12.0], [7.0, np.nan, np.nan]])
    assert found.tolist() == [*measure([[1.0, 4.0, 12.0]]), *measure([[7.0]])]


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(
    ("ranks", "message"),
    [
        ([[1.0, 2.0], [np.nan, np.nan]], "query 1 has no relevant candidate"),
        ([[0.0]], "ranks are 1-based, got 0"),
        ([1.0, 2.0], r"shape \(queries, relevant\)"),
        ([[1.0, 2.0], [3.0, np.inf]], "query 1 has an infinite rank"),
        ([[1.0, np.nan], [4.0, 4.0]], "query 1 has two relevant candidates at rank 4"),
    ],
)
def test_ranks_that_are_none_are_refused(measure, ranks, message):
    with pytest.raises(ValueError, match=message):
        measure(ranks)


def test_a_depth_below_one_is_refused():
    with pytest.raises(ValueError, match="k must be at least 1, got 0"):
        metrics.recall([[1.0]], 0)
