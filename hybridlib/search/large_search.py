"""Exact search in more vectors than memory holds: the k best passages of each query."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import faiss
import numpy as np

from hybridlib.checks import Range, check
from hybridlib.files import whole_file

_BLOCK_BYTES = 64 << 20  # of a shard's vectors, widened to float32, at a time


class Found(NamedTuple):
    """The best passages of each query, best first; among equal scores the earlier one first.

    ``scores`` are float32, -inf behind the last; ``positions`` count from the first shard's first
    passage, -1 behind the last. Shape of each: (queries, k).
    """

    scores: np.ndarray
    positions: np.ndarray


class LargeSearch:
    """A search in shards of float16 vectors by faiss, with one result file a shard.

    Query embeddings and the ``.npy`` of each shard have the shape (texts, dimensions); a query gets
    k >= 1 passages. Scores are float64 sums over float32 queries and float16 passages, rounded to
    float32, so equal on every machine. A killed search goes on at its first shard without a result;
    results of other queries, vectors or k in the folder are not mistaken for these. Several
    processes can share the shards, on one machine or on one file system.
    """

    def __init__(
        self, query_embeddings: np.ndarray, vector_files: Sequence[Path], folder: Path, k: int
    ) -> None:
        self.queries = np.ascontiguousarray(query_embeddings, dtype=np.float32)
        self.vector_files = list(vector_files)
        self.folder = folder
        self.k = k
        check("k", k, int, Range(1))
        lengths = [len(self._vectors(number)) for number in range(len(self.vector_files))]
        self._starts = np.cumsum([0, *lengths])  # position of each shard's first passage
        stats = [(str(file), file.stat()) for file in self.vector_files]
        states = [(name, stat.st_size, stat.st_mtime_ns) for name, stat in stats]
        described = json.dumps([k, self.queries.shape, states]).encode()
        self._key = hashlib.sha256(described + self.queries.tobytes()).hexdigest()[:16]

    def search(self, process: int = 0, num_processes: int = 1) -> list[int]:
        """Search every ``num_processes``-th shard, from number ``process``, that has no result yet.

        Return the numbers of these.
        """
        check("process", process, int, Range(0, num_processes - 1))
        mine = range(process, len(self.vector_files), num_processes)
        missing = [number for number in mine if not self.result_file(number).is_file()]
        for number in missing:
            vectors, start = self._vectors(number), int(self._starts[number])
            found = search_shard(self.queries, vectors, self.k)
            positions = np.where(found.positions < 0, -1, found.positions + start)
            with whole_file(self.result_file(number)) as sink:
                np.savez(sink, score=found.scores, position=positions, searched=len(vectors))
        return missing

    def merged(self) -> tuple[Found, int]:
        """The best of all shards, and the number of passages that were searched.

        A shard without a result is a FileNotFoundError.
        """
        found, num_searched = _nothing(len(self.queries), self.k), 0
        for number, file in enumerate(self.vector_files):
            if not self.result_file(number).is_file():
                lacking = f"shard {number}, {file}, has no result in {self.folder}"
                raise FileNotFoundError(f"{lacking}; search it, or wait for the process that does")
            with np.load(self.result_file(number)) as result:
                found = best_of([found, Found(result["score"], result["position"])], self.k)
                num_searched += int(result["searched"])
        return found, num_searched

    def result_file(self, number: int) -> Path:
        """Where the result of a shard is, once it has been searched."""
        return self.folder / f"{number:05d}-{self._key}.npz"

    def _vectors(self, number: int) -> np.ndarray:
        """A shard's vectors, memory-mapped. Shape: (passages, dimensions)."""
        file = self.vector_files[number]
        try:
            return np.load(file, mmap_mode="r")
        except (ValueError, EOFError) as error:
            raise ValueError(
                f"{file} is cut off or no array ({error}). Way out: delete the shard, the .json "
                "beside it too, and start again: it is encoded anew"
            ) from error


def search_shard(queries: np.ndarray, vectors: np.ndarray, k: int) -> Found:
    """The k best passages of a shard for each query, positions within the shard.

    Queries are float32, vectors float16, perhaps memory-mapped, both (texts, dimensions) and, as an
    encoder gives them, finite.
    """
    found = _nothing(len(queries), k)
    num_rows = max(1, _BLOCK_BYTES // (4 * vectors.shape[1]))
    for start in range(0, len(vectors), num_rows):
        block = vectors[start : start + num_rows].astype(np.float32)
        scores, rows = _search_block(queries, block, k)
        found = best_of([found, Found(scores, rows + start)], k)
    return found


def _search_block(queries: np.ndarray, block: np.ndarray, k: int) -> Found:
    """Exact scores of more candidates than k: those that faiss finds, until none can be missing.

    faiss adds up in float32. What it leaves out scores at most its last candidate's score and the
    rounding error more: while that reaches the k-th exact score, more candidates are taken.
    """
    lengths = np.linalg.norm(queries, axis=1), np.linalg.norm(block, axis=1).max()
    margin = 2.0**-22 * queries.shape[1] * lengths[0] * lengths[1]  # (queries,)
    wanted = min(2 * k, len(block))
    while True:
        rough, rows = faiss.knn(queries, block, wanted, metric=faiss.METRIC_INNER_PRODUCT)
        exact = np.stack(
            [(block[mine] * query).sum(1) for mine, query in zip(rows, queries.astype(float))]  # noqa: B905
        ).astype(np.float32)
        kth = np.sort(exact, axis=1)[:, -min(k, wanted)]
        if wanted == len(block) or (rough[:, -1] + margin < kth).all():
            return Found(exact, rows)
        wanted = min(2 * wanted, len(block))


def best_of(parts: Sequence[Found], k: int) -> Found:
    """Join what was found in several places; the order of the places does not matter."""
    scores, positions = (np.concatenate(arrays, axis=1) for arrays in zip(*parts, strict=True))
    order = np.lexsort((positions, -scores), axis=1)[:, :k]
    return Found(*(np.take_along_axis(one, order, 1) for one in (scores, positions)))


def _nothing(num_queries: int, k: int) -> Found:
    return Found(np.full((num_queries, k), -np.inf, np.float32), np.full((num_queries, k), -1))
