import numpy as np
import pytest
from scipy.stats import nct, t

from study.statistics.endpoints import Part
from study.statistics.equivalence import Comparison
from study.statistics.estimates import Component, Estimate
from study.statistics.power import power

BETTER = Part(sampler="hybrid", against="x-x", measure="Mul. mAP", expects="better")


def comparison(mean, articles=1e-12, seeds=1e-12, df=30.0):
    parts = Component(articles, df), (Component(seeds, 1.0),)
    return Comparison(Estimate(mean, *parts, mean, mean), 0.01)


def test_it_is_that_of_a_t_test_where_articles_alone_vary():
    found = power([(BETTER, [comparison(0.02, articles=1e-4)])], 1, 5)
    critical, shift = t.ppf(0.975, 30), 0.02 / 0.01
    assert found == pytest.approx(nct.sf(critical, 30, shift), abs=0.05)


def test_more_articles_and_more_seeds_help_where_they_are_what_varies():
    by_articles = [(BETTER, [comparison(0.02, articles=1e-4)])]
    assert power(by_articles, 4, 5) > power(by_articles, 1, 5) + 0.2
    by_seeds = [(BETTER, [comparison(0.02, seeds=2e-4)])]
    assert power(by_seeds, 1, 10) > power(by_seeds, 1, 3) + 0.2


def test_of_two_independent_parts_both_must_be_shown():
    one = (BETTER, [comparison(0.02, articles=1e-4)])
    alone, both = power([one], 1, 5, 4000), power([one, one], 1, 5, 4000)
    assert both == pytest.approx(np.square(alone), abs=0.04)
