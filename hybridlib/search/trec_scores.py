"""What a search found, in the order of trec_eval, and its scores."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from hybridlib.data.streamed_benchmark import StreamedBenchmark
from hybridlib.evaluation import metrics, three_settings
from hybridlib.files import whole_file
from hybridlib.search.encode_shards import VectorShard
from hybridlib.search.large_search import Found

_NOT_FOUND = 1e9  # ranks beyond any depth, each once
_FROM_RANKS = {
    "nDCG@10": lambda ranks, degrees: graded_ndcg(ranks, degrees, 10),
    "R@100": lambda ranks, _: metrics.recall(ranks, 100),
}


def graded_ndcg(ranks: np.ndarray, degrees: np.ndarray, k: int) -> np.ndarray:
    """nDCG@k of passages of several degrees of relevance, as trec_eval's: the degree is the gain.

    Ranks and degrees of each query's relevant passages are NaN behind the last, both of shape
    (queries, relevant). In [0, 1], 0 for a query without a relevant passage. Shape: (queries,).
    """
    gains = np.nan_to_num(degrees)
    found = np.nansum(np.where(ranks <= k, gains / np.log2(1 + ranks), 0), axis=1)
    discounts = 1 / np.log2(1 + np.arange(1, gains.shape[1] + 1))
    discounts[k:] = 0
    best = (-np.sort(-gains, axis=1)) @ discounts
    return np.divide(found, best, out=np.zeros_like(found), where=best > 0)


def in_order(queries: Sequence[str], shards: Sequence[VectorShard], top: Found) -> pd.DataFrame:
    """Name the passages that were found: columns ``query``, ``passage``, ``score`` and ``rank``.

    Ranks are 1-based, in trec_eval's order: among equal scores the greater passage id is ahead. A
    passage id that was found twice for a query is a ValueError.
    """
    row, place = np.nonzero(top.positions >= 0)
    positions = top.positions[row, place]  # (found,)
    passages = np.empty(len(positions), dtype=object)
    start = 0
    for shard in shards:
        ids = np.array(shard.passage_ids(), dtype=object)
        here = (positions >= start) & (positions < start + len(ids))
        passages[here] = ids[positions[here] - start]
        start += len(ids)
    names = np.array(queries, dtype=object)[row]
    columns = {"row": row, "query": names, "passage": passages, "score": top.scores[row, place]}
    table = pd.DataFrame(columns)
    twice = table.duplicated(["row", "passage"])
    if twice.any():
        raise ValueError(f"passage {table['passage'][twice].iloc[0]!r} is in the corpus twice")
    ascending = [True, False, False]
    table = table.sort_values(["row", "score", "passage"], ascending=ascending, ignore_index=True)
    table["rank"] = table.groupby("row").cumcount() + 1
    return table.drop(columns="row")


def write_run_file(ranking: pd.DataFrame, file: Path, tag: str) -> None:
    """Write a TREC run file: query, Q0, passage, rank, score, tag; scores to the last bit."""
    with whole_file(file) as sink:
        for query, passage, score, rank in ranking.itertuples(index=False):
            sink.write(f"{query} Q0 {passage} {rank} {score:.9g} {tag}\n".encode())


def score(ranks: pd.DataFrame, num_passages: Mapping[str, int]) -> pd.DataFrame:
    """Mean over all queries, as trec_eval's; a query without a relevant passage counts as zero.

    Takes ranks of :func:`ranks_of_relevant`, and how many passages were searched by language.
    """
    found = question_scores(ranks)
    means = found.agg(["mean", "count"]).T.set_axis(["value", "num_queries"], axis=1).reset_index()
    passages = means["query_language"].map(num_passages)
    return means.astype({"num_queries": int}).assign(num_passages=passages)


def ranks_of_relevant(data: StreamedBenchmark, ranking: pd.DataFrame) -> pd.DataFrame:
    """Rank and degree of every relevant passage; no rank where it is not among those found.

    A query without a relevant passage has one row without a passage.
    """
    relevant: list[tuple[str, str | None, int]] = [
        (one.query, one.passage, one.relevance) for one in data.judgements if one.relevance > 0
    ]
    without = set(data.queries) - {query for query, *_ in relevant}
    relevant += [(query, None, 0) for query in data.queries if query in without]
    table = pd.DataFrame(relevant, columns=["query", "passage", "relevance"])
    table = table.merge(ranking[["query", "passage", "rank"]], how="left")
    names = {"query": "question", "passage": "candidate"}
    table = table.astype({"rank": "Int64"}).rename(columns=names)
    return table.assign(query_language=data.language, candidate_language=data.language)


def question_scores(ranks: pd.DataFrame) -> pd.DataFrame:
    """Score every query, before any mean, from its relevant passages' ranks.

    As :func:`hybridlib.evaluation.three_settings.question_scores`: of shape (queries, cells), NaN
    where a query is in another language than the cell.
    """
    columns = {}
    for language, part in ranks.groupby("query_language"):
        not_found = pd.Series(_NOT_FOUND + np.arange(len(part)), part.index)
        found = part.assign(rank=part["rank"].astype(float).fillna(not_found))
        matrix = three_settings.rank_matrix(found, "rank")
        degrees = three_settings.rank_matrix(found, "relevance")
        queries = f"{language} " + found["question"].drop_duplicates()
        for metric, measure in _FROM_RANKS.items():
            cell = ("monolingual", metric, language, language)
            columns[cell] = pd.Series(measure(matrix, degrees), index=queries.to_numpy())
    table = pd.DataFrame(columns)
    table.columns.names = three_settings.CELL
    return table.sort_index()
