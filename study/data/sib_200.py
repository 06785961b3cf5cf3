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


class ParallelSentences:
    """Sentences of one text in two or more language varieties, in the same order in all.

    ``texts`` are given by variety, an ISO 639-3 code and script as in ``deu_Latn``.
    """

    def __init__(self, name: str, texts: Mapping[str, Sequence[str]]) -> None:
        self.name = name
        self.texts = {variety: tuple(texts[variety]) for variety in sorted(texts)}
        self.varieties = tuple(self.texts)

    @property
    def revision(self) -> str:
        """Fingerprint of every text, for the provenance of a result."""
        return fingerprint(pa.table({name: list(texts) for name, texts in self.texts.items()}))


def load() -> ParallelSentences:
    """Load the test sentences in :func:`study.data.language_facts.chosen_varieties`.

    They are to be found again in translation; their topics are not used.

    Source: Adelani et al. (2024); https://github.com/dadelani/sib-200. Licence: CC BY-SA 4.0.
    """
    checksums = pd.read_csv(_CHECKSUMS, index_col="variety")["sha256"]
    texts = {}
    for variety in chosen_varieties():
        path = f"data/annotated/{variety}/test.tsv"
        file = fetch(f"{NAME}/{path}", f"{_REPOSITORY}/{COMMIT}/{path}", checksums[variety])
        table = pd.read_csv(file, sep="\t", dtype=str, keep_default_na=False)
        texts[variety] = table["text"].tolist()
    return ParallelSentences(NAME, texts)
