"""Encode a corpus that memory does not hold, in shards; a kill costs one shard."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from hybridlib.files import whole_file
from hybridlib.models.encoder import DualEncoder
from hybridlib.search.vector_shards import VectorShard


def encode_shards(
    encoder: DualEncoder,
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
        if len(ids) != len(texts):
            raise ValueError(f"shard {number} has {len(ids)} ids and {len(texts)} texts")
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


def _key(encoder: DualEncoder, ids: Sequence[str], texts: Sequence[str]) -> str:
    identity = encoder.identity
    content = json.dumps([list(ids), list(texts), identity.revision, identity.usage])
    return hashlib.sha256(content.encode()).hexdigest()
