"""The three retrieval settings of LAReQA (section 4.1 of the paper), scored from ranks."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from hybridlib import metrics

Measure = Callable[[np.ndarray], np.ndarray]

_SMALL_POOL: dict[str, Measure] = {
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


def score(ranks: pd.DataFrame) -> pd.DataFrame:
    """Score monolingual, cross-lingual and multilingual retrieval by language.

    Parameters
    ----------
    ranks
        What :func:`hybridlib.ranking.rank_relevant` returns.

    Returns
    -------
    Columns ``setting``, ``metric``, ``query_language``, ``candidate_language`` (``all`` for the
    multilingual pool), ``value`` (rank distance in positions, else in [0, 1]) and ``num_queries``
    (those with an answer in the candidate language).
    """
    is_monolingual = ranks["query_language"] == ranks["candidate_language"]
    pooled = ranks.assign(candidate_language="all")
    parts = (
        ("monolingual", ranks[is_monolingual], "rank_in_language", _SMALL_POOL),
        ("cross-lingual", ranks[~is_monolingual], "rank_in_language", _SMALL_POOL),
        ("multilingual", pooled, "rank_in_pool", _LARGE_POOL),
    )
    rows = []
    for setting, part, column, measures in parts:
        for languages, group in part.groupby(["query_language", "candidate_language"]):
            matrix = rank_matrix(group, column)
            for metric, measure in measures.items():
                value = float(measure(matrix).mean())
                rows.append((setting, metric, *languages, value, len(matrix)))
    names = ["setting", "metric", "query_language", "candidate_language", "value", "num_queries"]
    return pd.DataFrame(rows, columns=names)


def rank_matrix(ranks: pd.DataFrame, column: str) -> np.ndarray:
    """Ranks by query, NaN behind a query's last relevant candidate. Shape: (queries, relevant)."""
    query = ranks.groupby(["question", "query_language"], sort=False)
    row, place = query.ngroup().to_numpy(), query.cumcount().to_numpy()
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
