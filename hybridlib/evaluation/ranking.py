"""Exact ranks of the relevant candidates: no full score matrix, no sort."""

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

    One pass over the scores serves monolingual, cross-lingual and multilingual rankings.

    Parameters
    ----------
    benchmark
        Whose queries and candidates were encoded.
    query_embeddings
        In the order of ``benchmark.queries``. Shape: (queries, dimensions).
    candidate_embeddings
        In the order of ``benchmark.candidates``. Shape: (candidates, dimensions).

    Returns
    -------
    One row a query and relevant candidate: ``question``, its ``article`` and ``paragraph``,
    ``query_language``, ``candidate_language``, ``candidate``, ``rank_in_language`` (among the
    candidates of its language) and ``rank_in_pool`` (among all), 1-based. The ranks are those of
    trec_eval's order with ties going against the relevant candidate: a relevant candidate counts
    other relevant ones like any other; among tied relevant ones the order is that of
    ``benchmark.candidates``.

    Raises
    ------
    ValueError
        If a shape does not fit, an embedding is not finite, or a product of two could not be held
        in float32.
    """
    _check("query", query_embeddings, len(benchmark.queries))
    _check("candidate", candidate_embeddings, len(benchmark.candidates))
    _check_products(query_embeddings, candidate_embeddings)
    relevant = benchmark.relevant_candidates()
    place = relevant.groupby("query").cumcount().to_numpy()
    query, candidate = relevant["query"].to_numpy(), relevant["candidate"].to_numpy()
    # (queries, most relevant candidates of a query): rows of the candidates, -1 behind the last
    rows = np.full((len(benchmark.queries), place.max() + 1), -1, dtype=np.int64)
    rows[query, place] = candidate
    codes = benchmark.candidates["language"].map(benchmark.candidate_languages.index)
    language = codes.to_numpy(dtype=np.int64, copy=True)
    in_language, in_pool = _ranks(query_embeddings, candidate_embeddings, rows, language)
    return pd.DataFrame(
        {
            **{
                name: benchmark.queries[name].to_numpy()[query]
                for name in ("question", *PLACE_COLUMNS)
            },
            "query_language": benchmark.queries["language"].to_numpy()[query],
            "candidate_language": benchmark.candidates["language"].to_numpy()[candidate],
            "candidate": benchmark.candidates["candidate"].to_numpy()[candidate],
            "rank_in_language": in_language[query, place],
            "rank_in_pool": in_pool[query, place],
        }
    )


def _ranks(
    query_embeddings: np.ndarray,
    candidate_embeddings: np.ndarray,
    relevant: np.ndarray,
    language: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Ranks in language and in pool of ``relevant``, each (queries, relevant)."""
    queries = torch.from_numpy(np.ascontiguousarray(query_embeddings, dtype=np.float32))
    candidates = torch.from_numpy(np.ascontiguousarray(candidate_embeddings, dtype=np.float32))
    bounds = np.searchsorted(language, np.arange(language.max() + 2)).tolist()
    in_language, in_pool = np.zeros_like(relevant), np.zeros_like(relevant)
    block = max(1, _BLOCK_BYTES // (4 * len(candidates)))
    for start in range(0, len(queries), block):
        rows = slice(start, start + block)
        scores = queries[rows] @ candidates.T  # (block, candidates)
        targets = torch.from_numpy(relevant[rows])  # (block, relevant)
        target_language = torch.from_numpy(language)[targets]
        target_scores = scores.gather(1, targets.clamp(min=0)).masked_fill(targets < 0, torch.nan)
        counts = _count_at_least(scores, target_scores, bounds)  # (block, relevant, languages)
        # (block, relevant, relevant): a tied relevant candidate that stands later is not ahead
        ties = target_scores.unsqueeze(2) == target_scores.unsqueeze(1)
        later = ties & (targets.unsqueeze(2) < targets.unsqueeze(1))
        same_language = target_language.unsqueeze(2) == target_language.unsqueeze(1)
        ahead = counts.gather(2, target_language.unsqueeze(2)).squeeze(2)
        in_language[rows] = (ahead - (later & same_language).sum(2)).numpy()
        in_pool[rows] = (counts.sum(2) - later.sum(2)).numpy()
    return in_language, in_pool


def _count_at_least(
    scores: torch.Tensor, target_scores: torch.Tensor, bounds: list[int]
) -> torch.Tensor:
    """Count the candidates of each language that score at least as much as each target."""
    num_languages = len(bounds) - 1
    counts = torch.empty((*target_scores.shape, num_languages), dtype=torch.int64)
    for target in range(target_scores.shape[1]):
        reached = scores >= target_scores[:, target : target + 1]
        for language in range(num_languages):
            segment = reached[:, bounds[language] : bounds[language + 1]]
            counts[:, target, language] = segment.sum(1, dtype=torch.int32)
    return counts


def _check(side: str, embeddings: np.ndarray, expected: int) -> None:
    if embeddings.ndim != 2 or len(embeddings) != expected:
        raise ValueError(
            f"expected ({expected}, dimensions) {side} embeddings, got {embeddings.shape}"
        )
    if not np.isfinite(embeddings).all():
        row = int(np.flatnonzero(~np.isfinite(embeddings).all(1))[0])
        raise ValueError(f"the embedding of {side} {row} is not finite")


def _check_products(query_embeddings: np.ndarray, candidate_embeddings: np.ndarray) -> None:
    """No score, and no part of its sum, is larger than the product of two norms."""
    longest = [
        float(np.linalg.norm(embeddings.astype(np.float64), axis=1).max(initial=0))
        for embeddings in (query_embeddings, candidate_embeddings)
    ]
    if not longest[0] * longest[1] < np.finfo(np.float32).max:
        raise ValueError(
            f"embeddings of lengths up to {longest[0]:.3g} (queries) and {longest[1]:.3g} "
            "(candidates) have products that float32 cannot hold; bring them to unit length"
        )
