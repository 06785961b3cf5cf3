"""Intervals hold a known truth as often as they say."""

import numpy as np
import pandas as pd
import pytest

from study.statistics.clusters import ClusteredScores

SETTINGS = [(5, 0), (5, 1), (5, 4), (3, 1)]
REPLICATES = 800


def coverage(articles, num_seeds, ratio, is_trained_baseline=True):
    """Share of replicates whose interval holds the true difference of two samplers, 0.

    Every replicate is two cells of one table, two languages; half of the questions lack the second.

    ``ratio``: of the difference's variance by seed to that by article, each for the mean of all.
    """
    rng = np.random.default_rng(0)
    num_samplers = 1 + is_trained_baseline
    row = pd.factorize(articles)[0]
    weight = np.bincount(row) / len(articles)
    # standard deviations, so that the articles' part of the variance is 1
    by_article = np.sqrt(0.7 / np.sum(weight**2))
    by_question = np.sqrt(0.3 * len(articles))
    by_seed = np.sqrt(ratio * num_seeds / num_samplers)
    shape = (len(weight), 2 * REPLICATES)

    def languages(values):
        return np.repeat(values, 2, axis=-1)

    def article_effect():
        return languages(rng.normal(0, by_article, (len(weight), REPLICATES)))[row]

    missing = np.zeros(shape[1], dtype=bool)
    missing[1::2] = True
    hard = 5 * article_effect()  # for every sampler alike
    hard[np.ix_(rng.random(len(articles)) < 0.5, missing)] = np.nan
    own = languages(rng.normal(0, by_question, (len(articles), REPLICATES))) + article_effect()
    columns = pd.MultiIndex.from_product([range(REPLICATES), ["de", "en"]])

    def run(base):
        seed = languages(rng.normal(0, by_seed, REPLICATES))
        in_article = rng.normal(0, 0.7 * by_article, shape)[row]
        return pd.DataFrame(base + seed + in_article, articles.index, columns)

    untrained = pd.DataFrame(hard, articles.index, columns)
    others = [run(hard) for _ in range(num_seeds)] if is_trained_baseline else [untrained]
    baseline = ClusteredScores(others, articles, is_trained_baseline)
    scores = ClusteredScores([run(hard + own) for _ in range(num_seeds)], articles)
    found = [
        scores.estimate(columns.get_level_values(0) == replicate, baseline)
        for replicate in range(REPLICATES)
    ]
    return np.mean([one.low <= 0 <= one.high for one in found])


@pytest.mark.parametrize(("num_seeds", "ratio"), SETTINGS)
def test_intervals_hold_the_truth(articles, num_seeds, ratio):
    assert 0.93 <= coverage(articles, num_seeds, ratio) <= 0.97


def test_intervals_against_an_untrained_encoder_hold_the_truth(articles):
    assert 0.93 <= coverage(articles, 5, 1, is_trained_baseline=False) <= 0.97
