"""SIB-200: 204 test sentences of FLORES-200, parallel in 205 language varieties."""

import csv
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from hybridlib.data.fetch.download import fetch
from study.data.language_facts import chosen_varieties
from study.data.parallel_sentences import ParallelSentences

NAME = "sib-200"
NUM_SENTENCES = 204
COMMIT = "593cea88519930f776c1a4a1980b6a35b39dca57"
_REPOSITORY = "https://raw.githubusercontent.com/dadelani/sib-200"
_CHECKSUMS = Path(__file__).with_name("sib_200_checksums.csv")
_COLUMNS = ["index_id", "category", "text"]


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
    first: list[str] = []
    for variety in varieties or chosen_varieties():
        if variety not in checksums:
            raise ValueError(
                f"SIB-200 has no variety {variety!r}; it has {len(checksums)}, as deu_Latn: "
                f"{', '.join(checksums.index)}"
            )
        path = f"data/annotated/{variety}/test.tsv"
        url = f"{_REPOSITORY}/{COMMIT}/{path}"
        file = fetch(f"{NAME}/{path}", url, checksums[variety])
        ids, texts[variety] = _read(file)
        first = first or ids
        if ids != first:
            raise ValueError(f"{file} has other sentences, or another order, than the first file")
    return ParallelSentences(NAME, texts)


def _read(file: Path) -> tuple[list[str], list[str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        header, *rows = csv.reader(lines, delimiter="\t")
    if header != _COLUMNS or any(len(row) != len(_COLUMNS) for row in rows):
        raise ValueError(f"{file} must have the columns {', '.join(_COLUMNS)}, got {header}")
    return [row[0] for row in rows], [row[2] for row in rows]
