"""One shard against all queries, block by block: most passages are never looked at singly."""

from collections.abc import Callable

import numpy as np
import torch

from hybridlib.top_candidates import TopCandidates

_GROUP = 16  # scores of which only the largest is compared at first
_SCORE_BYTES = {"cpu": 8 << 20, "cuda": 256 << 20}  # a block's scores: on a CPU they stay in cache


def search_block_wise(
    queries: np.ndarray, vectors: np.ndarray, first_position: int, best: TopCandidates
) -> None:
    """Offer all passages of a shard to the best candidates, block by block.

    Of each group of passages only the largest score meets the query's threshold, the score of its
    k-th best so far; few groups pass, and only in those the single scores are looked at.

    Parameters
    ----------
    queries
        float32. Shape: (queries, dimensions).
    vectors
        float16. Shape: (passages, dimensions).
    first_position
        Position of the shard's first passage.
    best
        Is changed.

    Raises
    ------
    ValueError
        If a vector is not finite.
    """
    device = "cuda" if torch.cuda.is_available() else "cpu"
    # (queries + 1, dimensions): zero times a number that is not finite is NaN, which tells on it
    guarded = torch.from_numpy(np.pad(queries, ((0, 1), (0, 0)))).to(device)
    num_rows = _block_rows(len(guarded), device)
    scores_of = _product(guarded, num_rows)
    half = torch.zeros(num_rows, vectors.shape[1], dtype=torch.float16)
    full = torch.empty(num_rows, vectors.shape[1], device=device)
    pending = _Pending(best, device)
    for start in range(0, len(vectors), num_rows):
        block = vectors[start : start + num_rows]
        half.numpy()[: len(block)] = block
        # every block has the same shape, so that equal vectors get equal scores wherever they are
        scores = scores_of(full.copy_(half))  # (passages, queries + 1)
        if scores[: len(block), -1].isnan().any():
            row = start + int(np.flatnonzero(~np.isfinite(block).all(1))[0])
            name = getattr(vectors, "filename", "vectors")
            raise ValueError(f"{name}: the vector of passage {row} is not finite")
        scores[len(block) :] = -torch.inf
        pending.take(scores[:, :-1], first_position + start)
    pending.flush()


class _Pending:
    """Candidates that passed the threshold and wait to be sorted in, many at a time."""

    def __init__(self, best: TopCandidates, device: str) -> None:
        self.best = best
        self.device = device
        self.parts: list[tuple[np.ndarray, ...]] = []
        self.thresholds = torch.from_numpy(best.thresholds.copy()).to(device)

    def take(self, scores: torch.Tensor, first_position: int) -> None:
        """Take what reaches the thresholds from a block's scores. Shape: (passages, queries)."""
        k = self.best.scores.shape[1]
        groups = scores.unflatten(0, (-1, _GROUP))  # (groups, passages of a group, queries)
        largest = groups.amax(1)  # (groups, queries)
        thresholds = self.thresholds
        if len(largest) >= k and thresholds.isneginf().any():
            # k groups reach this, so at least k passages do
            thresholds = torch.maximum(thresholds, largest.topk(k, 0).values[-1])
        group, query = (largest >= thresholds).nonzero(as_tuple=True)
        if not len(group):
            return
        found = groups[group, :, query]  # (groups that pass, passages of a group)
        passes = (found >= thresholds[query].unsqueeze(1)) & (found > -torch.inf)
        row, place = passes.nonzero(as_tuple=True)
        position = first_position + group[row] * _GROUP + place
        part = (query[row], found[row, place], position)
        self.parts.append(tuple(tensor.cpu().numpy() for tensor in part))
        waiting = sum(len(queries) for queries, *_ in self.parts)
        if waiting >= self.best.scores.size // 2 or np.isneginf(self.best.thresholds).any():
            self.flush()

    def flush(self) -> None:
        """Sort the waiting candidates in and raise the thresholds."""
        if self.parts:
            query, score, position = (
                np.concatenate(part) for part in zip(*self.parts, strict=True)
            )
            self.best.add(query, score, position)
            self.parts = []
        self.thresholds = torch.from_numpy(self.best.thresholds.copy()).to(self.device)


def _block_rows(num_queries: int, device: str) -> int:
    """Passages of a block: a power of two, at least 512, whose scores take the bytes or less."""
    fitting = _SCORE_BYTES[device] // (4 * num_queries)
    return max(512, 1 << (max(1, fitting).bit_length() - 1))


def _product(queries: torch.Tensor, num_rows: int) -> Callable[[torch.Tensor], torch.Tensor]:
    """Compute (passages, queries) scores of (passages, dimensions) vectors, in float32.

    On a CPU by oneDNN with packed queries where there is one: torch itself takes MKL, which leaves
    AMD's AVX-512 unused and takes twice the time there.
    """
    if queries.device.type == "cpu" and torch.backends.mkldnn.is_available():
        packed = torch.ops.mkldnn._reorder_linear_weight(queries, num_rows)
        linear = torch.ops.mkldnn._linear_pointwise
        return lambda vectors: linear(vectors, packed, None, "none", [], "")
    return lambda vectors: vectors @ queries.T
