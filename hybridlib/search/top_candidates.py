"""The best candidates of each query among those seen so far."""

import numpy as np


class TopCandidates:
    """At most k candidates a query, best first; among equal scores the lower position first.

    The order in which candidates are added does not matter.

    Parameters
    ----------
    num_queries
        How many queries there are.
    k
        How many candidates a query keeps, >= 1.

    Raises
    ------
    ValueError
        If k is below 1.

    Examples
    --------
    >>> top = TopCandidates(num_queries=1, k=2)
    >>> top.add([0, 0, 0], [0.5, 0.9, 0.5], [7, 8, 3])
    >>> top.positions
    array([[8, 3]])
    """

    def __init__(self, num_queries: int, k: int) -> None:
        if k < 1:
            raise ValueError(f"k must be at least 1, got {k}")
        self.scores = np.full((num_queries, k), -np.inf, np.float32)  # (queries, k)
        self.positions = np.full((num_queries, k), -1, np.int64)  # (queries, k), -1: none

    @property
    def thresholds(self) -> np.ndarray:
        """What a further candidate must reach, -inf where any is taken. Shape: (queries,)."""
        return self.scores[:, -1]

    def add(self, queries: np.ndarray, scores: np.ndarray, positions: np.ndarray) -> None:
        """Offer candidates. Each of the three: (candidates,)."""
        kept = self.positions >= 0
        queries = np.concatenate([np.nonzero(kept)[0], queries])
        scores = np.concatenate([self.scores[kept], scores])
        positions = np.concatenate([self.positions[kept], positions])
        order = np.lexsort((positions, -scores, queries))
        queries, scores, positions = queries[order], scores[order], positions[order]
        place = np.arange(len(queries)) - np.searchsorted(queries, queries)
        best = place < self.scores.shape[1]
        cell = queries[best], place[best]
        self.scores[cell], self.positions[cell] = scores[best], positions[best]
