"""Golden remedies: vectors without their languages, and an encoder of averaged weights."""

from pathlib import Path

import numpy as np
import torch

from hybridlib.models.encoder import DualEncoder
from hybridlib.models.remedies import LanguageMaps, Maps, TextVectors, Vectors, centring, lir, shift
from hybridlib.models.text_settings import SIDES
from hybridlib.models.weight_average import average_weights
from tests.golden.data import uniform
from tests.golden.encoding import TOLERANCE, first_dimensions
from tests.golden.golden import Case
from tests.golden.tiny_encoder import tiny_encoder

LANGUAGES = ("de", "en", "hi", "zh")
DIMENSIONS = 6


def cases() -> dict[str, Case]:
    """One case a remedy."""
    return {
        "shift": Case(lambda _: without(shift(of_means("en"), 0.6)), TOLERANCE),
        "centring": Case(lambda _: without(centring(of_means("de", "en", "hi"))), TOLERANCE),
        "lir": Case(lambda _: without(lir(texts(), 2)), TOLERANCE),
        "weight average": Case(average, TOLERANCE),
    }


def of_means(*of_chinese: str) -> TextVectors:
    """One vector of each side and language; Chinese has the mean of these languages'."""
    found = {}
    for place, side in enumerate(SIDES, start=1):
        means = {
            language: vectors(1, seed=10 * place + number) / 2
            for number, language in enumerate(LANGUAGES[:-1])
        }
        means["zh"] = np.mean([means[language] for language in of_chinese], axis=0)
        found[side] = means
    return found


def texts() -> TextVectors:
    """Five vectors of each side and language, of which the first two components stand out."""
    weight = np.array([4, 2, 1, 1, 1, 1], np.float32)
    return {
        side: {
            language: weight * vectors(5, seed=40 * place + number)
            for number, language in enumerate(LANGUAGES)
        }
        for place, side in enumerate(SIDES, start=1)
    }


def without(maps: Maps) -> dict[str, list]:
    """Vectors of both sides, two a language, each by its map."""
    given = vectors(2 * len(LANGUAGES), seed=0)
    mapped = LanguageMaps("golden", maps)
    return {
        side: mapped.apply(given, side, [*LANGUAGES, *LANGUAGES]).round(7).tolist()
        for side in SIDES
    }


def vectors(count: int, seed: int) -> Vectors:
    """Unit-length vectors. Shape: (count, DIMENSIONS)."""
    numbers = (uniform(count * DIMENSIONS, seed) - 0.4).reshape(count, DIMENSIONS)
    return (numbers / np.linalg.norm(numbers, axis=1, keepdims=True)).astype(np.float32)


def average(_: Path) -> dict[str, list]:
    """Vectors of a quarter of one encoder and three quarters of another."""
    return first_dimensions(average_weights(tiny_encoder(), other(), 0.25, "golden"))


def other() -> DualEncoder:
    """The tiny encoder with other weights in its matrices."""
    encoder = tiny_encoder()
    for seed, (_, weight) in enumerate(sorted(encoder.named_parameters()), start=100):
        if weight.dim() > 1:
            numbers = torch.from_numpy(uniform(weight.numel(), seed) - 0.5)
            weight.data += 0.2 * numbers.float().view(weight.shape)
    return encoder
