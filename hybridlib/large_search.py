"""Exact search in more vectors than memory holds: the k best passages of each query."""

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch

from hybridlib.top_candidates import TopCandidates
from hybridlib.whole_file import whole_file

_GROUP = 16  # scores of which only the largest is compared at first
_SCORE_BYTES = {"cpu": 8 << 20, "cuda": 256 << 20}  # a block's scores: on a CPU they stay in cache


class LargeSearch:
    """A search in shards of float16 vectors, with one result file a shard.

    Scores are float32 products of float32 queries and passages; among equal scores the passage that
    stands earlier is the better one. A killed search goes on at its first shard without a result.
    Several processes can share the shards, on one machine or on one file system.

    Parameters
    ----------
    query_embeddings
        Shape: (queries, dimensions).
    vector_files
        The shards in order, each a ``.npy`` of float16. Shape of each: (passages, dimensions).
    folder
        Of the result files. Those of other queries, vectors or k are not mistaken for these.
    k
        How many passages a query gets, >= 1.

    Raises
    ------
    ValueError
        If a shape or a type does not fit, or a query is not finite.
    """

    def __init__(
        self, query_embeddings: np.ndarray, vector_files: Sequence[Path], folder: Path, k: int
    ) -> None:
        self.queries = np.ascontiguousarray(query_embeddings, dtype=np.float32)
        self.vector_files = list(vector_files)
        self.folder = folder
        self.k = k
        if self.queries.ndim != 2:
            raise ValueError(f"expected (queries, dimensions), got {self.queries.shape}")
        if not np.isfinite(self.queries).all():
            row = int(np.flatnonzero(~np.isfinite(self.queries).all(1))[0])
            raise ValueError(f"the embedding of query {row} is not finite")
        lengths = [len(self._vectors(number)) for number in range(len(self.vector_files))]
        self._starts = np.cumsum([0, *lengths])  # position of each shard's first passage
        self._key = self._hash()

    def search(self, process: int = 0, num_processes: int = 1) -> list[int]:
        """Search every ``num_processes``-th shard, from number ``process``, that has no result yet.

        What is already known of other shards is the bar for the next: its result file holds only
        candidates above it. So result files belong together, and :meth:`merged` needs all of them.

        Returns
        -------
        Numbers of the shards that were searched.

        Raises
        ------
        ValueError
            If a vector is not finite.
        """
        if not 0 <= process < num_processes:
            raise ValueError(f"process must be in 0 to {num_processes - 1}, got {process}")
        mine = range(process, len(self.vector_files), num_processes)
        missing = [number for number in mine if not self.result_file(number).is_file()]
        best = self._top(range(len(self.vector_files)))
        for number, following in zip(missing, [*missing[1:], None], strict=True):
            if following is not None:
                _read_ahead(self.vector_files[following])
            start, end = self._starts[number : number + 2]
            search_block_wise(self.queries, self._vectors(number), int(start), best)
            query, place = np.nonzero((best.positions >= start) & (best.positions < end))
            found = best.scores[query, place], best.positions[query, place]
            with whole_file(self.result_file(number)) as sink:
                np.savez(sink, query=query, score=found[0], position=found[1], searched=end - start)
        return missing

    def merged(self) -> tuple[TopCandidates, int]:
        """The best of all shards, and the number of passages that were searched.

        Raises
        ------
        FileNotFoundError
            If a shard has no result yet.
        """
        every = range(len(self.vector_files))
        for number in every:
            if not self.result_file(number).is_file():
                raise FileNotFoundError(
                    f"shard {number}, {self.vector_files[number]}, has no result in {self.folder}; "
                    "search it first, or wait for the process that does"
                )
        searched = [int(np.load(self.result_file(number))["searched"]) for number in every]
        return self._top(every), sum(searched)

    def result_file(self, number: int) -> Path:
        """Where the result of a shard is, once it has been searched."""
        return self.folder / f"{number:05d}-{self._key}.npz"

    def _top(self, numbers: Sequence[int]) -> TopCandidates:
        """The best of those shards that have a result."""
        top = TopCandidates(len(self.queries), self.k)
        for number in numbers:
            if self.result_file(number).is_file():
                with np.load(self.result_file(number)) as result:
                    top.add(result["query"], result["score"], result["position"])
        return top

    def _vectors(self, number: int) -> np.ndarray:
        """A shard's vectors, memory-mapped. Shape: (passages, dimensions)."""
        file = self.vector_files[number]
        vectors = np.load(file, mmap_mode="r")
        expected = f"(passages, {self.queries.shape[1]}) of float16"
        if vectors.ndim != 2 or vectors.shape[1] != self.queries.shape[1]:
            raise ValueError(f"{file}: expected {expected}, got {vectors.shape}")
        if vectors.dtype != np.float16:
            raise ValueError(f"{file}: expected {expected}, got {vectors.dtype}")
        return vectors

    def _hash(self) -> str:
        stats = [(str(file), file.stat()) for file in self.vector_files]
        files = [(name, stat.st_size, stat.st_mtime_ns) for name, stat in stats]
        described = json.dumps([self.k, self.queries.shape, files]).encode()
        return hashlib.sha256(described + self.queries.tobytes()).hexdigest()[:16]


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
    pending = _Pending(best, device)
    for start in range(0, len(vectors), num_rows):
        block = vectors[start : start + num_rows]
        half.numpy()[: len(block)] = block
        # every block has the same shape, so that equal vectors get equal scores wherever they are
        scores = scores_of(half.to(device).float())  # (passages, queries + 1)
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
        if waiting >= self.best.scores.size // 4 or np.isneginf(self.best.thresholds).any():
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


def _read_ahead(file: Path) -> None:
    """Ask the system to read a file while another one is searched."""
    if hasattr(os, "posix_fadvise"):
        with file.open("rb") as source:
            os.posix_fadvise(source.fileno(), 0, 0, os.POSIX_FADV_WILLNEED)
