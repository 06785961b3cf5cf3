"""Exact search in more vectors than memory holds: the k best passages of each query."""

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from hybridlib.files import whole_file
from hybridlib.search.block_search import search_block_wise
from hybridlib.search.top_candidates import TopCandidates


class LargeSearch:
    """A search in shards of float16 vectors, with one result file a shard.

    Scores are float64 sums over float32 queries and float16 passages, rounded to float32, so equal
    on every machine; among equal scores the passage that stands earlier is the better one. A killed
    search goes on at its first shard without a result. Several processes can share the shards, on
    one machine or on one file system.

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
        If a file is cut off, a shape or a type does not fit, or a query is not finite.
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
        for done, number in enumerate(missing):
            for following in missing[done + 1 : done + 2]:
                _read_ahead(self.vector_files[following])
            start, end = self._starts[number : number + 2]
            search_block_wise(self.queries, self._vectors(number), int(start), best)
            query, place = np.nonzero((best.positions >= start) & (best.positions < end))
            score, position = best.scores[query, place], best.positions[query, place]
            with whole_file(self.result_file(number)) as sink:
                np.savez(sink, query=query, score=score, position=position, searched=end - start)
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
        try:
            vectors = np.load(file, mmap_mode="c")  # torch wants a mapping that could be written to
        except (ValueError, EOFError) as error:
            raise ValueError(
                f"{file} is cut off or no array ({error}). Way out: delete the shard, the .json "
                "beside it too, and start again: it is encoded anew"
            ) from error
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


def _read_ahead(file: Path) -> None:
    """Ask the system to read a file while another one is searched."""
    if hasattr(os, "posix_fadvise"):
        with file.open("rb") as source:
            os.posix_fadvise(source.fileno(), 0, 0, os.POSIX_FADV_WILLNEED)
