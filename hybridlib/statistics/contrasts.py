"""Weighted differences between groups of runs, with intervals over articles and seeds.

Unlike a mean over questions, the number of a run may be any function of all its articles, as a
slope over pairs of languages is: the jackknife needs its value without each article alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats


@dataclass(frozen=True)
class Replicated:
    """A number of one run, over all articles and without each of them in turn.

    ``without_article`` has the shape (articles,), the same articles for all runs; it is empty where
    there are no articles.
    """

    value: float
    without_article: NDArray[np.float64]


@dataclass(frozen=True)
class Interval:
    """A contrast of samplers with its 95 % interval, and what share of variance seeds have."""

    mean: float
    low: float
    high: float
    standard_error: float
    degrees_of_freedom: float
    seed_share: float


def contrast(groups: Sequence[tuple[float, Sequence[Replicated]]]) -> Interval:
    """Weighted sum of the means of groups of runs, with an interval over articles and seeds.

    Articles by the jackknife: all runs answer the same ones. Seeds by the variance between the runs
    of each group. Both variances are added, and the interval is that of a t with Satterthwaite's
    degrees of freedom.

    Parameters
    ----------
    groups
        Weight and runs of each; the runs of a group differ in their seed.

    Raises
    ------
    ValueError
        If a group has fewer than two runs, or runs have other articles.

    Source
    ------
    Efron and Stein (1981) for the jackknife; Satterthwaite (1946).
    """
    for _, runs in groups:
        if len(runs) < 2:
            raise ValueError(
                f"seeds have no spread with {len(runs)} run; there must be two or more"
            )
    if len({run.without_article.shape for _, runs in groups for run in runs}) > 1:
        raise ValueError("the runs were evaluated on different articles")
    mean = sum(weight * np.mean([run.value for run in runs]) for weight, runs in groups)
    without = sum(
        weight * np.mean([run.without_article for run in runs], axis=0) for weight, runs in groups
    )
    count = len(without)
    parts = [(np.var(without) * (count - 1), count - 1)] if count > 1 else []
    for weight, runs in groups:
        variance = weight**2 * np.var([run.value for run in runs], ddof=1) / len(runs)
        parts.append((variance, len(runs) - 1))
    total = sum(variance for variance, _ in parts)
    spread = sum(variance**2 / freedom for variance, freedom in parts)
    freedom = total**2 / spread if spread > 0 else np.inf
    half = stats.t.ppf(0.975, freedom) * np.sqrt(total)
    seeds = sum(variance for variance, _ in parts[-len(groups) :])
    return Interval(
        mean=float(mean),
        low=float(mean - half),
        high=float(mean + half),
        standard_error=float(np.sqrt(total)),
        degrees_of_freedom=float(freedom),
        seed_share=float(seeds / total) if total > 0 else 0.0,
    )
