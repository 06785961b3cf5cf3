"""The three retrieval settings of LAReQA (section 4.1 of the paper), scored from ranks."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd

from hybridlib.data.benchmark import PLACE_COLUMNS
from hybridlib.evaluation import language_preference, metrics

Measure = Callable[[np.ndarray], np.ndarray]

PAIR_MEASURES: dict[str, Measure] = {
    "mAP": metrics.average_precision,
    "R@1": lambda ranks: metrics.recall(ranks, 1),
    "nDCG@10": lambda ranks: metrics.ndcg(ranks, 10),
}
_LARGE_POOL: dict[str, Measure] = {
    "mAP": metrics.average_precision,
    "R@10": lambda ranks: metrics.recall(ranks, 10),
    "nDCG@10": lambda ranks: metrics.ndcg(ranks, 10),
    "rank distance": metrics.rank_distance,
}


PAIR = ["query_language", "candidate_language"]
CELL = ["setting", "metric", *PAIR]


def score(ranks: pd.DataFrame) -> pd.DataFrame:
    """Score monolingual, cross-lingual and multilingual retrieval by language.

    Parameters
    ----------
    ranks
        What :func:`hybridlib.evaluation.ranking.rank_relevant` returns.

    Returns
    -------
    Columns ``setting``, ``metric``, ``query_language``, ``candidate_language`` (``all`` for the
    multilingual pool), ``value`` (rank distance in positions, else in [0, 1]) and ``num_queries``
    (those with an answer in the candidate language). Each row is a *cell*.
    """
    rows = [
        (*cell, float(np.nanmean(values)), len(values)) for cell, _, values in _query_scores(ranks)
    ]
    return pd.DataFrame(rows, columns=[*CELL, "value", "num_queries"])


def question_scores(ranks: pd.DataFrame) -> pd.DataFrame:
    """Score every question in every cell, before any mean.

    Returns
    -------
    Values of shape (questions, cells), NaN where a question has no query or no answer. The index
    holds the questions, the columns the cells of :func:`score` in the same order.
    """
    codes, questions = pd.factorize(ranks["question"], sort=True)
    columns = {}
    for cell, rows, values in _query_scores(ranks.assign(question=codes)):
        columns[cell] = np.full(len(questions), np.nan)
        columns[cell][rows] = values
    table = pd.DataFrame(columns, index=pd.Index(questions))
    table.columns.names = CELL
    return table


def question_preferences(ranks: pd.DataFrame) -> pd.DataFrame:
    """Score every question by each measure of language preference, in the multilingual pool.

    Not among the stored scores, which hold rank distance and own language first alone.

    Returns
    -------
    As of :func:`question_scores`; metrics ``rank distance`` (positions), ``own language first``,
    ``language preference rate`` and ``TLR@20`` (shares). A measure that says nothing about any
    query of a language has no cell for it.
    """
    columns = {}
    own = ranks["query_language"] == ranks["candidate_language"]
    for language, part in ranks.assign(is_own=own).groupby("query_language"):
        matrix, is_own = rank_matrix(part, "rank_in_pool"), rank_matrix(part, "is_own") == 1
        for metric, values in {
            "rank distance": metrics.rank_distance(matrix),
            "own language first": language_preference.own_language_first(matrix, is_own),
            "language preference rate": language_preference.language_preference_rate(
                matrix, is_own
            ),
            "TLR@20": language_preference.recall_in_other_languages(matrix, is_own, 20),
        }.items():
            if not np.isnan(values).all():
                cell = ("multilingual", metric, language, "all")
                columns[cell] = pd.Series(values, index=part["question"].unique())
    table = pd.DataFrame(columns)
    table.columns.names = CELL
    return table.sort_index()


def _query_scores(
    ranks: pd.DataFrame,
) -> Iterator[tuple[tuple[str, str, str, str], np.ndarray, np.ndarray]]:
    """Yield each cell with its questions and their values, each (queries,)."""
    ranks = ranks.drop(columns=[*PLACE_COLUMNS], errors="ignore")
    ranks["is_own"] = ranks["query_language"] == ranks["candidate_language"]
    pooled = ranks.assign(candidate_language="all")
    parts = (
        ("monolingual", ranks[ranks["is_own"]], "rank_in_language", PAIR_MEASURES),
        ("cross-lingual", ranks[~ranks["is_own"]], "rank_in_language", PAIR_MEASURES),
        ("multilingual", pooled, "rank_in_pool", _LARGE_POOL),
    )
    for setting, part, column, measures in parts:
        if part.empty:  # no query has an answer there
            continue
        matrix = rank_matrix(part, column, of=PAIR)
        values = {metric: measure(matrix) for metric, measure in measures.items()}
        if setting == "multilingual":
            own = rank_matrix(part, "is_own", of=PAIR) == 1
            values["own language first"] = language_preference.own_language_first(matrix, own)
        places = part.drop_duplicates(["question", *PAIR])  # the matrix has a row for each
        for pair, rows in sorted(places.groupby(PAIR).indices.items()):
            questions = places["question"].to_numpy()[rows]
            for metric in values:
                yield (setting, metric, *pair), questions, values[metric][rows]


def rank_matrix(
    ranks: pd.DataFrame, column: str, of: Sequence[str] = ("query_language",)
) -> np.ndarray:
    """Ranks by query, NaN behind a query's last relevant candidate. Shape: (queries, relevant).

    Parameters
    ----------
    ranks, column
        The ranks, and the column that has them.
    of
        Columns that tell the rankings of one question apart.
    """
    row = ranks.groupby(["question", *of], sort=False).ngroup()  # in the order of appearance
    place = row.groupby(row).cumcount().to_numpy()
    matrix = np.full((row.max() + 1, place.max() + 1), np.nan)
    matrix[row, place] = ranks[column].to_numpy()
    return matrix


def by_query_language(scores: pd.DataFrame) -> pd.DataFrame:
    """Mean over the candidate languages of each query language: a row of tables 3 to 8.

    Returns
    -------
    Columns ``setting``, ``metric``, ``query_language``, ``value``.
    """
    keys = ["setting", "metric", "query_language"]
    return scores.groupby(keys, sort=False)["value"].mean().reset_index()


def summarize(scores: pd.DataFrame) -> pd.DataFrame:
    """Macro averages: over languages (monolingual, multilingual), over pairs (cross-lingual).

    Returns
    -------
    Columns ``setting``, ``metric``, ``value``; one row each, in the paper's order of settings.
    """
    return scores.groupby(["setting", "metric"], sort=False)["value"].mean().reset_index()
