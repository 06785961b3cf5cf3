"""Slopes over pairs of languages, on data with a known answer."""

from itertools import permutations

import numpy as np
import pytest
from scipy import stats

from study.statistics.language_pairs import PairSlope, permutation_p

COUNT = 9


def symmetric(rng, count=COUNT):
    drawn = np.triu(rng.uniform(0.2, 0.8, (count, count)), 1)
    return drawn + drawn.T


def of_languages(values):
    """What languages do to their pairs by themselves."""
    return values[:, None] + values


@pytest.fixture
def apart():
    return symmetric(np.random.default_rng(0))


def test_the_slope_is_that_of_a_regression_with_an_intercept_a_language(apart):
    values = symmetric(np.random.default_rng(2))
    rows, columns = np.triu_indices(COUNT, 1)
    dummies = np.eye(COUNT)[rows] + np.eye(COUNT)[columns]
    design = np.column_stack([apart[rows, columns], dummies])
    expected = np.linalg.lstsq(design, values[rows, columns], rcond=None)[0][0]
    assert PairSlope(apart).of(values) == pytest.approx(expected)
    x, y = PairSlope(apart).added_variable(values)
    assert stats.linregress(x, y).slope == pytest.approx(expected)
    plain = stats.linregress(apart[rows, columns], values[rows, columns]).slope
    assert PairSlope(apart, within=False).of(values) == pytest.approx(plain)


def test_rounding_is_no_slope(apart):
    values = of_languages(np.random.default_rng(3).uniform(0, 0.4, COUNT))
    assert PairSlope(apart).tested(values)[1] == 1


def test_both_directions_count(apart):
    rng = np.random.default_rng(4)
    odd = rng.normal(size=(COUNT, COUNT))
    assert PairSlope(apart).of(apart + odd - odd.T) == pytest.approx(1)
    stacked = PairSlope(apart).of(np.stack([apart, 2 * apart]))
    assert stacked == pytest.approx([1, 2])


@pytest.mark.parametrize("groups", [(), list("aaaabbbbb")])
def test_p_is_uniform_where_distance_tells_nothing(groups):
    rng = np.random.default_rng(5)
    found = []
    for _ in range(300):
        fit = PairSlope(symmetric(rng), groups=groups)
        # some languages are hard, and some pairs
        values = symmetric(rng) + of_languages(rng.exponential(1, COUNT))
        found.append(permutation_p(fit.permuted(values, num_draws=199)))
    assert stats.kstest(found, "uniform").pvalue > 0.01
    assert 0.02 <= np.mean(np.array(found) <= 0.05) <= 0.09


def test_few_languages_are_permuted_in_every_way_once():
    rng = np.random.default_rng(6)
    apart, values = symmetric(rng, 5), symmetric(rng, 5)
    fit = PairSlope(apart)
    expected = [
        PairSlope(apart[np.ix_(order, order)]).of(values) for order in permutations(range(5))
    ]
    slopes = fit.permuted(values)
    assert slopes[0] == pytest.approx(fit.of(values))
    assert np.sort(slopes) == pytest.approx(np.sort(expected))


def test_no_permutation_moves_a_language_to_another_group_and_only_pairs_between_them_count():
    rng = np.random.default_rng(8)
    apart, values = symmetric(rng, 5), symmetric(rng, 5)
    is_first = np.arange(5) < 2
    options = {"groups": list("aabbb"), "chosen": is_first[:, None] != is_first}
    fit = PairSlope(apart, **options)
    assert list(zip(*fit.pairs, strict=True)) == [(i, j) for i in (0, 1) for j in (2, 3, 4)]
    orders = [(*a, *b) for a in permutations(range(2)) for b in permutations(range(2, 5))]
    expected = [PairSlope(apart[np.ix_(o, o)], **options).of(values) for o in orders]
    slopes = fit.permuted(values, num_draws=99)
    assert slopes[0] == pytest.approx(fit.of(values))
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
