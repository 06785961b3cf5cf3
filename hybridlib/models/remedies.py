"""Remedies against language bias that need no training. A new one is a line in :data:`REMEDIES`.

Most map vectors by side and language. The maps are estimated on unlabelled texts, for queries and
passages apart: each text has a vector with the prefix of either side.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hybridlib.checks import Range, check
from hybridlib.models.text_settings import Side

Vectors = NDArray[np.float32]
TextVectors = Mapping[Side, Mapping[str, Vectors]]
"""Unit-length embeddings of unlabelled texts by side and language, each (texts, dimensions)."""
Map = Callable[[Vectors], Vectors]
"""From unit-length embeddings to such, both of shape (texts, dimensions)."""
Maps = Mapping[Side, Mapping[str, Map]]


@dataclass(frozen=True)
class LanguageMaps:
    """What is done to an encoder's vectors by side and language, an ISO 639-1 code.

    ``revision`` identifies the maps: it enters the identity of an encoder that has them.
    """

    revision: str
    by_language: Maps

    def check(self, side: Side, languages: Sequence[str] | None, count: int) -> None:
        """Refuse texts without a language, or in one that has no map, before they are encoded."""
        if languages is None or len(languages) != count:
            given = "none" if languages is None else len(languages)
            raise ValueError(f"{self.revision}: {count} texts need as many languages, got {given}")
        known = self.by_language[side]
        if lacking := sorted(set(languages) - set(known)):
            raise ValueError(
                f"{self.revision}: nothing is estimated for a {side} in {', '.join(lacking)}, only "
                f"for {', '.join(known)}. Way out: estimate on texts in every language"
            )

    def apply(self, vectors: Vectors, side: Side, languages: Sequence[str]) -> Vectors:
        """Map unit-length embeddings of shape (texts, dimensions), each as its language asks.

        ValueError as :meth:`check`, or if nothing is left of a vector.
        """
        self.check(side, languages, len(vectors))
        language = np.asarray(languages, dtype=object)
        result = np.array(vectors, dtype=np.float32)
        for name in set(languages):
            rows = language == name
            result[rows] = self.by_language[side][name](result[rows])
        return result


def centring(vectors: TextVectors) -> Maps:
    """Mean-centring: each side's vectors without the mean of their language.

    Source: Libovický, Rosa and Fraser (2020), On the language neutrality of pre-trained
    multilingual representations, arXiv 2004.05160.
    """
    return _of_each(vectors, lambda part: _minus(_mean(part)))


def shift(vectors: TextVectors, share: float) -> Maps:
    """SHIFT: a share of what tells a language's passages from English ones; queries stay.

    The vectors are of the same content in each language; the share of their offset that is
    subtracted lies in [0, 1].

    Source: SHIFT, arXiv 2606.18801. The mean of differences of parallel passages is the difference
    of their means: those of the same paragraphs suffice, into however many sentences a language
    parts them.
    """
    check("share", share, float, Range(0, 1))
    means = {language: _mean(part) for language, part in vectors["passage"].items()}
    check("language of the originals", "en", str, means)
    moved = {name: _minus(share * (mean - means["en"])) for name, mean in means.items()}
    return {"query": dict.fromkeys(vectors["query"], _unchanged), "passage": moved}


def lir(vectors: TextVectors, components: int) -> Maps:
    """LIR: each side's vectors without the first principal components of their language.

    These are the first right singular vectors of a language's matrix of text vectors, (texts,
    dimensions), from which no mean is subtracted: the first lies near the mean's direction. With
    them as the rows of C, a vector e becomes e - C'Ce, and is brought back to unit length. There
    are fewer of them than dimensions and no more than texts of a language, which need not be
    parallel.

    Source: Yang, Yang, Cer and Darve (2021), A simple and effective method to eliminate the self
    language bias in multilingual representations, arXiv 2109.04727.
    """
    return _of_each(vectors, lambda part: _without_first(components, part))


SHARES = tuple(tenth / 10 for tenth in range(11))
COMPONENTS = (0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32)


@dataclass(frozen=True)
class Remedy:
    """A remedy: how it is called and made, and the values that its parameter is chosen from.

    ``maps`` takes text vectors and, if there is one, the parameter. Without ``maps`` a remedy
    averages two encoders: see :func:`hybridlib.models.weight_average.average_weights`.
    """

    label: str
    maps: Callable[..., Maps] | None
    parameter: str = ""
    values: tuple[float | None, ...] = (None,)

    def chosen(self, value: float | None) -> dict[str, Any]:
        """The parameter, if there is one, with a value; ValueError if it is none of the values."""
        if value not in self.values:
            known = ", ".join(map(str, self.values))
            raise ValueError(f"{self.parameter or self.label} must be one of {known}, got {value}")
        return {self.parameter: value} if self.parameter else {}


REMEDIES: Mapping[str, Remedy] = {
    "centring": Remedy("Centring", centring),
    "lir": Remedy("LIR", lir, "components", COMPONENTS),
    "shift": Remedy("SHIFT", shift, "share", SHARES),
    "weight-average": Remedy("Weight average", None, "share", SHARES),
}


def _of_each(vectors: TextVectors, make: Callable[[Vectors], Map]) -> Maps:
    return {
        side: {language: make(part) for language, part in by_language.items()}
        for side, by_language in vectors.items()
    }


def _mean(vectors: Vectors) -> Vectors:
    return vectors.mean(axis=0, dtype=np.float64).astype(np.float32)  # (dimensions,)


def _unchanged(vectors: Vectors) -> Vectors:
    return vectors


def _minus(offset: Vectors) -> Map:
    return (lambda vectors: _unit(vectors - offset)) if offset.any() else _unchanged


def _without_first(number: int, vectors: Vectors) -> Map:
    most = min(len(vectors), vectors.shape[1] - 1)
    check(f"components of {len(vectors)} vectors", number, int, Range(0, most))
    if not number:
        return _unchanged
    _, _, components = np.linalg.svd(vectors.astype(np.float64), full_matrices=False)
    components = components[:number].astype(np.float32)  # (number, dimensions)
    return lambda vectors: _unit(vectors - (vectors @ components.T @ components).astype(np.float32))


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not lengths.all():
        raise ValueError(f"nothing is left of vector {int(lengths.argmin())} of a language")
    return vectors / lengths
