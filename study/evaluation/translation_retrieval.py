"""Translation retrieval over all ordered pairs of many varieties, from one vector a text."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hybridlib.evaluation import metrics


@dataclass(frozen=True)
class TranslationRanks:
    """Rank of every sentence's translation, from every variety into every other.

    Both arrays have the shape (query varieties, candidate varieties, sentences) and hold 1-based
    ranks, 0 on the diagonal. ``in_variety`` is the rank among the sentences of the candidate
    variety. ``in_pool`` is the rank among the sentences of all varieties but the query itself: the
    other sentences of its own variety stand there too, and an encoder that prefers languages to
    meanings ranks them first. Ties go against the translation; a translation counts other
    translations of the query like any other candidate, tied ones in the order of the varieties.
    """

    varieties: tuple[str, ...]
    in_variety: np.ndarray
    in_pool: np.ndarray


def translation_retrieval(embeddings_by_variety: Mapping[str, np.ndarray]) -> TranslationRanks:
    """Rank translations by cosine; memory holds the scores of one query variety at a time.

    The vectors of each variety are finite, of unit length, of the same sentences in the same order,
    and of shape (sentences, dimensions).
    """
    varieties = tuple(embeddings_by_variety)
    vectors = np.stack([np.asarray(part, np.float32) for part in embeddings_by_variety.values()])
    num_varieties, num_sentences, dimensions = vectors.shape
    pool = vectors.reshape(-1, dimensions)
    ranks = np.zeros((2, num_varieties, num_varieties, num_sentences), dtype=np.int32)
    for query in range(num_varieties):
        # (sentences, varieties, sentences)
        scores = (vectors[query] @ pool.T).reshape(num_sentences, num_varieties, num_sentences)
        targets = np.einsum("sbs->sb", scores).copy()  # (sentences, varieties): the translations
        ranks[0, query] = (scores >= targets[:, :, None]).sum(2).T
        np.einsum("ss->s", scores[:, query])[:] = -np.inf  # the query itself is no candidate
        ranks[1, query] = _pool_ranks(scores.reshape(num_sentences, -1), targets, query).T
        ranks[:, query, query] = 0
    return TranslationRanks(varieties, *ranks)


def _pool_ranks(scores: np.ndarray, targets: np.ndarray, query: int) -> np.ndarray:
    """Ranks among all scores, (sentences, pool), of the targets, (sentences, varieties)."""
    ordered = np.sort(scores, axis=1)
    ahead = np.stack(
        [len(row) - np.searchsorted(row, own) for row, own in zip(ordered, targets, strict=True)]
    )
    # of tied translations a later one is not ahead; the query's own variety is none of them
    tied = targets[:, :, None] == targets[:, None, :]
    tied[:, :, query] = False
    return ahead - np.triu(tied, k=1).sum(2)


def pair_scores(ranks: TranslationRanks) -> pd.DataFrame:
    """Score every ordered pair of varieties: ``query_variety``, ``candidate_variety``.

    ``R@1`` and ``mAP`` (the mean of 1 / rank, one candidate being relevant) are among the candidate
    variety, ``pool reciprocal rank`` is the mean of 1 / rank in the pool.
    """
    query, candidate = np.nonzero(~np.eye(len(ranks.varieties), dtype=bool))
    names = np.array(ranks.varieties)
    in_variety, in_pool = (r[query, candidate] for r in (ranks.in_variety, ranks.in_pool))
    return pd.DataFrame(
        {
            "query_variety": names[query],
            "candidate_variety": names[candidate],
            "R@1": (in_variety == 1).mean(1),
            "mAP": (1 / in_variety).mean(1),
            "pool reciprocal rank": (1 / in_pool).mean(1),
        }
    )


def pool_scores(ranks: TranslationRanks) -> pd.DataFrame:
    """Each ``query_variety`` in the pool of all: ``mAP`` over translations, ``rank distance``."""
    rows = []
    for number, variety in enumerate(ranks.varieties):
        others = np.delete(ranks.in_pool[number], number, axis=0).T  # (sentences, translations)
        precision = metrics.average_precision(others).mean()
        rows.append((variety, precision, metrics.rank_distance(others).mean()))
    return pd.DataFrame(rows, columns=["query_variety", "mAP", "rank distance"])
