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


@given(rank_lists, st.randoms())
def test_the_order_of_the_columns_does_not_matter(ranks, random):
    shuffled = random.sample(ranks, len(ranks))
    for measure in (*MEASURES.values(), metrics.rank_distance):
        assert measure(padded([ranks])) == pytest.approx(measure(padded([shuffled])))


@given(rank_lists)
def test_metrics_lie_between_zero_and_one_and_a_perfect_ranking_has_one(ranks):
    for measure in MEASURES.values():
        assert 0 <= measure(padded([ranks]))[0] <= 1 + 1e-12
    perfect = padded([list(range(1, len(ranks) + 1))])
    assert metrics.average_precision(perfect)[0] == 1
    assert metrics.ndcg(perfect, 10)[0] == pytest.approx(1)
    assert metrics.rank_distance(perfect)[0] == len(ranks) - 1


@pytest.mark.parametrize("measure", [*MEASURES.values(), metrics.rank_distance])
@pytest.mark.parametrize(
    ("ranks", "message"),
    [
        ([[1.0, 2.0], [np.nan, np.nan]], "query 1 has no relevant candidate"),
        ([[0.0]], "ranks are 1-based, got 0"),
        ([[1.0, 2.0], [3.0, 3.0]], r"query 1 has a rank twice: \[3.0, 3.0\]"),
        ([[1.0, np.inf]], "ranks must be finite, NaN where there is none, got inf"),
        ([1.0, 2.0], r"shape \(queries, relevant\)"),
    ],
)
def test_ranks_that_are_none_are_refused(measure, ranks, message):
    with pytest.raises(ValueError, match=message):
        measure(ranks)


def test_a_depth_below_one_is_refused():
    with pytest.raises(ValueError, match="k must be at least 1, got 0"):
        metrics.recall([[1.0]], 0)


@given(st.integers(0, 1000), st.integers(1, 6))
def test_own_language_first_is_the_language_of_the_best_answer(seed, num_languages):
    rng = np.random.default_rng(seed)
    ranks = np.stack([rng.permutation(50)[:num_languages] + 1.0 for _ in range(20)])
    own = rng.integers(0, num_languages, 20)
    is_own = np.arange(num_languages) == own[:, None]
    expected = [float(row.argmin() == mine) for row, mine in zip(ranks, own, strict=True)]
    assert metrics.own_language_first(ranks, is_own).tolist() == expected


def test_without_an_answer_in_its_language_a_query_has_no_preference():
    found = metrics.own_language_first([[1.0, 2.0], [3.0, np.nan]], [[False] * 2, [True, False]])
    np.testing.assert_array_equal(found, [np.nan, 1.0])
