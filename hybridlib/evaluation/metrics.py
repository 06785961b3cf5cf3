"""Retrieval metrics and rank distance, from the ranks of the relevant candidates alone.

Equal ranks within a query, and infinite ones, are refused.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ranks = ArrayLike
Scores = NDArray[np.float64]


def average_precision(ranks: Ranks) -> Scores:
    """Mean precision at the ranks of the relevant candidates, over the full ranking.

    Ranks are 1-based, NaN where there is none, of shape (queries, relevant); others are refused:
    see :func:`checked_ranks`. Values lie in (0, 1]. Shape: (queries,).

    Source: section 4.1 of the paper (mAP); trec_eval's ``map``.

    Examples
    --------
    >>> average_precision([[1.0, 4.0], [2.0, np.nan]])
    array([0.75, 0.5 ])
    """
    ordered = np.sort(checked_ranks(ranks), axis=1)  # NaN last
    return np.nanmean(np.arange(1, ordered.shape[1] + 1) / ordered, axis=1)


def recall(ranks: Ranks, k: int) -> Scores:
    """Share of all relevant candidates in the top k >= 1, in [0, 1]. Shape: (queries,).

    Takes ranks as :func:`average_precision`.

    Source: trec_eval's ``recall_k``. With one relevant candidate, R@1 of tables 5 and 6; the
    multilingual R@10 of XQuAD-R is at most 10/11.

    Examples
    --------
    >>> recall([[1.0, 4.0], [2.0, np.nan]], k=1)
    array([0.5, 0. ])
    """
    checked = checked_ranks(ranks, k)
    return (checked <= k).sum(1) / np.isfinite(checked).sum(1)


def ndcg(ranks: Ranks, k: int) -> Scores:
    """Discounted cumulative gain of the top k over the best one's, in [0, 1]. Shape: (queries,).

    Takes ranks as :func:`average_precision`, k >= 1; relevance is binary.

    Source: Järvelin and Kekäläinen (2002); trec_eval's ``ndcg_cut_k``.

    Examples
    --------
    >>> ndcg([[1.0, 3.0]], k=10).round(4)
    array([0.9197])
    """
    checked = checked_ranks(ranks, k)
    gains = np.where(checked <= k, 1 / np.log2(1 + checked), 0).sum(1)
    best = np.cumsum(1 / np.log2(1 + np.arange(1, k + 1)))
    return gains / best[np.minimum(np.isfinite(checked).sum(1), k) - 1]


def rank_distance(ranks: Ranks) -> Scores:
    """Spread of a query's parallel answers in one multilingual ranking: its language bias.

    Takes ranks as :func:`average_precision`, a column a language. Returns the largest minus the
    smallest rank, in positions, >= 0. Shape: (queries,).

    Source: Section 4.1 of the paper, after Huang et al. (2023).

    Examples
    --------
    >>> rank_distance([[1.0, 7.0, 3.0]])
    array([6.])
    """
    checked = checked_ranks(ranks)
    return np.nanmax(checked, axis=1) - np.nanmin(checked, axis=1)


def checked_ranks(ranks: Ranks, k: int = 1) -> NDArray[np.float64]:
    """Return ranks as an array, if they are ranks of different candidates.

    A ValueError says that a query has no relevant candidate, or two at one rank, that a rank is
    below 1 or infinite, or that k is below 1.
    """
    array = np.asarray(ranks, dtype=np.float64)
    if array.ndim != 2:
        raise ValueError(f"ranks must have the shape (queries, relevant), got {array.shape}")
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    if np.isinf(array).any():
        query = np.flatnonzero(np.isinf(array).any(axis=1))[0]
        raise ValueError(f"query {query} has an infinite rank; a candidate without one is NaN")
    without = np.flatnonzero(np.isnan(array).all(axis=1))
    if len(without):
        raise ValueError(f"query {without[0]} has no relevant candidate")
    if np.nanmin(array, initial=1) < 1:
        raise ValueError(f"ranks are 1-based, got {np.nanmin(array)}")
    repeats = np.argwhere(np.diff(np.sort(array, axis=1), axis=1) == 0)
    if len(repeats):
        query, place = repeats[0]
        rank = np.sort(array[query])[place]
        raise ValueError(f"query {query} has two relevant candidates at rank {rank:.0f}")
    return array
