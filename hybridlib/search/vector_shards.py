"""The vectors of a corpus that memory does not hold, in shards on the disk."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np


@dataclass(frozen=True)
class VectorShard:
    """Some passages of a corpus on the disk: their vectors and their ids."""

    folder: Path
    number: int

    @property
    def vectors_file(self) -> Path:
        """A ``.npy`` of float16. Shape: (passages, dimensions)."""
        return self.folder / f"{self.number:05d}.npy"

    @property
    def ids_file(self) -> Path:
        """The ids, and the key of what was encoded; where it is, the vectors are whole."""
        return self.folder / f"{self.number:05d}.json"

    def vectors(self) -> np.ndarray:
        """Vectors, memory-mapped float16. Shape: (passages, dimensions)."""
        return np.load(self.vectors_file, mmap_mode="r")

    def passage_ids(self) -> list[str]:
        """Ids of the passages, in the order of the vectors."""
        return self._record()["passages"]

    def key(self) -> str | None:
        """Of what was encoded, or None where the shard is not finished."""
        return self._record()["key"] if self.ids_file.is_file() else None

    def _record(self) -> dict[str, Any]:
        try:
            record = json.loads(self.ids_file.read_text(encoding="utf-8"))
            if not {"key", "passages"} <= set(record):
                raise ValueError(f"it holds {sorted(record)}")
        except (ValueError, RecursionError) as error:
            raise ValueError(
                f"{self.ids_file} is damaged ({error}); delete it and the shard is encoded again"
            ) from error
        return record
