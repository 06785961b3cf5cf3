import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from study.statistics.equivalence import Comparison
from study.statistics.estimates import Component, Estimate

MARGIN = 0.01
means = st.floats(-0.03, 0.03)
errors = st.floats(0, 0.03)
dfs = st.integers(1, 60)


def comparison(mean, se, df=47):
    return Comparison(Estimate(mean, Component(se**2, df), (), mean, mean), MARGIN)


@pytest.mark.parametrize(
    ("mean", "se", "expected"),
    [
        (0.02, 0.005, "better"),
        (-0.02, 0.005, "worse"),
        (0.001, 0.003, "as good"),
        (-0.001, 0.003, "as good"),
        (0.02, 0.0105, "open"),  # p is 0.06
        (0.001, 0.006, "open"),  # p is 0.07
        (0.004, 0.001, "as good"),  # above zero and within the margin, nearer to zero
        (-0.004, 0.001, "as good"),
        (0.006, 0.001, "better"),  # above zero and within the margin, nearer to the margin
        (-0.006, 0.001, "worse"),
        (0.02, 0.0, "better"),
        (0.0, 0.0, "as good"),
    ],
)
def test_verdicts(mean, se, expected):
    assert comparison(mean, se).verdict == expected


def test_p_values_are_those_of_t_tests():
    values = np.random.default_rng(2).normal(0.002, 0.01, 30)
    se = values.std(ddof=1) / np.sqrt(30)
    found = comparison(values.mean(), se, 29).p_values
    above = stats.ttest_1samp(values, -MARGIN, alternative="greater").pvalue
    below = stats.ttest_1samp(values, MARGIN, alternative="less").pvalue
    assert found["as good"] == pytest.approx(max(above, below))
    assert found["not worse"] == pytest.approx(above)
    shifted = values + 0.01
    found = comparison(shifted.mean(), se, 29).p_values
    assert found["better"] == pytest.approx(stats.ttest_1samp(shifted, 0).pvalue)


@given(means, errors, dfs, st.floats(1, 10), st.integers(0, 59))
def test_with_less_data_a_verdict_only_becomes_open(mean, se, df, wider, fewer):
    more = comparison(mean, se, df)
    less = comparison(mean, se * wider, max(1, df - fewer))
    assert less.verdict in (more.verdict, "open")
    # the tests behind it, too
    assert all(less.p_values[name] >= p - 1e-12 for name, p in more.p_values.items())


def test_one_run_decides_nothing():
    seeds = (Component(np.inf, 0),)
    for mean in (0.0, 1.0, -1.0):
        found = Comparison(Estimate(mean, Component(1e-9, 47), seeds, mean, mean), MARGIN)
        assert found.verdict == "open"
        assert set(found.p_values.values()) == {1.0}


def test_a_margin_of_nothing_is_refused():
    with pytest.raises(ValueError, match="margin must be positive, got 0"):
        Comparison(comparison(0, 1).difference, 0.0)
