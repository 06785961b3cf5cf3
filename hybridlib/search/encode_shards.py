"""Encode a corpus that memory does not hold, in shards; a kill costs one shard."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hybridlib.files import whole_file

if TYPE_CHECKING:  # the book reads stored ranks without torch
    from hybridlib.models.encoder import DualEncoder


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


def encode_shards(
    encoder: "DualEncoder",
    shards: Iterable[tuple[Sequence[str], Sequence[str]]],
    folder: Path,
    progress: str = "",
    process: int = 0,
    num_processes: int = 1,
) -> list[VectorShard]:
    """Encode the passages that the folder has no vectors of; return all shards, in order.

    ``shards`` are ids and texts of passages, read one shard at a time. A finished shard is kept if
    encoder, ids and texts are those that it was encoded from; else it is encoded anew. A process
    encodes every ``num_processes``-th shard, from number ``process``. ``progress`` is the name on
    the progress bars; empty for none. A shard that cannot be written, as on a full disk, is an
    OSError; the finished ones stay.
    """
    encoded = []
    for number, (ids, texts) in enumerate(shards):
        shard = VectorShard(folder, number)
        is_mine = number % num_processes == process
        if is_mine and shard.key() != (key := _key(encoder, ids, texts)):
            name = f"{progress}, shard {number}" if progress else ""
            _write(shard, key, ids, encoder.encode(texts, "passage", progress=name))
        encoded.append(shard)
    return encoded


def _write(shard: VectorShard, key: str, ids: Sequence[str], vectors: np.ndarray) -> None:
    shard.ids_file.unlink(missing_ok=True)  # goes first and comes last
    with whole_file(shard.vectors_file) as sink:
        np.save(sink, vectors.astype(np.float16))
    with whole_file(shard.ids_file) as sink:
        sink.write(json.dumps({"key": key, "passages": list(ids)}).encode())


def _key(encoder: "DualEncoder", ids: Sequence[str], texts: Sequence[str]) -> str:
    identity = encoder.identity
    content = json.dumps([list(ids), list(texts), identity.revision, identity.usage])
    return hashlib.sha256(content.encode()).hexdigest()
