"""The provider that computes the measures of language bias."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from numbers import Real
from typing import Any

import ir_measures
import numpy as np
from ir_measures import providers
from ir_measures.util import Metric, QrelsConverter, RunConverter

from hybridlib.integrations.ir_measures.measures import MEASURES, NOT_IN_RUN, LanguageMeasure

Values = Mapping[str, Mapping[str, float]]  # relevance or score of a document for a query


class LanguageProvider(providers.Provider):
    """Computes :data:`hybridlib.integrations.ir_measures.measures.MEASURES`.

    Ties go against the relevant document, as in :func:`hybridlib.evaluation.ranking.rank_relevant`;
    among tied relevant ones the run's order holds. A relevance below ``rel`` is none, a negative
    one too, as in trec_eval. Queries that are in the run alone are left out.

    Parameters
    ----------
    document_languages, query_languages
        Language of each id, in any codes that are equal where the languages are.
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

    Called again, it replaces the languages. The provider's own methods need no registration.

    Parameters
    ----------
    document_languages, query_languages
        As for :class:`LanguageProvider`.
    """
    provider = LanguageProvider(document_languages, query_languages)
    providers.register(provider)
    pipeline = ir_measures.DefaultPipeline
    others = [other for other in pipeline.providers if other.NAME != provider.NAME]
    pipeline.providers = [*others, provider]
    return provider


class LanguageEvaluator(providers.Evaluator):
    """Scores runs against one set of qrels.

    Raises
    ------
    ValueError
        If a query or a document of the qrels has no language, an id is no text, a document stands
        there twice for a query, a relevance is no whole number, a score is not finite, or a run is
        too short for a measure. The message names query and document.
    """

    def __init__(
        self, provider: LanguageProvider, measures: list[LanguageMeasure], qrels: Any
    ) -> None:
        qrels = _by_query("relevance", QrelsConverter(qrels).as_namedtuple_iter())
        super().__init__(measures, set(qrels))
        self.by_relevance = defaultdict(list)
        for measure in measures:
            self.by_relevance[measure["rel"]].append(measure)
        self.provider = provider
        self.qrels = qrels
        judged = {document for documents in qrels.values() for document in documents}
        _check("query", set(qrels), provider.query_languages)
        _check("document", judged, provider.document_languages)

    def _iter_calc(self, run: Any) -> Iterator[Metric]:
        scores = _by_query("score", RunConverter(run).as_namedtuple_iter())
        for relevance, measures in self.by_relevance.items():
            found = [
                (query, *self._ranks(query, relevant, scores.get(query, {})))
                for query, judged in self.qrels.items()
                if (relevant := {d for d, value in judged.items() if value >= relevance})
            ]
            if not found:
                continue
            queries, *columns = zip(*found, strict=True)
            ranks, is_own = _matrix(columns[0], np.nan), _matrix(columns[1], 0) == 1
            for measure in measures:
                _check_depth(measure, queries, measure.is_known(ranks, is_own))
                for query, value in zip(queries, measure.values(ranks, is_own), strict=True):
                    yield Metric(query, measure, float(value))

    def _ranks(
        self, query: str, relevant: set[str], scores: Mapping[str, float]
    ) -> tuple[list[float], list[bool]]:
        """Rank of each relevant document, and whether it is in the query's language."""
        order = sorted(scores, key=lambda document: (-scores[document], document in relevant))
        rank = {d: float(place) for place, d in enumerate(order, start=1) if d in relevant}
        own, languages = self.provider.query_languages[query], self.provider.document_languages
        documents = sorted(relevant)
        return (
            [rank.get(d, NOT_IN_RUN + place) for place, d in enumerate(documents)],
            [languages[document] == own for document in documents],
        )


def _by_query(kind: str, rows: Iterable[tuple[Any, ...]]) -> Values:
    """Relevances or scores of each query's documents; whatever has no one meaning is refused."""
    table: dict[str, dict[str, float]] = {}
    for query, document, value, *_ in rows:
        documents = table.setdefault(query, {})
        fault = _fault(kind, query, document, value)
        if document in documents:
            fault = f"is there twice, as {documents[document]} and {value}"
        if fault:
            raise ValueError(f"{kind} of document {document!r} for query {query!r} {fault}")
        documents[document] = float(value)
    return table


def _fault(kind: str, query: Any, document: Any, value: Any) -> str:
    if not (isinstance(query, str) and isinstance(document, str)):
        return "has an id that is no text: ids must be text; read the file's with dtype=str"
    try:
        is_finite = isinstance(value, Real) and math.isfinite(value)
    except OverflowError:  # of a whole number larger than any other
        is_finite = False
    if not is_finite:
        return f"must be a finite number, got {value!r}"
    if kind == "relevance" and value % 1:
        return f"must be a whole number, got {value!r}"
    return ""


def _matrix(rows: Iterable[list[Any]], filler: float) -> np.ndarray:
    """Rows of different length, filled at the end. Shape: (rows, longest)."""
    rows = list(rows)
    matrix = np.full((len(rows), max(map(len, rows))), filler)
    for place, row in enumerate(rows):
        matrix[place, : len(row)] = row
    return matrix


def _check(kind: str, ids: set[str], languages: Mapping[str, str]) -> None:
    found = {one: languages.get(one) for one in ids}
    without = [one for one, code in found.items() if not (isinstance(code, str) and code.strip())]
    if without:
        raise ValueError(
            f"{len(without)} {kind} ids of the qrels have no language, {min(without)!r} among "
            f"them; add them to {kind}_languages"
        )


def _check_depth(measure: LanguageMeasure, queries: Iterable[str], is_known: np.ndarray) -> None:
    for query, known in zip(queries, is_known, strict=True):
        if not known:
            raise ValueError(
                f"query {query!r}: {measure} needs the ranks of relevant documents that the run "
                "lacks; rank all documents, or more of them"
            )
