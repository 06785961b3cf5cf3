"""Golden embeddings: mean, CLS and dense pooling, both sides, and the real weights."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from hybridlib.models.backbones import load_encoder
from hybridlib.models.encoder import DualEncoder
from tests.golden.golden import Case
from tests.golden.tiny_encoder import TEXTS, tiny_encoder

TOLERANCE = 1e-5  # noise, over threads and instruction sets: 3e-7
NUM_DIMENSIONS = 12


def cases() -> dict[str, Case]:
    """One case a pooling, and one for each backbone that needs no hub."""
    encoders: dict[str, Callable[[], DualEncoder]] = {
        "mean": tiny_encoder,
        "cls": partial(tiny_encoder, "cls"),
        "dense": partial(tiny_encoder, "cls", has_dense=True),
    }
    for name in ("multilingual-e5-small-4bit", "raw-e5-small-4bit"):
        encoders[name] = partial(load_encoder, name)
    return {name: Case(partial(encoded, load), TOLERANCE) for name, load in encoders.items()}


def encoded(load: Callable[[], DualEncoder], _: Path) -> dict[str, list]:
    return first_dimensions(load())


def first_dimensions(encoder: DualEncoder) -> dict[str, list]:
    """Some dimensions of a few texts' vectors on both sides, to seven digits."""
    return {
        side: encoder.encode(TEXTS, side)[:, :NUM_DIMENSIONS].round(7).tolist()
        for side in ("query", "passage")
    }
