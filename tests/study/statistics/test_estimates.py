from hypothesis import given
from hypothesis import strategies as st

from study.statistics.estimates import Component, Estimate

variances = st.floats(0, 10)


def estimate(mean, articles, seeds=()):
    return Estimate(mean, articles, seeds, mean - 1, mean + 2)


@given(variances, variances, st.integers(1, 50), st.integers(1, 50))
def test_degrees_of_freedom_lie_between_the_smallest_and_the_sum(first, second, df, other):
    found = estimate(0.0, Component(first, df), (Component(second, other),))
    if found.se > 1e-100:
        assert min(df, other) - 1e-6 <= found.df <= df + other + 1e-6


@given(st.floats(-1, 1), st.floats(0.001, 1), st.integers(1, 50), st.floats(-1, 1))
def test_a_bound_outside_the_interval_is_a_small_p_value(mean, se, df, bound):
    found = estimate(mean, Component(se**2, df))
    assert (found.p_above(bound) < 0.025) == (found.low > bound)


def test_without_variance_the_mean_is_the_truth():
    found = estimate(0.5, Component(0.0, 47), (Component(0.0, 4),))
    assert (found.low, found.high) == (0.5, 0.5)
    assert (found.p_above(0.4), found.p_above(0.5)) == (0, 1)


def test_the_opposite_sign_turns_the_seeds_round():
    turned = -estimate(0.5, Component(1.0, 47))
    assert (turned.mean, turned.lowest_seed, turned.highest_seed) == (-0.5, -2.5, 0.5)
    assert turned.se == 1
