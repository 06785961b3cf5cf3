"""Language bias as measures of ``ir_measures``.

All of them look at the relevant documents of a query alone, those that the qrels give at least the
relevance ``rel``. Where a measure says nothing about a query its value is NaN, which the mean over
queries leaves out. ``values`` and ``is_known`` take the relevant documents' ranks, NaN behind a
query's last and from :data:`NOT_IN_RUN` on where the run lacks them, and whether they are in the
query's language, each (queries, relevant); they return (queries,).
"""

import math

import numpy as np
from ir_measures import measures

from hybridlib.evaluation import metrics
from hybridlib.evaluation.metrics import Scores

NOT_IN_RUN = float(1 << 52)  # ranks behind every other, exact for as many again


def recall_in_other_languages(ranks: np.ndarray, is_own: np.ndarray, k: int) -> Scores:
    """Recall at k over the relevant candidates that are not in the query's language; NaN: none."""
    others = np.isfinite(ranks) & ~is_own
    with np.errstate(invalid="ignore"):
        return ((ranks <= k) & others).sum(1) / others.sum(1)


def language_preference_rate(ranks: np.ndarray, is_own: np.ndarray) -> Scores:
    """Share of the answers in other languages that rank below the best in the query's; NaN: none.

    One half without a preference.
    """
    others = np.isfinite(ranks) & ~is_own
    best_own = np.where(is_own, ranks, np.inf).min(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        rate = ((ranks > best_own) & others).sum(1) / others.sum(1)
    return np.where(is_own.any(axis=1), rate, np.nan)


class _MeanOfKnown(measures.MeanAgg):
    def add(self, value: float) -> None:
        if not math.isnan(value):
            super().add(value)


class LanguageMeasure(measures.Measure):
    """A measure of relevant documents' ranks and languages."""

    DEFAULT = math.nan
    SUPPORTED_PARAMS = {  # noqa: RUF012
        "rel": measures.ParamInfo(dtype=int, default=1, desc="minimum relevance, inclusive")
    }

    def values(self, ranks: np.ndarray, is_own: np.ndarray) -> Scores:
        """Value of each query."""
        raise NotImplementedError

    def is_known(self, ranks: np.ndarray, is_own: np.ndarray) -> np.ndarray:
        """Whether the run is deep enough: by default, it holds an own answer or all others."""
        is_missing = ranks >= NOT_IN_RUN
        return (is_own & ~is_missing).any(1) | ~is_own.any(1) | ~(is_missing & ~is_own).any(1)

    def aggregator(self) -> measures.MeanAgg:
        """Mean over the queries that have a value."""
        return _MeanOfKnown()


class _RankDistance(LanguageMeasure):
    """Largest minus smallest rank of the relevant documents; the run must hold them all."""

    __name__ = NAME = "RankDistance"
    PRETTY_NAME = "Rank distance"
    SHORT_DESC = "Spread of the relevant documents' ranks, in positions; lower is less bias."

    def values(self, ranks: np.ndarray, is_own: np.ndarray) -> Scores:
        return metrics.rank_distance(ranks)

    def is_known(self, ranks: np.ndarray, is_own: np.ndarray) -> np.ndarray:
        return np.asarray(~(ranks >= NOT_IN_RUN).any(1))


class _OwnLanguageFirst(LanguageMeasure):
    __name__ = NAME = "OwnLanguageFirst"
    PRETTY_NAME = "Own language first"
    SHORT_DESC = "Whether the first relevant document is in the query's language."

    def values(self, ranks: np.ndarray, is_own: np.ndarray) -> Scores:
        return metrics.own_language_first(ranks, is_own)


class _LPR(LanguageMeasure):
    __name__ = NAME = "LPR"
    PRETTY_NAME = "Language preference rate"
    SHORT_DESC = "Share of the relevant in other languages that rank below the query's own."

    def values(self, ranks: np.ndarray, is_own: np.ndarray) -> Scores:
        return language_preference_rate(ranks, is_own)


class _TLR(LanguageMeasure):
    __name__ = NAME = "TLR"
    PRETTY_NAME = "Recall in other languages at k"
    SHORT_DESC = "Share of the relevant documents in other languages that are in the top k."
    SUPPORTED_PARAMS = {  # noqa: RUF012
        "cutoff": measures.ParamInfo(dtype=int, required=True, desc="ranking cutoff threshold"),
        **LanguageMeasure.SUPPORTED_PARAMS,
    }

    def values(self, ranks: np.ndarray, is_own: np.ndarray) -> Scores:
        return recall_in_other_languages(ranks, is_own, self["cutoff"])

    def is_known(self, ranks: np.ndarray, is_own: np.ndarray) -> np.ndarray:
        return np.ones(len(ranks), dtype=bool)  # what the run lacks is not in its top


RankDistance = _RankDistance()
OwnLanguageFirst = _OwnLanguageFirst()
LPR = _LPR()
TLR = _TLR()
MEASURES = (RankDistance, OwnLanguageFirst, LPR, TLR)
for _measure in MEASURES:
    measures.register(_measure)  # known to `ir_measures.parse_measure`
