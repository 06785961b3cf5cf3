"""Weighted sums of groups of runs, with their variance by article and by seed.

Unlike a mean over questions, the number of a run may be any function of all its articles, as a
slope over pairs of languages is: the jackknife needs its value without each article alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from study.statistics.estimates import Array, Estimate, check_runs, crossed


@dataclass(frozen=True)
class Group:
    """Runs that differ in their seed alone, and the weight of their mean in a contrast.

    A run is its number over all articles, then without each of them in turn: (1 + articles,), or
    (1,) where there are no articles. An encoder without training is one run, the same for every
    seed: no seed enters.
    """

    weight: float
    runs: Sequence[Array]
    is_trained: bool = True


def contrast(groups: Sequence[Group]) -> Estimate:
    """Weighted sum of the means of groups of runs; an error if they differ in their articles.

    Articles by the jackknife: all runs answer the same ones. Seeds by the variance between the runs
    of each group; a group of one trained run has an unlimited interval.

    Source: Efron and Stein (1981) for the jackknife.
    """
    for group in groups:
        check_runs(group.runs, group.is_trained)
    if len({run.shape for group in groups for run in group.runs}) != 1:
        raise ValueError("a contrast needs runs that were evaluated on the same articles")
    numbers = [group.weight * np.stack(group.runs) for group in groups]
    num_articles = max(1, numbers[0].shape[1] - 1)
    without = [one[:, 1:] for one in numbers]
    return crossed(
        [one[:, 0] for one in numbers],
        [one - one.sum(axis=1, keepdims=True) / num_articles for one in without],
        [group.is_trained for group in groups],
        num_articles,
        (num_articles - 1) / num_articles,
    )
