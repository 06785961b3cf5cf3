"""Weighted sums of groups of runs, with their variance by article and by seed.

Unlike a mean over questions, the number of a run may be any function of all its articles, as a
slope over pairs of languages is: the jackknife needs its value without each article alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from study.statistics.estimates import Component, Estimate, between_seeds, check_runs


@dataclass(frozen=True)
class Replicated:
    """A number of one run, over all articles and without each of them in turn.

    ``without_article`` has the shape (articles,), the same articles for all runs; it is empty where
    there are no articles.
    """

    value: float
    without_article: NDArray[np.float64]


@dataclass(frozen=True)
class Group:
    """Runs that differ in their seed alone, and the weight of their mean in a contrast.

    An encoder without training is one run, the same for every seed: no seed enters.
    """

    weight: float
    runs: Sequence[Replicated]
    is_trained: bool = True


def contrast(groups: Sequence[Group]) -> Estimate:
    """Weighted sum of the means of groups of runs.

    Articles by the jackknife: all runs answer the same ones. Seeds by the variance between the runs
    of each group; a group of one trained run has an unlimited interval. What a run does in one
    article stands in both and is taken out of the former, so as to count once.

    Source
    ------
    Efron and Stein (1981) for the jackknife; Hillis (2014) for runs crossed with articles, as in
    :class:`study.statistics.clusters.ClusteredScores`.
    """
    for group in groups:
        check_runs(group.runs, group.is_trained)
    if len({run.without_article.shape for group in groups for run in group.runs}) != 1:
        raise ValueError("a contrast needs runs that were evaluated on the same articles")
    terms = [group.weight * np.array([run.value for run in group.runs]) for group in groups]
    # what each article does to a run's term: (runs, articles)
    influences = [
        group.weight * np.stack([r.without_article - r.without_article.mean() for r in group.runs])
        if group.runs[0].without_article.size
        else np.zeros((len(group.runs), 1))
        for group in groups
    ]
    num_articles = influences[0].shape[1]
    total = sum(influence.mean(axis=0) for influence in influences)
    shared = np.sum(total**2) - sum(_variance_of_mean(one).sum() for one in influences)
    shared *= (num_articles - 1) / num_articles
    return Estimate(
        mean=float(sum(values.mean() for values in terms)),
        articles=Component(max(0.0, float(shared)), max(1, num_articles - 1)),
        seeds=tuple(
            between_seeds(values)
            for values, group in zip(terms, groups, strict=True)
            if group.is_trained
        ),
        lowest_seed=float(sum(values.min() for values in terms)),
        highest_seed=float(sum(values.max() for values in terms)),
    )


def _variance_of_mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Variance of the mean over runs, the first axis; 0 where one run tells nothing of it."""
    runs = len(values)
    return values.var(axis=0, ddof=1) / runs if runs > 1 else np.zeros(values.shape[1:])
