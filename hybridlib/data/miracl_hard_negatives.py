"""mteb's reduced MIRACL: the dev queries over pooled hard negatives, not over whole Wikipedias.

The pool is a small part of the corpus, so its scores are higher than those of MIRACL.
"""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from hybridlib.data import miracl
from hybridlib.data.fetch.hub import fetch_folder
from hybridlib.data.miracl import joined_text
from hybridlib.data.streamed_benchmark import Judgement, Passage, StreamedBenchmark, hash_of_files

NAME = "miracl-hard-negatives"
REPOSITORY = "mteb/MIRACLRetrievalHardNegatives"


def load(language: str) -> StreamedBenchmark:
    """Load the hard-negatives form of a language of table 11.

    The files come from ``HYBRIDLIB_MIRROR`` (folder ``miracl-hard-negatives/`` with the hub's
    paths, as in ``sw-corpus/dev-00000-of-00001.parquet``), else from the hub.

    Parameters
    ----------
    language
        ISO 639-1.

    Raises
    ------
    ValueError
        If the language is unknown, or a file is damaged.
    FileNotFoundError, PermissionError, ConnectionError
        If a file is not to be had; the message names the way out.

    Source
    ------
    https://huggingface.co/datasets/mteb/MIRACLRetrievalHardNegatives
    """
    if language not in miracl.NUM_CORPUS_FILES:
        raise ValueError(f"{NAME} has {', '.join(miracl.NUM_CORPUS_FILES)}, not {language!r}")
    files = {
        kind: fetch_folder(NAME, REPOSITORY, f"{language}-{kind}", ".parquet")
        for kind in ("queries", "qrels", "corpus")
    }
    queries = {
        str(query): text
        for file in files["queries"]
        for _, query, text in _rows(file, ("_id", "text"))
    }
    judgements = [
        Judgement(str(query), str(passage), int(relevance), f"{file}, row {number}")
        for file in files["qrels"]
        for number, query, passage, relevance in _rows(file, ("query-id", "corpus-id", "score"))
    ]
    every = [file for kind in files.values() for file in kind]
    return StreamedBenchmark(
        NAME,
        language,
        queries,
        judgements,
        files["corpus"],
        read_passages,
        hash_of_files(every),
    )


def read_passages(file: Path) -> Iterator[Passage]:
    """Read id and text of each passage of a Parquet file."""
    for _, passage, title, text in _rows(file, ("_id", "title", "text")):
        yield str(passage), joined_text(title, text)


def _rows(file: Path, columns: tuple[str, ...]) -> Iterator[tuple]:
    """Yield number and values of each row."""
    number = 0
    try:
        for batch in pq.ParquetFile(file).iter_batches(columns=list(columns)):
            for values in zip(*(batch[column].to_pylist() for column in columns), strict=True):
                number += 1
                yield number, *values
    except (pa.ArrowInvalid, KeyError, OSError) as error:
        raise ValueError(
            f"{file} is damaged or lacks a column of {', '.join(columns)} ({error}). Way out: "
            f"delete it and download it again, from {REPOSITORY}"
        ) from error
