"""Which languages a ranking prefers: beside rank distance, measures that know the query's own.

Where a measure says nothing about a query its value is NaN. A preference for the reader's own
language can be wanted; these say how strong it is, not whether it is a fault.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hybridlib.evaluation.metrics import Ranks, Scores, checked_ranks


def own_language_first(ranks: Ranks, is_own: ArrayLike) -> Scores:
    """Whether the best-ranked of a query's parallel answers is in the query's own language.

    Takes ranks as :func:`hybridlib.evaluation.metrics.rank_distance`, and whether each candidate is
    in its query's language, both of shape (queries, languages). Returns 1 or 0, NaN for a query
    without an answer in its language. Without a preference the mean is one in the number of
    answers. Shape: (queries,).

    Source: after MLAIRE (arXiv 2605.07249), which looks at the first passage, here among parallel
    answers alone.

    Examples
    --------
    >>> own_language_first([[2.0, 7.0], [5.0, 3.0]], [[True, False], [True, False]])
    array([1., 0.])
    """
    known, own = _checked(ranks, is_own)
    first = (_best_own(known, own) <= np.nanmin(known, axis=1)).astype(np.float64)
    return np.where(own.any(axis=1), first, np.nan)


def language_preference_rate(ranks: Ranks, is_own: ArrayLike) -> Scores:
    """Share of the answers in other languages that rank below the best in the query's own.

    Takes what :func:`own_language_first` takes. In [0, 1]; one half without a preference; NaN for a
    query without an answer in its language, or with none in another. Shape: (queries,).

    Source: after the Language Preference Rate of MLAIRE (arXiv 2605.07249), whose formula was not
    at hand.

    Examples
    --------
    >>> language_preference_rate([[2.0, 7.0, 1.0]], [[True, False, False]])
    array([0.5])
    """
    known, own = _checked(ranks, is_own)
    others = np.isfinite(known) & ~own
    is_below = (known > _best_own(known, own)[:, None]) & others
    return np.where(own.any(axis=1), _share(is_below, others), np.nan)


def recall_in_other_languages(ranks: Ranks, is_own: ArrayLike, k: int) -> Scores:
    """Share of the relevant candidates in other languages than the query's in the top k.

    Takes what :func:`own_language_first` takes, and a depth of at least 1. In [0, 1]; NaN for a
    query without an answer in another language. Shape: (queries,).

    Source: TLR@k, Target-Languages Recall of SHIFT (arXiv 2606.18801).

    Examples
    --------
    >>> recall_in_other_languages([[2.0, 7.0, 1.0]], [[True, False, False]], k=5)
    array([0.5])
    """
    known, own = _checked(ranks, is_own, k)
    others = np.isfinite(known) & ~own
    return _share((known <= k) & others, others)


def _checked(
    ranks: Ranks, is_own: ArrayLike, k: int = 1
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    known, own = checked_ranks(ranks, k), np.asarray(is_own, dtype=bool)
    if own.shape != known.shape:
        raise ValueError(f"is_own must have the ranks' shape {known.shape}, got {own.shape}")
    return known, own & np.isfinite(known)


def _best_own(ranks: NDArray[np.float64], own: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.where(own, ranks, np.inf).min(axis=1)


def _share(part: NDArray[np.bool_], whole: NDArray[np.bool_]) -> Scores:
    with np.errstate(invalid="ignore"):
        return part.sum(axis=1) / whole.sum(axis=1)
