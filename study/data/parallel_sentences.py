"""Evaluation data: the same sentences in many varieties, to be found again in translation."""

from collections.abc import Mapping, Sequence

import pyarrow as pa

from hybridlib.data.fingerprint import fingerprint


class ParallelSentences:
    """Sentences of one text in two or more language varieties, in the same order in all.

    ``texts`` are given by variety, an ISO 639-3 code and script as in ``deu_Latn``. None is empty.
    """

    def __init__(self, name: str, texts: Mapping[str, Sequence[str]]) -> None:
        self.name = name
        self.texts = {variety: tuple(texts[variety]) for variety in sorted(texts)}
        self.varieties = tuple(self.texts)
        if len(self.varieties) < 2:
            raise ValueError(
                f"{name}: translations need two varieties or more, got {', '.join(texts) or 'none'}"
            )
        self.num_sentences = len(self.texts[self.varieties[0]])
        if self.num_sentences < 2:
            raise ValueError(f"{name}: there is no other sentence to tell a translation from")
        for variety, sentences in self.texts.items():
            if len(sentences) != self.num_sentences:
                raise ValueError(
                    f"{name}: {variety} has {len(sentences)} sentences, {self.varieties[0]} has "
                    f"{self.num_sentences}; they must be parallel"
                )
            for number, sentence in enumerate(sentences):
                if not sentence.strip():
                    raise ValueError(f"{name}: sentence {number} is empty in {variety}")

    @property
    def revision(self) -> str:
        """Fingerprint of every text, for the provenance of a result."""
        return fingerprint(pa.table({name: list(texts) for name, texts in self.texts.items()}))
