"""What a language adds to every vector, and encoders without it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hybridlib.models.text_settings import Side

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class LanguageOffsets:
    """Vectors to subtract from the embeddings of a language's texts.

    Parameters
    ----------
    revision
        What identifies them: it enters the identity of an encoder that has them.
    by_language
        Of each side, by ISO 639-1 code; of a side that is left out, nothing is subtracted. Each of
        shape (dimensions,).
    of_other_languages
        Of each side, for languages that ``by_language`` lacks; without it their vectors stay.
    """

    revision: str
    by_language: Mapping[Side, Mapping[str, Vectors]]
    of_other_languages: Mapping[Side, Vectors] = field(default_factory=dict)

    def subtract(self, vectors: Vectors, side: Side, languages: Sequence[str]) -> Vectors:
        """Unit-length vectors without the offsets of their languages.

        Parameters
        ----------
        vectors
            Embeddings. Shape: (texts, dimensions).
        side
            What they are of.
        languages
            Of each text. Shape: (texts,).

        Raises
        ------
        ValueError
            If there are not as many languages as vectors.
        """
        if len(languages) != len(vectors):
            raise ValueError(f"{len(vectors)} vectors need as many languages, got {len(languages)}")
        known = self.by_language.get(side, {})
        language = np.asarray(languages, dtype=object)
        result = np.array(vectors, dtype=np.float32)
        for name in set(languages):
            offset = known.get(name, self.of_other_languages.get(side))
            if offset is not None:
                rows = language == name
                moved = result[rows] - offset
                result[rows] = moved / np.linalg.norm(moved, axis=1, keepdims=True)
        return result


def shift(
    passage_means: Mapping[str, Vectors], share: float, revision: str, source: str = "en"
) -> LanguageOffsets:
    """SHIFT: a share of what tells a language's passages from their originals; queries stay.

    Parameters
    ----------
    passage_means
        Mean embedding of the same passages in each language. Shape of each: (dimensions,).
    share
        Of the offset that is subtracted, in [0, 1].
    revision
        What identifies the offsets.
    source
        Language whose passages stay.

    Raises
    ------
    ValueError
        If the share lies outside [0, 1], or there is no mean of the source language.

    Source
    ------
    SHIFT, arXiv 2606.18801. The mean of differences of parallel passages is the difference of their
    means. Vectors are brought back to unit length, as scores here are cosines.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share must be in [0, 1], got {share}")
    if source not in passage_means:
        raise ValueError(f"no passages in {source!r}; there is {', '.join(passage_means)}")
    start = passage_means[source]
    offsets = {
        name: share * (mean - start) for name, mean in passage_means.items() if name != source
    }
    return LanguageOffsets(revision, {"passage": offsets} if share else {})


def centring(means: Mapping[Side, Mapping[str, Vectors]], revision: str) -> LanguageOffsets:
    """Mean-centring by language: each side's vectors without the mean of their language.

    A language without a mean has the mean over the others subtracted.

    Parameters
    ----------
    means
        Mean embedding of each side and language. Shape of each: (dimensions,).
    revision
        What identifies the offsets.

    Source
    ------
    Libovický, Rosa and Fraser (2020), On the language neutrality of pre-trained multilingual
    representations, arXiv 2004.05160.
    """
    over_languages: dict[Side, Vectors] = {
        side: np.mean(list(by_language.values()), axis=0) for side, by_language in means.items()
    }
    return LanguageOffsets(revision, means, over_languages)
