"""Slopes over pairs of languages, on data with a known answer."""

from itertools import permutations

import numpy as np
import pytest
from scipy import stats

from study.statistics.language_pairs import PairSlope, permutation_p, without_each

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


def test_a_planted_slope_is_found_among_languages_that_differ(apart):
    rng = np.random.default_rng(1)
    values = 1.7 * apart + of_languages(rng.normal(0, 3, COUNT))
    assert PairSlope(apart).of(values) == pytest.approx(1.7)
    slopes = PairSlope(apart).permuted(values + 0.1 * symmetric(rng))
    assert permutation_p(slopes) < 0.01


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


def test_distant_languages_that_are_merely_hard_have_a_plain_slope_and_none_within():
    rng = np.random.default_rng(3)
    remote = rng.uniform(0, 0.4, COUNT)
    apart = of_languages(remote) + 0.1 * symmetric(rng)
    values = of_languages(-3 * remote)
    assert PairSlope(apart, within=False).of(values) < -1
    assert PairSlope(apart).of(values) == pytest.approx(0, abs=1e-9)
    assert PairSlope(apart).tested(values)[1] == 1  # rounding is no slope


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


def test_permutations_stay_inside_groups_and_slopes_among_their_pairs():
    rng = np.random.default_rng(7)
    apart, values = symmetric(rng), symmetric(rng)
    groups = np.array(list("aaaabbbbb"))
    couples = [("a", "a"), ("a", "b")]
    fit = PairSlope(apart, groups=groups, between=couples)
    assert set(zip(*fit.pairs, strict=True)) == {
        (i, j) for i in range(COUNT) for j in range(i + 1, COUNT) if groups[i] == "a"
    }
    before = fit.permuted(values, num_draws=50)
    values[4:, 4:] += 9  # pairs of the other group alone
    assert fit.permuted(values, num_draws=50) == pytest.approx(before)
    assert before[0] == pytest.approx(fit.of(values))
    for _ in range(3):  # the residuals' length is the same for every permutation
        order = [*rng.permutation(4), *(4 + rng.permutation(5))]
        one = PairSlope(apart[np.ix_(order, order)], groups=groups, between=couples)
        assert one.residuals @ one.residuals == pytest.approx(fit.residuals @ fit.residuals)


def test_no_permutation_moves_a_language_to_another_group():
    rng = np.random.default_rng(8)
    apart, values = symmetric(rng, 5), symmetric(rng, 5)
    fit = PairSlope(apart, groups=list("aabbb"), between=[("a", "b")])
    orders = [(*a, *b) for a in permutations(range(2)) for b in permutations(range(2, 5))]
    expected = [
        PairSlope(apart[np.ix_(o, o)], groups=list("aabbb"), between=[("a", "b")]).of(values)
        for o in orders
    ]
    assert set(fit.permuted(values, num_draws=99).round(9)) == set(np.round(expected, 9))


def test_p_counts_both_sides_and_the_observed_slope():
    assert permutation_p(np.array([2.0, -2.0, 1.0, 3.0])) == 0.75
    assert permutation_p(np.array([9.0, *np.zeros(9)])) == 0.1


def test_one_language_behind_a_slope_is_found_by_leaving_it_out(apart):
    values = np.zeros((COUNT, COUNT))
    values[0] = values[:, 0] = 3 * (apart[0] - apart[0].mean())
    found = without_each(values, apart)
    assert found[0] == pytest.approx(0)
    assert (np.abs(found[1:]) > 0.1).all()


@pytest.mark.parametrize(
    ("apart", "message"),
    [
        (1 - np.eye(6), r"does not vary over these 15 pairs of languages beyond what each"),
        (symmetric(np.random.default_rng(0), 3), "over these 3 pairs .* more languages"),
        (np.zeros((1, 1)), "does not vary over these 0 pairs"),
        (np.full((4, 4), np.nan), "a distance is missing; leave the language out"),
    ],
)
def test_distances_without_a_slope_are_refused(apart, message):
    with pytest.raises(ValueError, match=message):
        PairSlope(apart)
    if len(apart) == 6:
        with pytest.raises(ValueError, match="does not vary over these 15 pairs of languages, so"):
            PairSlope(apart, within=False)
