"""How many seeds it would take to decide a comparison."""

import numpy as np
from scipy.stats import chi2, norm, t

from study.statistics.equivalence import Comparison
from study.statistics.margins import PLAN

MOST_SEEDS = 1000
PROBABILITY = 0.8
_QUANTILES = (np.arange(32)[:, None] + 0.5) / 32  # (draws of the standard error, 1)
_KNOWN = 1e6  # degrees of freedom of what is as good as known


def seeds_to_decide(comparison: Comparison) -> int | None:
    """Fewest seeds of each sampler that decide a comparison with probability .8.

    On the same articles, if the truth is the estimated mean and the variances are those estimated:
    a plan for a further study, no test of this one.

    Returns
    -------
    At least 2; None if 1,000 do not suffice, as where articles alone leave it open, or if one run
    of a sampler leaves its variance unknown.
    """
    num_seeds = np.arange(2, MOST_SEEDS + 1)
    enough = np.flatnonzero(probability_of_decision(comparison, num_seeds) >= PROBABILITY)
    return int(num_seeds[enough[0]]) if len(enough) else None


def probability_of_decision(comparison: Comparison, num_seeds: np.ndarray) -> np.ndarray:
    """Probability of a verdict other than undecided, by the number of seeds of each sampler.

    Parameters
    ----------
    comparison
        Whose mean and variances are taken for the truth.
    num_seeds
        Each at least 2. Shape: (numbers,).

    Returns
    -------
    Shape: (numbers,); 0 where the variance is unknown.
    """
    difference, half = comparison.difference, comparison.margin / 2
    if not difference.df:
        return np.zeros(len(num_seeds))
    articles = difference.articles
    # a mean over n seeds has the variance of one run, over n; a sampler has df + 1 of them now
    seeds = [part.variance * (part.df + 1) / num_seeds for part in difference.seeds]
    variance = articles.variance + sum(seeds, np.zeros(len(num_seeds)))
    precision = articles.variance**2 / articles.df + sum(
        part**2 / (num_seeds - 1) for part in seeds
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        df = np.fmin(variance**2 / precision, _KNOWN)  # NaN without any variance
    se = np.maximum(np.sqrt(variance), 1e-9 * comparison.margin)  # never quite nothing
    # the mean of such a study is normal, its squared standard error a chi-square over df
    drawn = se * np.sqrt(chi2.ppf(_QUANTILES, df) / df)  # (draws, numbers)
    outer = np.maximum(half, t.ppf(1 - PLAN.alpha / 2, df) * drawn)  # beyond: better or worse
    inner = np.minimum(half, comparison.margin - t.ppf(1 - PLAN.alpha, df) * drawn)  # equivalent

    def below(bound: np.ndarray) -> np.ndarray:
        return norm.cdf((bound - difference.mean) / se)

    equivalent = np.maximum(0, below(inner) - below(-inner))
    return np.mean(below(-outer) + equivalent + 1 - below(outer), axis=0)
