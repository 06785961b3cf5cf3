"""Language bias in ``ir_measures``: measures over qrels and runs, with the language of each id.

::

    import ir_measures
    from hybridlib.integrations.ir_measures import LPR, TLR, RankDistance, register

    register(document_languages={"d1": "en", ...}, query_languages={"q1": "de", ...})
    ir_measures.calc_aggregate([RankDistance, LPR, TLR @ 20, ir_measures.AP], qrels, run)

All of them look at the relevant documents of a query alone, those that the qrels give at least the
relevance ``rel``. Where a measure says nothing about a query its value is NaN, which the mean over
queries leaves out.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from numbers import Real
from typing import Any

import ir_measures
import numpy as np
from ir_measures import measures, providers
from ir_measures.util import Metric, QrelsConverter, RunConverter

from hybridlib.evaluation import language_preference, metrics
from hybridlib.evaluation.metrics import Scores

NOT_IN_RUN = float(1 << 52)  # ranks from here on are of documents that the run lacks


class _MeanOfKnown(measures.MeanAgg):
    def add(self, value: float) -> None:
        if not math.isnan(value):
            super().add(value)


class LanguageMeasure(measures.Measure):
    """A measure of one query's relevant documents.

    ``value`` and ``is_known`` take their ranks, :data:`NOT_IN_RUN` or more where the run lacks one,
    and whether they are in the query's language. Shape of each: (1, relevant).
    """

    DEFAULT = math.nan
    SUPPORTED_PARAMS = {  # noqa: RUF012
        "rel": measures.ParamInfo(dtype=int, default=1, desc="minimum relevance, inclusive")
    }

    def value(self, ranks: np.ndarray, is_own: np.ndarray) -> Scores:
        """Value of the query. Shape: (1,)."""
        raise NotImplementedError

    def is_known(self, ranks: np.ndarray, is_own: np.ndarray) -> bool:
        """Whether the run is deep enough: by default, it holds an own answer or all others."""
        is_missing = ranks >= NOT_IN_RUN
        return bool((is_own & ~is_missing).any() or not is_own.any() or not is_missing.any())

    def aggregator(self) -> measures.MeanAgg:
        """Mean over the queries that have a value."""
        return _MeanOfKnown()


class _RankDistance(LanguageMeasure):
    """Largest minus smallest rank of the relevant documents; the run must hold them all."""

    __name__ = NAME = "RankDistance"
    SHORT_DESC = "Spread of the relevant documents' ranks, in positions; lower is less bias."

    def value(self, ranks: np.ndarray, is_own: np.ndarray) -> Scores:
        return metrics.rank_distance(ranks)

    def is_known(self, ranks: np.ndarray, is_own: np.ndarray) -> bool:
        return ranks.max() < NOT_IN_RUN


class _OwnLanguageFirst(LanguageMeasure):
    __name__ = NAME = "OwnLanguageFirst"
    SHORT_DESC = "Whether the first relevant document is in the query's language."

    def value(self, ranks: np.ndarray, is_own: np.ndarray) -> Scores:
        return language_preference.own_language_first(ranks, is_own)


class _LPR(LanguageMeasure):
    __name__ = NAME = "LPR"
    SHORT_DESC = "Share of the relevant in other languages that rank below the query's own."

    def value(self, ranks: np.ndarray, is_own: np.ndarray) -> Scores:
        return language_preference.language_preference_rate(ranks, is_own)


class _TLR(LanguageMeasure):
    __name__ = NAME = "TLR"
    SHORT_DESC = "Share of the relevant documents in other languages that are in the top k."
    SUPPORTED_PARAMS = {  # noqa: RUF012
        "cutoff": measures.ParamInfo(dtype=int, required=True, desc="ranking cutoff threshold"),
        **LanguageMeasure.SUPPORTED_PARAMS,
    }

    def value(self, ranks: np.ndarray, is_own: np.ndarray) -> Scores:
        return language_preference.recall_in_other_languages(ranks, is_own, self["cutoff"])

    def is_known(self, ranks: np.ndarray, is_own: np.ndarray) -> bool:
        return True  # what the run lacks is not in its top


RankDistance = _RankDistance()
OwnLanguageFirst = _OwnLanguageFirst()
LPR = _LPR()
TLR = _TLR()
MEASURES = (RankDistance, OwnLanguageFirst, LPR, TLR)
for _measure in MEASURES:
    measures.register(_measure)  # known to `ir_measures.parse_measure`


class LanguageProvider(providers.Provider):
    """Computes :data:`MEASURES`, by the language of each document and query id, in any codes.

    Ties go against the relevant document, as in :func:`hybridlib.evaluation.ranking.rank_relevant`;
    among tied relevant ones the run's order holds. A relevance below ``rel`` is none, a negative
    one too, as in trec_eval. Queries that are in the run alone are left out.
    """

    NAME = "hybridlib"
    SUPPORTED_MEASURES = [  # noqa: RUF012
        measure(**dict.fromkeys(measure.SUPPORTED_PARAMS, providers.base.Any()))
        for measure in MEASURES
    ]

    def __init__(
        self, document_languages: Mapping[str, str], query_languages: Mapping[str, str]
    ) -> None:
        super().__init__()
        self.document_languages = document_languages
        self.query_languages = query_languages

    def _evaluator(self, measures: Iterable[Any], qrels: Any) -> "LanguageEvaluator":
        return LanguageEvaluator(self, list(measures), qrels)


def register(
    document_languages: Mapping[str, str], query_languages: Mapping[str, str]
) -> LanguageProvider:
    """Make ``ir_measures.calc_aggregate`` and its like compute the measures of language bias.

    Called again, it replaces the languages. The provider's own methods need no registration. The
    languages are those of each id, as for :class:`LanguageProvider`.
    """
    provider = LanguageProvider(document_languages, query_languages)
    providers.register(provider)
    pipeline = ir_measures.DefaultPipeline
    others = [other for other in pipeline.providers if other.NAME != provider.NAME]
    pipeline.providers = [*others, provider]
    return provider


class LanguageEvaluator(providers.Evaluator):
    """Scores runs against one set of qrels.

    What has no one meaning is a ValueError with query and document: an id that is no text or
    without language, a document twice, a relevance or score that is none, a run too short for a
    measure.
    """

    def __init__(
        self, provider: LanguageProvider, measures: list[LanguageMeasure], qrels: Any
    ) -> None:
        self.qrels = _by_query("relevance", QrelsConverter(qrels).as_namedtuple_iter())
        super().__init__(measures, set(self.qrels))
        self.provider = provider
        judged = {document for documents in self.qrels.values() for document in documents}
        _check("query", set(self.qrels), provider.query_languages)
        _check("document", judged, provider.document_languages)

    def _iter_calc(self, run: Any) -> Iterator[Metric]:
        scores = _by_query("score", RunConverter(run).as_namedtuple_iter())
        for query, judged in self.qrels.items():
            for measure in self.measures:
                relevant = sorted(d for d, value in judged.items() if value >= measure["rel"])
                if relevant:
                    value = self._value(measure, query, relevant, scores.get(query, {}))
                    yield Metric(query, measure, value)

    def _value(
        self, measure: Any, query: str, relevant: list[str], scores: Mapping[str, float]
    ) -> float:
        own, languages = self.provider.query_languages[query], self.provider.document_languages
        order = sorted(scores, key=lambda document: (-scores[document], document in relevant))
        rank = {document: place for place, document in enumerate(order, start=1)}
        ranks = [float(rank.get(d, NOT_IN_RUN + place)) for place, d in enumerate(relevant)]
        found = np.array([ranks]), np.array([[languages[document] == own for document in relevant]])
        if not measure.is_known(*found):
            raise ValueError(
                f"query {query!r}: {measure} needs the ranks of relevant documents that the run "
                "lacks; rank all documents, or more of them"
            )
        return float(measure.value(*found)[0])


def _by_query(kind: str, rows: Iterable[tuple[Any, ...]]) -> dict[str, dict[str, float]]:
    """Relevances or scores of each query's documents; whatever has no one meaning is refused."""
    table: dict[str, dict[str, float]] = {}
    for query, document, value, *_ in rows:
        documents, fault = table.setdefault(query, {}), ""
        if not (isinstance(query, str) and isinstance(document, str)):
            fault = "has an id that is no text: ids must be text; read the file's with dtype=str"
        elif not isinstance(value, Real) or not _is_finite(value):
            fault = f"must be a finite number, got {value!r}"
        elif kind == "relevance" and value % 1:
            fault = f"must be a whole number, got {value!r}"
        elif document in documents:
            fault = f"is there twice, as {documents[document]} and {value}"
        if fault:
            raise ValueError(f"{kind} of document {document!r} for query {query!r} {fault}")
        documents[document] = float(value)
    return table


def _is_finite(value: Real) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number that no float holds
        return False


def _check(kind: str, ids: set[str], languages: Mapping[str, str]) -> None:
    found = {one: languages.get(one) for one in ids}
    without = [one for one, code in found.items() if not (isinstance(code, str) and code.strip())]
    if without:
        count, one = len(without), min(without)
        raise ValueError(
            f"{count} {kind} ids of the qrels have no language, {one!r} among them; add them to "
            f"{kind}_languages"
        )
