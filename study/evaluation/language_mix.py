"""Languages of the top of a ranking, relevant or not, beside those of the pool."""

import numpy as np
import pandas as pd
import torch

from hybridlib.data.benchmark import RetrievalBenchmark

_BLOCK = 512  # queries scored at a time


def language_mix(
    benchmark: RetrievalBenchmark,
    query_embeddings: np.ndarray,
    candidate_embeddings: np.ndarray,
    k: int = 10,
) -> pd.DataFrame:
    """Languages of the top k of all candidates, relevant or not, beside those of the pool.

    Embeddings are those of :func:`hybridlib.evaluation.ranking.rank_relevant`. A row a query and a
    candidate language: ``query_language``, ``candidate_language``, ``top_share`` (mean over the
    queries) and ``pool_share``, which each sum to one over the candidate languages and without a
    preference are equal.

    Source: Roy et al. (2020, arXiv 2004.05484), Yang et al. (2021, arXiv 2109.04727).
    """
    if not 1 <= k <= len(benchmark.candidates):
        raise ValueError(f"k must be in [1, {len(benchmark.candidates)}], got {k}")
    languages = list(benchmark.candidate_languages)
    codes = benchmark.candidates["language"].map(languages.index).to_numpy()
    queries = torch.from_numpy(np.ascontiguousarray(query_embeddings, dtype=np.float32))
    candidates = torch.from_numpy(np.ascontiguousarray(candidate_embeddings, dtype=np.float32))
    best = [(part @ candidates.T).topk(k).indices.numpy() for part in queries.split(_BLOCK)]
    in_top = codes[np.concatenate(best)][:, :, None] == np.arange(len(languages))
    shares = pd.DataFrame(in_top.mean(axis=1), columns=languages)  # (queries, languages)
    means = shares.groupby(benchmark.queries["language"].to_numpy()).mean()
    table = means.rename_axis("query_language").reset_index()
    mix = table.melt("query_language", var_name="candidate_language", value_name="top_share")
    pool = np.bincount(codes) / len(codes)
    return mix.assign(pool_share=pool[mix["candidate_language"].map(languages.index)])
