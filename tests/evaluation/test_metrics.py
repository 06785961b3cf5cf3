import numpy as np
import pytest
import pytrec_eval
from hypothesis import given
from hypothesis import strategies as st

from hybridlib.evaluation import metrics

MEASURES = {
    "map": metrics.average_precision,
    "recall_1": lambda ranks: metrics.recall(ranks, 1),
    "recall_10": lambda ranks: metrics.recall(ranks, 10),
    "ndcg_cut_10": lambda ranks: metrics.ndcg(ranks, 10),
}
rank_lists = st.lists(st.integers(1, 60), min_size=1, max_size=12, unique=True)


def padded(lists):
    matrix = np.full((len(lists), max(map(len, lists))), np.nan)
    for row, ranks in enumerate(lists):
        matrix[row, : len(ranks)] = ranks
    return matrix


@given(st.lists(rank_lists, min_size=1, max_size=6))
def test_metrics_agree_with_trec_eval(lists):
    qrels = {str(q): {f"d{rank}": 1 for rank in ranks} for q, ranks in enumerate(lists)}
    run = {query: {f"d{rank}": float(-rank) for rank in range(1, 61)} for query in qrels}
    oracle = pytrec_eval.RelevanceEvaluator(qrels, {"map", "recall.1,10", "ndcg_cut.10"})
    expected = oracle.evaluate(run)
    for name, measure in MEASURES.items():
        values = measure(padded(lists))
        assert values == pytest.approx(
            [expected[str(q)][name] for q in range(len(lists))], abs=1e-6
        )


@given(st.lists(rank_lists, min_size=1, max_size=6))
def test_rank_distance_is_the_spread_of_the_answers(lists):
    expected = [max(ranks) - min(ranks) for ranks in lists]
    assert metrics.rank_distance(padded(lists)).tolist() == expected


@pytest.mark.parametrize("measure", [*MEASURES.values(), metrics.rank_distance])
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
