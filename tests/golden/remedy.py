"""Golden remedies: vectors without their languages' offsets, and an encoder of averaged weights."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch

from hybridlib.models.encoder import DualEncoder
from hybridlib.models.language_offsets import LanguageOffsets, Vectors, centring, shift
from hybridlib.models.text_settings import SIDES, Side
from hybridlib.models.weight_average import average_weights
from tests.golden.data import uniform
from tests.golden.encoding import TOLERANCE, first_dimensions
from tests.golden.golden import Case
from tests.golden.tiny_encoder import tiny_encoder

LANGUAGES = ("de", "en", "hi", "zh")  # Chinese has no mean
DIMENSIONS = 6


def cases() -> dict[str, Case]:
    """One case a remedy."""
    return {
        "shift": Case(lambda _: without(shift(means()["passage"], 0.6, "golden")), TOLERANCE),
        "centring": Case(lambda _: without(centring(means(), "golden")), TOLERANCE),
        "weight average": Case(average, TOLERANCE),
    }


def means() -> Mapping[Side, Mapping[str, Vectors]]:
    """A mean of each side and language but one."""
    return {
        side: {
            language: vectors(1, seed=10 * place + number)[0] / 2
            for number, language in enumerate(LANGUAGES[:-1])
        }
        for place, side in enumerate(SIDES, start=1)
    }


def without(offsets: LanguageOffsets) -> dict[str, list]:
    """Vectors of both sides, two a language, after their offsets are subtracted."""
    given = vectors(2 * len(LANGUAGES), seed=0)
    return {
        side: offsets.subtract(given, side, [*LANGUAGES, *LANGUAGES]).round(7).tolist()
        for side in SIDES
    }


def vectors(count: int, seed: int) -> Vectors:
    """Unit-length vectors. Shape: (count, DIMENSIONS)."""
    numbers = (uniform(count * DIMENSIONS, seed) - 0.4).reshape(count, DIMENSIONS)
    return (numbers / np.linalg.norm(numbers, axis=1, keepdims=True)).astype(np.float32)


def average(_: Path) -> dict[str, list]:
    """Vectors of a quarter of one encoder and three quarters of another."""
    return first_dimensions(average_weights([tiny_encoder(), other()], [0.25, 0.75], "golden"))


def other() -> DualEncoder:
    """The tiny encoder with other weights in its matrices."""
    encoder = tiny_encoder()
    for seed, (_, weight) in enumerate(sorted(encoder.named_parameters()), start=100):
        if weight.dim() > 1:
            numbers = torch.from_numpy(uniform(weight.numel(), seed) - 0.5)
            weight.data += 0.2 * numbers.float().view(weight.shape)
    return encoder
