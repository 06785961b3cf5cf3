"""The three retrieval settings of LAReQA (section 4.1 of the paper), scored from ranks."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from hybridlib.evaluation import language_preference as preference
from hybridlib.evaluation import metrics

Measure = Callable[[np.ndarray], np.ndarray]
Preference = Callable[[np.ndarray, np.ndarray], np.ndarray]

PAIR_MEASURES: dict[str, Measure] = {
    "mAP": metrics.average_precision,
    "R@1": lambda ranks: metrics.recall(ranks, 1),
    "nDCG@10": lambda ranks: metrics.ndcg(ranks, 10),
}
_RANK_DISTANCE: dict[str, Measure] = {"rank distance": metrics.rank_distance}
_LARGE_POOL: dict[str, Measure] = {
    "mAP": metrics.average_precision,
    "R@10": lambda ranks: metrics.recall(ranks, 10),
    "nDCG@10": lambda ranks: metrics.ndcg(ranks, 10),
    **_RANK_DISTANCE,
}
_OWN_FIRST: dict[str, Preference] = {"own language first": preference.own_language_first}
_PREFERENCES: dict[str, Preference] = {
    **_OWN_FIRST,
    "language preference rate": preference.language_preference_rate,
    "TLR@20": lambda ranks, is_own: preference.recall_in_other_languages(ranks, is_own, 20),
}

MEASURES = {  # name in a table: setting and metric
    "Mo. mAP": ("monolingual", "mAP"),
    "Cr. mAP": ("cross-lingual", "mAP"),
    "Mul. mAP": ("multilingual", "mAP"),
    "rank distance": ("multilingual", "rank distance"),
    "own language first": ("multilingual", "own language first"),
}
PAIR = ["query_language", "candidate_language"]
CELL = ["setting", "metric", *PAIR]


def score(ranks: pd.DataFrame) -> pd.DataFrame:
    """Score monolingual, cross-lingual and multilingual retrieval by language.

    Takes what :func:`hybridlib.evaluation.ranking.rank_relevant` returns. Columns ``setting``,
    ``metric``, ``query_language``, ``candidate_language`` (``all`` for the multilingual pool),
    ``value`` (rank distance in positions, else in [0, 1]) and ``num_queries`` (those with an answer
    in the candidate language). Each row is a *cell*.
    """
    scores = []
    for part in _parts(ranks):
        first = np.cumsum(part.num_queries) - part.num_queries
        means = np.stack([_means(values, first) for values in part.values], axis=1)
        count = np.repeat(part.num_queries, len(part.values))
        scores.append(part.cells.assign(value=means.ravel(), num_queries=count))
    return pd.concat(scores, ignore_index=True)


def question_scores(ranks: pd.DataFrame) -> pd.DataFrame:
    """Score every question in every cell, before any mean.

    Values of shape (questions, cells), NaN where a question has no query or no answer. The index
    holds the questions, the columns the cells of :func:`score` in the same order.
    """
    return _by_question(ranks, _parts(ranks))


def question_preferences(ranks: pd.DataFrame) -> pd.DataFrame:
    """Score every question by each measure of language preference, in the multilingual pool.

    As :func:`question_scores`; metrics ``rank distance`` (positions), ``own language first``,
    ``language preference rate`` and ``TLR@20`` (shares). A measure that says nothing about any
    query of a language has no cell for it.
    """
    pooled = _with_own(ranks).assign(candidate_language="all")
    part = _part("multilingual", pooled, "rank_in_pool", _RANK_DISTANCE, _PREFERENCES)
    return _by_question(ranks, [part]).dropna(axis="columns", how="all")


class _Part(NamedTuple):
    """One setting's cells and every query's values, in the order of pairs of languages."""

    cells: pd.DataFrame  # a row a pair and measure
    num_queries: np.ndarray  # (pairs,)
    questions: pd.Series  # (queries,)
    values: np.ndarray  # (measures, queries)


def _parts(ranks: pd.DataFrame) -> Iterator[_Part]:
    ranks = _with_own(ranks)
    own, other = ranks[ranks["is_own"]], ranks[~ranks["is_own"]]
    pooled = ranks.assign(candidate_language="all")
    for setting, part in (("monolingual", own), ("cross-lingual", other)):
        if not part.empty:  # else no query has an answer there
            yield _part(setting, part, "rank_in_language", PAIR_MEASURES, {})
    yield _part("multilingual", pooled, "rank_in_pool", _LARGE_POOL, _OWN_FIRST)


def _with_own(ranks: pd.DataFrame) -> pd.DataFrame:
    return ranks.assign(is_own=ranks["query_language"] == ranks["candidate_language"])


def _part(
    setting: str,
    ranks: pd.DataFrame,
    column: str,
    measures: Mapping[str, Measure],
    preferences: Mapping[str, Preference],
) -> _Part:
    pair = ranks.groupby(PAIR).ngroup().to_numpy()
    query = ranks.groupby(["question", *PAIR], sort=False).ngroup().to_numpy()
    order = np.lexsort((query, pair))  # a query's answers stay in their order
    first = np.flatnonzero(np.diff(query[order], prepend=-1))
    size = np.diff(first, append=len(order))
    rank, own = (ranks[name].to_numpy()[order] for name in (column, "is_own"))
    names = [*measures, *preferences]
    values = np.empty((len(names), len(first)))
    for width, rows in pd.Series(size).groupby(size).indices.items():  # so none is padded
        place = first[rows][:, None] + np.arange(width)
        matrix, is_own = rank[place], own[place]  # (queries, relevant)
        found = [measure(matrix) for measure in measures.values()]
        values[:, rows] = [*found, *(one(matrix, is_own) for one in preferences.values())]
    queries = ranks.iloc[order[first]]
    pairs = queries[PAIR].drop_duplicates()
    cells = pairs.iloc[np.repeat(np.arange(len(pairs)), len(names))]
    cells = cells.assign(setting=setting, metric=np.tile(names, len(pairs)))[CELL]
    return _Part(cells, np.bincount(pair[order[first]]), queries["question"], values)


def _means(values: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Mean of the values from each first one to the next, without NaN; NaN if there is no other."""
    is_known = ~np.isnan(values)
    # from a zero on, as numpy's own sum of a part: equal to the last bit
    known = np.insert(np.where(is_known, values, 0), first, 0.0)
    sums = np.add.reduceat(known, first + np.arange(len(first)))
    with np.errstate(invalid="ignore"):
        return sums / np.add.reduceat(is_known.astype(int), first)


def _by_question(ranks: pd.DataFrame, parts: Iterable[_Part]) -> pd.DataFrame:
    questions = pd.Index(ranks["question"].unique()).sort_values()
    columns, cells = [], []
    for part in parts:
        pair = np.repeat(np.arange(len(part.num_queries)), part.num_queries)
        table = np.full((len(part.num_queries), len(part.values), len(questions)), np.nan)
        table[pair, :, questions.get_indexer(part.questions)] = part.values.T
        columns.append(table.reshape(-1, len(questions)))
        cells.append(part.cells)
    names = pd.MultiIndex.from_frame(pd.concat(cells))
    return pd.DataFrame(np.concatenate(columns).T, index=questions, columns=names)


def rank_matrix(
    ranks: pd.DataFrame, column: str, of: Sequence[str] = ("query_language",)
) -> np.ndarray:
    """Values of a column by query, NaN behind a query's last one. Shape: (queries, relevant).

    ``of`` are the columns that tell the rankings of one question apart.
    """
    row = ranks.groupby(["question", *of], sort=False).ngroup()  # in the order of appearance
    place = row.groupby(row).cumcount().to_numpy()
    matrix = np.full((row.max() + 1, place.max() + 1), np.nan)
    matrix[row, place] = ranks[column].to_numpy()
    return matrix


def by_query_language(scores: pd.DataFrame) -> pd.DataFrame:
    """Mean over the candidate languages of each query language: a row of tables 3 to 8.

    Columns ``setting``, ``metric``, ``query_language``, ``value``.
    """
    keys = ["setting", "metric", "query_language"]
    return scores.groupby(keys, sort=False)["value"].mean().reset_index()


def summarize(scores: pd.DataFrame) -> pd.DataFrame:
    """Macro averages: over languages (monolingual, multilingual), over pairs (cross-lingual).

    Columns ``setting``, ``metric``, ``value``; one row each, in the paper's order of settings.
    """
    return scores.groupby(["setting", "metric"], sort=False)["value"].mean().reset_index()
