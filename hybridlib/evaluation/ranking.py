"""Exact ranks of the relevant candidates: no full score matrix is held."""

from itertools import pairwise

import numpy as np
import pandas as pd
import torch

from hybridlib.data.benchmark import PLACE_COLUMNS, RetrievalBenchmark
from hybridlib.models.encoder import DualEncoder
from hybridlib.models.text_settings import Side

_BLOCK_BYTES = 64 << 20  # scores held at a time


def embeddings(
    encoder: DualEncoder, benchmark: RetrievalBenchmark
) -> tuple[np.ndarray, np.ndarray]:
    """Encode queries and candidates, each of shape (texts, dimensions)."""
    name = benchmark.name
    return (
        _embeddings(encoder, benchmark.queries, "query", f"{name} queries"),
        _embeddings(encoder, benchmark.candidates, "passage", f"{name} candidates"),
    )


def _embeddings(encoder: DualEncoder, frame: pd.DataFrame, side: Side, progress: str) -> np.ndarray:
    texts, languages = frame["text"].tolist(), frame["language"].tolist()
    return encoder.encode(texts, side, languages=languages, progress=progress)


def rank_relevant(
    benchmark: RetrievalBenchmark, query_embeddings: np.ndarray, candidate_embeddings: np.ndarray
) -> pd.DataFrame:
    """Rank every relevant candidate of every query, in its own language and in the pool of all.

    One pass over the scores serves monolingual, cross-lingual and multilingual rankings. Embeddings
    are in the order of ``benchmark.queries`` and ``benchmark.candidates``, (texts, dimensions);
    what does not fit, is not finite or too long for float32 is a ValueError.

    Returns
    -------
    One row a query and relevant candidate: ``question``, its ``article`` and ``paragraph``,
    ``query_language``, ``candidate_language``, ``candidate``, ``rank_in_language`` (among the
    candidates of its language) and ``rank_in_pool`` (among all), 1-based. The ranks are those of
    trec_eval's order with ties going against the relevant candidate: a relevant candidate counts
    other relevant ones like any other; among tied relevant ones the order is that of
    ``benchmark.candidates``.
    """
    queries, candidates = benchmark.queries, benchmark.candidates
    longest = [
        _greatest_length("query", query_embeddings, len(queries)),
        _greatest_length("candidate", candidate_embeddings, len(candidates)),
    ]
    if not longest[0] * longest[1] < np.finfo(np.float32).max:  # no part of a sum is larger
        raise ValueError(
            f"embeddings of lengths up to {longest[0]:.3g} (queries) and {longest[1]:.3g} "
            "(candidates) have products that float32 cannot hold; bring them to unit length"
        )
    query, candidate = benchmark.relevant_candidates().to_numpy().T
    # first row of each language's candidates, and how many there are in all
    sizes = candidates["language"].value_counts().sort_index()
    bounds = np.concatenate([[0], sizes.cumsum()])
    in_language, in_pool = _ranks(query_embeddings, candidate_embeddings, query, candidate, bounds)
    columns = {name: queries[name].to_numpy()[query] for name in ("question", *PLACE_COLUMNS)}
    columns["query_language"] = queries["language"].to_numpy()[query]
    columns["candidate_language"] = candidates["language"].to_numpy()[candidate]
    columns["candidate"] = candidates["candidate"].to_numpy()[candidate]
    return pd.DataFrame(columns | {"rank_in_language": in_language, "rank_in_pool": in_pool})


def _ranks(
    query_embeddings: np.ndarray,
    candidate_embeddings: np.ndarray,
    query: np.ndarray,
    candidate: np.ndarray,
    bounds: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Ranks in language and in pool of relevant candidates, in order of ``query``: (relevant,)."""
    queries = torch.from_numpy(np.ascontiguousarray(query_embeddings, dtype=np.float32))
    candidates = torch.from_numpy(np.ascontiguousarray(candidate_embeddings, dtype=np.float32))
    language = np.searchsorted(bounds, candidate, side="right") - 1
    in_language, in_pool = np.zeros_like(query), np.zeros_like(query)
    block = max(1, _BLOCK_BYTES // (4 * len(candidates)))
    for start in range(0, len(queries), block):
        scores = (queries[start : start + block] @ candidates.T).numpy()  # (block, candidates)
        part = slice(*np.searchsorted(query, [start, start + block]))
        row, own = query[part] - start, language[part]
        target = scores[row, candidate[part]]
        for first, end in pairwise(bounds):
            scores[:, first:end].sort(axis=1)
        in_language[part] = _ranks_among(scores, row, bounds[own], bounds[own + 1], target)
        scores.sort(axis=1)
        in_pool[part] = _ranks_among(scores, row, bounds[:1], bounds[-1:], target)
    return in_language, in_pool


def _ranks_among(
    scores: np.ndarray, row: np.ndarray, first: np.ndarray, end: np.ndarray, target: np.ndarray
) -> np.ndarray:
    """Rank each target in columns ``first`` to ``end`` of its row, which ascend there."""
    flat, place, size = scores.ravel(), row * scores.shape[1] + first, end - first
    below = np.zeros_like(row)  # how many score less: found in halves, for all targets at once
    for bit in reversed(range(int(size.max()).bit_length())):
        further = np.minimum(below + (1 << bit), size)
        below = np.where(flat[place + further - 1] < target, further, below)
    # of tied relevant candidates the earlier is ahead
    later = pd.Series(target).groupby([place, target]).cumcount(ascending=False).to_numpy()
    return size - below - later


def _greatest_length(side: str, embeddings: np.ndarray, expected: int) -> float:
    if embeddings.ndim != 2 or len(embeddings) != expected:
        raise ValueError(
            f"expected ({expected}, dimensions) {side} embeddings, got {embeddings.shape}"
        )
    lengths = np.linalg.norm(embeddings.astype(np.float64), axis=1)
    if not np.isfinite(lengths).all():
        raise ValueError(f"the embedding of {side} {lengths.argmax()} is not finite")
    return float(lengths.max(initial=0))
