"""A program for tests: encodes three shards by a stand-in and kills itself in the last.

encode_and_kill.py FOLDER encoding|writing
"""

import os
import signal
import sys
from pathlib import Path

import numpy as np

from hybridlib.models.encoder import EncoderIdentity, TextSettings
from hybridlib.search.encode_shards import encode_shards

SHARDS = [([f"{n}#{i}" for i in range(4)], [f"text {n} {i}" for i in range(4)]) for n in range(3)]


class Counting:
    """A stand-in for an encoder: numbers made of a text's length and last digit."""

    def __init__(self, revision: str = "r1") -> None:
        self.identity = EncoderIdentity(revision, "mean", TextSettings())
        self.encoded: list[str] = []

    def encode(self, texts, side, *, progress):
        self.encoded += texts
        return np.array([[len(text), int(text[-1])] for text in texts], dtype=np.float32)


def kill(*_):
    os.kill(os.getpid(), signal.SIGKILL)


def half_written(sink, vectors):
    if vectors[0, 1] == 0 and (Path(sys.argv[1]) / "00001.json").is_file():
        sink.write(b"half")
        sink.flush()
        kill()
    save(sink, vectors)


class Killed(Counting):
    """Kills the process in the last shard."""

    def encode(self, texts, side, *, progress):
        if texts == SHARDS[2][1]:
            kill()
        return super().encode(texts, side, progress=progress)


if __name__ == "__main__":
    if sys.argv[2] == "writing":
        save, np.save = np.save, half_written
    encoder = Killed() if sys.argv[2] == "encoding" else Counting()
    encode_shards(encoder, SHARDS, Path(sys.argv[1]))
