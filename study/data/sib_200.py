"""SIB-200: 204 test sentences of FLORES-200, parallel in 205 language varieties."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa

from hybridlib.data.fetch.download import fetch
from hybridlib.data.fingerprint import fingerprint
from study.data.language_facts import chosen_varieties

NAME = "sib-200"
NUM_SENTENCES = 204
COMMIT = "593cea88519930f776c1a4a1980b6a35b39dca57"
_REPOSITORY = "https://raw.githubusercontent.com/dadelani/sib-200"
_CHECKSUMS = Path(__file__).with_name("sib_200_checksums.csv")
_COLUMNS = ["index_id", "category", "text"]


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


def load(varieties: Sequence[str] = ()) -> ParallelSentences:
    """Load the test sentences, to be found again in translation; their topics are not used.

    ``varieties`` are ISO 639-3 codes with scripts, as ``deu_Latn``; by default those of
    :func:`study.data.language_facts.chosen_varieties`. An unknown one, or a damaged file, is an
    error.

    Source
    ------
    Adelani et al. (2024); https://github.com/dadelani/sib-200. Licence: CC BY-SA 4.0.
    """
    checksums = pd.read_csv(_CHECKSUMS, index_col="variety")["sha256"]
    texts: dict[str, list[str]] = {}
    first = None
    for variety in varieties or chosen_varieties():
        if variety not in checksums:
            raise ValueError(
                f"SIB-200 has no variety {variety!r}; it has {len(checksums)}, as deu_Latn: "
                f"{', '.join(checksums.index)}"
            )
        path = f"data/annotated/{variety}/test.tsv"
        url = f"{_REPOSITORY}/{COMMIT}/{path}"
        file = fetch(f"{NAME}/{path}", url, checksums[variety])
        table = pd.read_csv(file, sep="\t", dtype=str, keep_default_na=False)
        if (header := list(table)) != _COLUMNS:
            raise ValueError(f"{file} must have the columns {', '.join(_COLUMNS)}, got {header}")
        first = table["index_id"] if first is None else first
        if not table["index_id"].equals(first):
            raise ValueError(f"{file} has other sentences, or another order, than the first file")
        texts[variety] = table["text"].tolist()
    return ParallelSentences(NAME, texts)
