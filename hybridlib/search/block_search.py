"""One shard against all queries, block by block: a glance at every passage, exact scores of few."""

from collections.abc import Callable

import numpy as np
import torch

from hybridlib.search.top_candidates import TopCandidates

_GROUP = 16  # scores of which only the largest is compared at first
_SCORE_BYTES = {"cpu": 4 << 20, "cuda": 256 << 20}  # a block's scores: on a CPU they stay in cache
_ROWS_TOGETHER = 512  # exact scores computed at a time


def search_block_wise(
    queries: np.ndarray, vectors: np.ndarray, first_position: int, best: TopCandidates
) -> None:
    """Offer all passages of a shard to the best candidates, block by block.

    Scores are float64 sums, rounded to float32. Few are computed: a matrix product in bfloat16,
    where the processor multiplies it, else in float32, differs from them by a margin that is known,
    and a passage that stays below the query's threshold, the score of its k-th best so far, by more
    than the margin cannot be among the best. Of each group of passages only the largest product
    meets the threshold; few groups pass, and only in those the single products are looked at.

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
    glance = _Glance(torch.from_numpy(queries).to(device))
    pending = _Pending(best, torch.from_numpy(queries).to(device, torch.float64))
    for start in range(0, len(vectors), glance.num_rows):
        rows = torch.from_numpy(vectors[start : start + glance.num_rows]).to(device)
        scores, margin = glance.scores(rows)
        if not margin.isfinite().all():
            row = start + int((~rows.isfinite().all(1)).nonzero()[0])
            name = getattr(vectors, "filename", "vectors")
            raise ValueError(f"{name}: the vector of passage {row} is not finite")
        pending.take(scores, margin, glance.block, first_position + start)
    pending.flush()


class _Glance:
    """Products of all queries with a block of passages, and how far from exact they can be."""

    def __init__(self, queries: torch.Tensor) -> None:
        device, dimensions = queries.device.type, queries.shape[1]
        is_short = device == "cpu" and _multiplies_bfloat16()
        dtype = torch.bfloat16 if is_short else torch.float32
        rounded = queries.to(dtype)
        # (queries,): error of a product with a passage of length 1, by Cauchy and Schwarz, from
        # rounding the query, from rounding the passage, and from adding up in float32
        self.error = (queries - rounded).norm(dim=1) + rounded.float().norm(dim=1) * (
            (2.0**-8 if is_short else 0.0) + dimensions * 2.0**-23
        )
        fitting = _SCORE_BYTES[device] // (rounded.element_size() * len(queries))
        self.num_rows = max(512, 1 << (max(1, fitting).bit_length() - 1))
        shape = self.num_rows, dimensions
        self.block = torch.zeros(shape, device=device)
        self.rounded = torch.zeros(shape, dtype=dtype, device=device) if is_short else self.block
        self.product = _product(rounded, self.num_rows)

    def scores(self, rows: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Products, -inf behind the last passage, and their margin.

        Shapes: (num_rows, queries), (queries,).
        """
        self.block[: len(rows)].copy_(rows)
        if self.rounded is not self.block:
            self.rounded.copy_(self.block)  # by way of float32: torch is slow from float16
        scores = self.product(self.rounded)
        scores[len(rows) :] = -torch.inf
        longest = torch.linalg.vector_norm(self.block[: len(rows)], dim=1).max()
        return scores, self.error * (1.01 * longest)  # what is left out is below 1 %


class _Pending:
    """Candidates that passed the threshold and wait to be sorted in, many at a time."""

    def __init__(self, best: TopCandidates, queries: torch.Tensor) -> None:
        self.best = best
        self.queries = queries
        self.parts: list[tuple[np.ndarray, ...]] = []
        self.thresholds = torch.from_numpy(best.thresholds.copy()).to(queries.device)

    def take(
        self, scores: torch.Tensor, margin: torch.Tensor, block: torch.Tensor, first_position: int
    ) -> None:
        """Take the passages of a block whose exact scores reach the thresholds.

        Shapes: (passages, queries), (queries,), (passages, dimensions).
        """
        k = self.best.scores.shape[1]
        groups = scores.unflatten(0, (-1, _GROUP))  # (groups, passages of a group, queries)
        largest = groups.amax(1)  # (groups, queries)
        bound = self.thresholds - margin
        if len(largest) >= k and bound.isneginf().any():
            # k groups reach this, so at least k passages do, two margins and two roundings below
            bound = torch.maximum(bound, largest.topk(k, 0).values[-1].float() - 4 * margin)
        bound = bound.to(scores.dtype)  # rounded as the products are, so none is lost
        group, query = (largest >= bound).nonzero(as_tuple=True)
        if not len(group):
            return
        found = groups[group, :, query]  # (groups that pass, passages of a group)
        passes = (found >= bound[query].unsqueeze(1)) & (found > -torch.inf)
        chosen, place = passes.nonzero(as_tuple=True)
        query, row = query[chosen], group[chosen] * _GROUP + place
        exact = _exact_scores(self.queries, block, query, row)
        reaches = exact >= self.thresholds[query]
        part = (query[reaches], exact[reaches], first_position + row[reaches])
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
        self.thresholds = torch.from_numpy(self.best.thresholds.copy()).to(self.queries.device)


def _exact_scores(
    queries: torch.Tensor, block: torch.Tensor, query: torch.Tensor, row: torch.Tensor
) -> torch.Tensor:
    """Scores of some (query, passage) pairs, summed in float64. Shape: (pairs,), float32."""
    sums = [
        queries.index_select(0, q).mul_(block.index_select(0, r).double()).sum(1)
        for q, r in zip(query.split(_ROWS_TOGETHER), row.split(_ROWS_TOGETHER), strict=True)
    ]
    return torch.cat(sums).float() if sums else torch.empty(0, device=queries.device)


def _multiplies_bfloat16() -> bool:
    cpu = torch.cpu
    return torch.backends.mkldnn.is_available() and (
        cpu._is_avx512_bf16_supported() or cpu._is_amx_tile_supported()
    )


def _product(queries: torch.Tensor, num_rows: int) -> Callable[[torch.Tensor], torch.Tensor]:
    """Compute (passages, queries) products of (passages, dimensions) vectors of the same type.

    On a CPU by oneDNN with packed queries where there is one: torch itself takes MKL, which leaves
    AMD's AVX-512 unused and takes twice the time there.
    """
    if queries.device.type == "cpu" and torch.backends.mkldnn.is_available():
        packed = torch.ops.mkldnn._reorder_linear_weight(queries, num_rows)
        linear = torch.ops.mkldnn._linear_pointwise
        return lambda vectors: linear(vectors, packed, None, "none", [], "")
    return lambda vectors: vectors @ queries.T
