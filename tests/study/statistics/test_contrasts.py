"""Contrasts of runs whose number is any function of their articles."""

import math

import numpy as np
import pandas as pd
import pytest

from study.statistics.clusters import ClusteredScores
from study.statistics.contrasts import Group, contrast


def group(weight, table, is_trained=True):
    """Runs whose number is the mean of their values, of shape (runs, articles)."""
    without = [np.delete(table, place, axis=1).mean(1) for place in range(table.shape[1])]
    return Group(weight, list(np.column_stack([table.mean(1), *without])), is_trained)


def test_a_difference_of_means_is_that_of_the_clustered_scores():
    rng = np.random.default_rng(0)
    hard = rng.normal(0, 3, 12)
    first, second = (hard + rng.normal(size=(n, 12)) + rng.normal(size=(n, 1)) for n in (5, 3))
    found = contrast([group(1, first), group(-1, second)])
    names = [str(number) for number in range(12)]
    tables = [
        ClusteredScores([pd.DataFrame({"a": run}, names) for run in runs], pd.Series(names, names))
        for runs in (first, second)
    ]
    expected = tables[0].estimate(np.array([True]), tables[1])
    assert found.mean == pytest.approx(expected.mean)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    assert found.lowest_seed == pytest.approx(expected.lowest_seed)
    assert found.highest_seed == pytest.approx(expected.highest_seed)


@pytest.mark.parametrize(("num_seeds", "ratio"), [(5, 0), (5, 1), (5, 4), (3, 1)])
def test_intervals_of_a_contrast_of_four_groups_hold_the_truth(num_seeds, ratio):
    """A difference of differences, of a number that is no mean over articles: a ratio of sums."""
    rng = np.random.default_rng(1)
    num_articles, weights, held = 48, (1, -1, -1, 1), []
    for _ in range(600):
        size = rng.uniform(8, 74, num_articles)
        groups = []
        for weight in weights:
            own = rng.normal(0, 1, num_articles) + rng.normal(0, 0.7, (num_seeds, num_articles))
            seed = rng.normal(0, math.sqrt(ratio * num_seeds / num_articles), (num_seeds, 1))
            runs = own + seed
            sums, whole = (runs * size).sum(1, keepdims=True), size.sum()
            values = (sums / whole).ravel()
            without = (sums - runs * size) / (whole - size)
            groups.append(Group(weight, list(np.column_stack([values, without]))))
        found = contrast(groups)
        held.append(found.low <= 0 <= found.high)
    assert 0.92 <= np.mean(held) <= 0.98


def test_weights_scale_the_mean_and_its_error():
    rng = np.random.default_rng(2)
    table = rng.normal(size=(3, 9))
    one, fifth = (contrast([group(weight, table)]) for weight in (1, -0.2))
    assert fifth.mean == pytest.approx(-0.2 * one.mean)
    assert fifth.se == pytest.approx(0.2 * one.se)


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ([], "runs that were evaluated on the same articles"),
        ([Group(1, [])], "one run a seed, got 0 trained runs"),
        ([group(1, np.ones((2, 3)), is_trained=False)], "got 2 untrained runs"),
        ([group(1, np.ones((2, 3))), group(-1, np.ones((2, 4)))], "on the same articles"),
    ],
)
def test_groups_that_cannot_be_compared_are_refused(groups, message):
    with pytest.raises(ValueError, match=message):
        contrast(groups)
