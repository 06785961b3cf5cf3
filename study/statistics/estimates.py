"""An estimate with the parts of its variance, its interval and its p-values."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t

from study.statistics.margins import PLAN

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Component:
    """An independent part of an estimate's variance, known with ``df`` degrees of freedom."""

    variance: float
    df: float


def check_runs(runs: Sequence[Any], is_trained: bool) -> None:
    """Refuse a sampler without a run, and several runs without a training: no seed enters."""
    if not runs or (len(runs) > 1 and not is_trained):
        kind = "trained" if is_trained else "untrained"
        raise ValueError(f"a sampler has one run a seed, got {len(runs)} {kind} runs")


@dataclass(frozen=True)
class Estimate:
    """A mean, or the difference of two, in the metric's unit.

    ``articles`` is its variance by the choice of articles, which any number of seeds would leave;
    ``seeds`` that by the choice of seeds, one for each sampler that draws, infinite where there is
    one run. ``lowest_seed`` and ``highest_seed`` are of single runs; of a difference, of any two
    runs.

    Source: Degrees of freedom of the sum: Satterthwaite (1946).
    """

    mean: float
    articles: Component
    seeds: tuple[Component, ...]
    lowest_seed: float
    highest_seed: float

    @property
    def se(self) -> float:
        """Standard error: articles and seeds together."""
        return math.sqrt(sum(part.variance for part in (self.articles, *self.seeds)))

    @property
    def df(self) -> float:
        """Satterthwaite's degrees of freedom; 0 where the variance is unknown."""
        parts = [part for part in (self.articles, *self.seeds) if part.variance > 0]
        if math.isinf(self.se):
            return 0.0
        # shares of the variance, whose squares do not underflow
        shares = [part.variance / self.se**2 for part in parts]
        precision = sum(share**2 / part.df for share, part in zip(shares, parts, strict=True))
        return 1 / precision if parts else math.inf

    @property
    def low(self) -> float:
        """Lower end of the interval that covers the truth with probability 1 - alpha."""
        return self.mean - self._half_width

    @property
    def high(self) -> float:
        """Upper end of that interval."""
        return self.mean + self._half_width

    @property
    def _half_width(self) -> float:
        return float(t.ppf(1 - PLAN.alpha / 2, self.df)) * self.se if self.df else math.inf

    def p_above(self, bound: float) -> float:
        """One-sided p-value of the hypothesis that the truth is at most ``bound``."""
        if not self.df:
            return 1.0
        if not self.se:
            return float(self.mean <= bound)
        return float(t.sf((self.mean - bound) / self.se, self.df))

    def __neg__(self) -> "Estimate":
        """The estimate of what has the opposite sign."""
        return Estimate(
            -self.mean, self.articles, self.seeds, -self.highest_seed, -self.lowest_seed
        )


def crossed(
    terms: Sequence[Array],
    influences: Sequence[Array],
    is_trained: Sequence[bool],
    num_articles: int,
    correction: float,
) -> Estimate:
    """Sum of the means of groups of runs, which all answered the same articles.

    A group has the ``terms`` of its runs, (runs,), and what each article adds to each of them, its
    ``influences``, (runs, articles); ``correction`` is that of the variance of their sum.

    Source: Runs and articles are crossed, runs are nested in samplers: the design of reader studies
    (Obuchowski and Rockette, 1995; Hillis, 2014), a run for a reader, an article for a case. What a
    run does in one article stands in the variance of both and is taken out of the articles', so as
    to count once.
    """
    total = sum(one.mean(axis=0) for one in influences)
    shared = np.sum(total**2) - sum(map(_interaction, influences))
    groups = zip(terms, is_trained, strict=True)
    return Estimate(
        mean=float(sum(one.mean() for one in terms)),
        articles=Component(max(0.0, float(correction * shared)), max(1, num_articles - 1)),
        seeds=tuple(_between_seeds(one) for one, is_drawn in groups if is_drawn),
        lowest_seed=float(sum(one.min() for one in terms)),
        highest_seed=float(sum(one.max() for one in terms)),
    )


def _interaction(influence: Array) -> float:
    """Variance of the mean over runs by what one run does in one article; (runs, articles)."""
    num_runs = len(influence)
    return float(influence.var(0, ddof=1).sum()) / num_runs if num_runs > 1 else 0.0


def _between_seeds(terms: Array) -> Component:
    """Variance of the mean over runs of a sampler; one run says nothing about the next."""
    if len(terms) == 1:
        return Component(math.inf, 0)
    return Component(float(terms.var(ddof=1)) / len(terms), len(terms) - 1)
