from itertools import combinations, permutations

import numpy as np
import pytest
from scipy import stats

from study.statistics.language_pairs import PairSlope, permutation_p

COUNT = 9


def symmetric(rng, count=COUNT):
    drawn = np.triu(rng.uniform(0.2, 0.8, (count, count)), 1)
    return drawn + drawn.T


APART = symmetric(np.random.default_rng(0))


def test_the_slope_is_that_of_a_regression_with_an_intercept_a_language():
    values = symmetric(np.random.default_rng(2))
    rows, columns = np.triu_indices(COUNT, 1)
    dummies = np.eye(COUNT)[rows] + np.eye(COUNT)[columns]
    design = np.column_stack([APART[rows, columns], dummies])
    expected = np.linalg.lstsq(design, values[rows, columns], rcond=None)[0][0]
    assert PairSlope(APART).of(values) == pytest.approx(expected)
    x, y = PairSlope(APART).added_variable(values)
    assert stats.linregress(x, y).slope == pytest.approx(expected)
    plain = stats.linregress(APART[rows, columns], values[rows, columns]).slope
    assert PairSlope(APART, within=False).of(values) == pytest.approx(plain)


def test_rounding_is_no_slope():
    own = np.random.default_rng(3).uniform(0, 0.4, COUNT)
    assert PairSlope(APART).tested(own[:, None] + own)[1] == 1


def test_both_directions_count():
    rng = np.random.default_rng(4)
    odd = rng.normal(size=(COUNT, COUNT))
    assert PairSlope(APART).of(APART + odd - odd.T) == pytest.approx(1)
    stacked = PairSlope(APART).of(np.stack([APART, 2 * APART]))
    assert stacked == pytest.approx([1, 2])


@pytest.mark.parametrize("groups", [(), list("aaaabbbbb")])
def test_p_is_uniform_where_distance_tells_nothing(groups):
    rng = np.random.default_rng(5)
    found = []
    for _ in range(300):
        fit = PairSlope(symmetric(rng), groups=groups)
        hard_pairs, hard = symmetric(rng), rng.exponential(1, COUNT)
        values = hard_pairs + hard[:, None] + hard
        found.append(permutation_p(fit.permuted(values, num_draws=199)))
    assert stats.kstest(found, "uniform").pvalue > 0.01
    assert 0.02 <= np.mean(np.array(found) <= 0.05) <= 0.09


@pytest.mark.parametrize(("groups", "num_slopes"), [("aaaaa", 120), ("aabbb", 121)])
def test_few_languages_are_permuted_in_every_way_that_keeps_their_groups(groups, num_slopes):
    rng = np.random.default_rng(6)
    apart, values = symmetric(rng, 5), symmetric(rng, 5)
    labels = np.array(list(groups))
    options = {"groups": labels, "chosen": (labels[:, None] != labels) | (groups == "aaaaa")}
    pairs = [(i, j) for i, j in combinations(range(5), 2) if options["chosen"][i, j]]
    fit = PairSlope(apart, **options)
    assert list(zip(*fit.pairs, strict=True)) == pairs
    orders = [o for o in permutations(range(5)) if (labels[[*o]] == labels).all()]
    expected = [PairSlope(apart[np.ix_(o, o)], **options).of(values) for o in orders]
    slopes = fit.permuted(values, num_draws=120)
    assert slopes[0] == pytest.approx(fit.of(values))
    assert len(slopes) == num_slopes  # of one group each order once
    assert set(slopes.round(9)) == set(np.round(expected, 9))


def test_p_counts_both_sides_and_the_observed_slope():
    assert permutation_p(np.array([2.0, -2.0, 1.0, 3.0])) == 0.75
    assert permutation_p(np.array([9.0, *np.zeros(9)])) == 0.1


@pytest.mark.parametrize(
    ("apart", "message"),
    [
        (1 - np.eye(6), r"does not vary over these 15 pairs of languages beyond what each"),
        (symmetric(np.random.default_rng(0), 3), "over these 3 pairs .* more languages"),
        (np.zeros((1, 1)), "does not vary over these 0 pairs"),
    ],
)
def test_distances_without_a_slope_are_refused(apart, message):
    with pytest.raises(ValueError, match=message):
        PairSlope(apart)
    if len(apart) == 6:
        with pytest.raises(ValueError, match="does not vary over these 15 pairs of languages, so"):
            PairSlope(apart, within=False)
