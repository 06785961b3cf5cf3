"""How likely a claim is to replicate in a setting, reckoned before its runs."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from study.statistics.endpoints import Part
from study.statistics.equivalence import Comparison
from study.statistics.estimates import Component, Estimate
from study.statistics.margins import PLAN


def power(
    parts: Sequence[tuple[Part, Sequence[Comparison]]],
    more_articles: float,
    num_seeds: int,
    draws: int = 1000,
) -> float:
    """Probability that all parts of a claim are shown, each at alpha, before Holm's correction.

    Each part has a comparison a measure, from runs that there are: their means and variances are
    taken for the truth, and the parts for independent. The study has ``more_articles`` times the
    articles and ``num_seeds`` of each sampler; ``draws`` of it are simulated.
    """
    rng, shown = np.random.default_rng(0), 0

    def drawn(one: Comparison) -> Comparison:
        return replace(one, difference=_drawn(one.difference, more_articles, num_seeds, rng))

    for _ in range(draws):
        shown += all(
            part.p_values([drawn(one) for one in comparisons])[0] <= PLAN.alpha
            for part, comparisons in parts
        )
    return shown / draws


def _drawn(one: Estimate, more: float, num_seeds: int, rng: np.random.Generator) -> Estimate:
    """What such a study would estimate: a mean about the true one, and its own variances."""
    articles = Component(one.articles.variance / more, one.articles.df * more)
    # the mean of n seeds has the variance of one over n; there are df + 1 of them now
    seeds = [Component(s.variance * (s.df + 1) / num_seeds, num_seeds - 1) for s in one.seeds]
    truth = np.sqrt(sum(part.variance for part in (articles, *seeds)))
    articles, *seeds = [
        Component(part.variance * rng.chisquare(part.df) / part.df, part.df)
        for part in (articles, *seeds)
    ]
    return replace(one, mean=rng.normal(one.mean, truth), articles=articles, seeds=tuple(seeds))
