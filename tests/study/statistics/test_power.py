import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from study.statistics.equivalence import Comparison
from study.statistics.estimates import Component, Estimate
from study.statistics.power import probability_of_decision, seeds_to_decide


def comparison(mean, articles, run_variances, num_seeds=5, margin=0.01, df=47):
    seeds = tuple(Component(v / num_seeds, num_seeds - 1) for v in run_variances)
    return Comparison(Estimate(mean, Component(articles, df), seeds, mean, mean), margin)


def test_an_effect_of_one_standard_deviation_takes_ten_seeds():
    # the textbook's sample for a one-sample t-test at .05 with probability .8
    one = comparison(1.0, 0.0, [1.0], margin=1e-9)
    assert seeds_to_decide(one) == 10
    n = np.arange(2, 40)
    critical = stats.t.ppf(0.975, n - 1)
    exact = [stats.nct.sf(critical, n - 1, np.sqrt(n)), stats.nct.cdf(-critical, n - 1, np.sqrt(n))]
    assert probability_of_decision(one, n) == pytest.approx(sum(exact), abs=0.002)


@pytest.mark.parametrize("mean", [0.0, 0.008])
@pytest.mark.parametrize("num_seeds", [5, 12])
def test_the_probability_is_that_of_simulated_studies(mean, num_seeds):
    rng = np.random.default_rng(0)
    articles, run_variance = 4e-6, 5e-5
    found = probability_of_decision(
        comparison(mean, articles, [run_variance] * 2), np.array([num_seeds])
    )[0]

    def study():
        seeds = [
            Component(run_variance / num_seeds * rng.chisquare(n) / n, n)
            for n in [num_seeds - 1] * 2
        ]
        part = Component(articles * rng.chisquare(47) / 47, 47)
        mean_of_study = rng.normal(mean, np.sqrt(articles + 2 * run_variance / num_seeds))
        return Comparison(Estimate(mean_of_study, part, tuple(seeds), 0, 0), 0.01).verdict

    decided = np.mean([study() != "undecided" for _ in range(400)])
    assert found == pytest.approx(decided, abs=0.06)


def test_what_articles_alone_leave_open_no_seeds_decide():
    assert seeds_to_decide(comparison(0.002, 0.02**2, [1e-4])) is None
    assert seeds_to_decide(comparison(0.002, 0.02**2, [])) is None


def test_one_run_tells_nothing_of_the_next():
    seeds = (Component(np.inf, 0),)
    one = Comparison(Estimate(0.5, Component(1e-6, 47), seeds, 0.5, 0.5), 0.01)
    assert seeds_to_decide(one) is None


def test_what_is_clear_takes_two_seeds():
    assert seeds_to_decide(comparison(0.5, 1e-6, [1e-6, 1e-6])) == 2


@given(st.floats(-0.05, 0.05), st.floats(1e-8, 1e-4), st.floats(1e-8, 1e-3))
def test_it_is_a_probability(mean, articles, run_variance):
    found = probability_of_decision(
        comparison(mean, articles, [run_variance] * 2), np.array([2, 5, 100])
    )
    assert ((found >= 0) & (found <= 1 + 1e-9)).all()


@settings(max_examples=8)
@given(st.floats(1e-6, 1e-3), st.floats(1.5, 10))
def test_steadier_seeds_take_no_more_of_them(run_variance, times):
    fewer = seeds_to_decide(comparison(0.02, 1e-6, [run_variance] * 2))
    more = seeds_to_decide(comparison(0.02, 1e-6, [run_variance * times] * 2))
    assert more is None or fewer <= more


def test_without_any_variance_it_is_decided():
    assert probability_of_decision(comparison(0.02, 0.0, [0.0]), np.array([2])) == 1
