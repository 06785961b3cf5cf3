"""Golden embeddings: mean, CLS and dense pooling, both sides, and the real weights."""

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
    poolings = {
        "mean": {},
        "cls": {"pooling": "cls"},
        "dense": {"pooling": "cls", "has_dense": True},
    }
    real = ("multilingual-e5-small-4bit", "raw-e5-small-4bit")
    return {
        **{name: Case(partial(tiny, options), TOLERANCE) for name, options in poolings.items()},
        **{name: Case(partial(backbone, name), TOLERANCE) for name in real},
    }


def tiny(options: dict, _: Path) -> dict[str, list]:
    """Vectors of a tiny encoder."""
    return first_dimensions(tiny_encoder(**options))


def backbone(name: str, _: Path) -> dict[str, list]:
    """Vectors of a backbone with its own prefixes and lengths."""
    return first_dimensions(load_encoder(name))


def first_dimensions(encoder: DualEncoder) -> dict[str, list]:
    """Some dimensions of a few texts' vectors on both sides, to seven digits."""
    return {
        side: encoder.encode(TEXTS, side)[:, :NUM_DIMENSIONS].round(7).tolist()
        for side in ("query", "passage")
    }
