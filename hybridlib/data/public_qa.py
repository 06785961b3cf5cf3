"""The paper's English training sets that are public: table 9, apart from mMARCO."""

import hashlib
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from gzip import BadGzipFile
from pathlib import Path

from tqdm import tqdm

from hybridlib.data import public_qa_rows as rows_of
from hybridlib.data.download import cache_folder
from hybridlib.data.hub import fetch_from_hub
from hybridlib.data.pair_batches import pair_reader
from hybridlib.data.parallel import ParallelPairs
from hybridlib.data.public_qa_rows import Row, Texts
from hybridlib.data.table_cache import cached_table

_VERSION = 1  # to be raised when the code makes other tables of the same files


@dataclass(frozen=True)
class Source:
    """Where a set lies and how it is laid out.

    ``builder`` is one of ``datasets``, as in ``load_dataset("parquet")``; repositories' own scripts
    are never run. ``columns`` are those that ``read`` needs to make pairs of a row.
    """

    repository: str
    files: tuple[str, ...]
    builder: str
    columns: tuple[str, ...]
    read: Callable[[Row], Iterator[Texts]]
    has_negatives: bool = False


SOURCES: Mapping[str, Source] = {
    "duorc": Source(
        "ibm-research/duorc",
        ("SelfRC/train-00000-of-00001.parquet",),  # asked about this plot, not a paraphrase of it
        "parquet",
        ("plot", "question", "answers"),
        rows_of.from_document("plot"),
    ),
    "mfaq": Source("clips/mfaq", ("data/en/train.jsonl",), "json", ("qa_pairs",), rows_of.mfaq),
    "mr-tydi": Source(
        "castorini/mr-tydi",
        ("mrtydi-v1.1-english/train.jsonl.gz",),
        "json",
        ("query", "positive_passages", "negative_passages"),
        rows_of.mr_tydi,
        has_negatives=True,
    ),
    "natural-questions": Source(
        "sentence-transformers/natural-questions",
        ("pair/train-00000-of-00001.parquet",),
        "parquet",
        ("query", "answer"),
        rows_of.as_they_are("query", "answer"),
    ),
    "newsqa": Source(
        "lucadiliello/newsqa",
        ("data/train-00000-of-00001-ec54fbe500fc3b5c.parquet",),
        "parquet",
        ("context", "question", "answers"),
        rows_of.from_document("context"),
    ),
    "wiki-qa": Source(
        "microsoft/wiki_qa",
        tuple(f"data/{split}-00000-of-00001.parquet" for split in ("train", "validation", "test")),
        "parquet",
        ("question", "answer", "label"),
        rows_of.wiki_qa,
    ),
    "yahoo-answers": Source(
        "sentence-transformers/yahoo-answers",
        ("question-answer-pair/train-00000-of-00001.parquet",),
        "parquet",
        ("question", "answer"),
        rows_of.as_they_are("question", "answer"),
    ),
}

# Row of the paper's table 9: the corpus that it is here, or None, and what differs
TABLE_9: Mapping[str, tuple[str | None, str]] = {
    "WikiQA": ("wiki-qa", "English only, all three splits"),
    "Mr. TyDi": ("mr-tydi", "the paper's; with a hard negative"),
    "DuoRC": ("duorc", "English only; SelfRC, the passage of the plot that holds the answer"),
    "NewsQA": ("newsqa", "English only; the passage of the article that holds the answer"),
    "Google NQ": ("natural-questions", "English only, in the form of sentence-transformers"),
    "Yahoo QA": ("yahoo-answers", "English only, in the form of sentence-transformers"),
    "EntityQuestions": (None, "published as questions and answers without passages"),
    "MFAQ": ("mfaq", "the paper's"),
    "mMARCO": ("mmarco", "each pair once; the paper counts a pair with every negative"),
}


def load(name: str, max_pairs: int | None = None) -> ParallelPairs:
    """Load one set, in English only: the paper's translations of these sets are not public.

    The first call reads the files a batch at a time into an Arrow file, which later calls map.

    Parameters
    ----------
    name
        One of ``SOURCES``. In ``HYBRIDLIB_MIRROR`` its files lie in a folder of this name.
    max_pairs
        Take only the first so many pairs; by default all.

    Raises
    ------
    ValueError
        If the name is unknown, ``max_pairs`` is not positive, or a file is damaged or laid out in
        another way. The message names the file and the columns that it has.
    PermissionError, FileNotFoundError, ConnectionError
        If a file is not in the mirror and the hub does not give it.

    Source
    ------
    Table 9 of the paper.
    """
    if name not in SOURCES:
        raise ValueError(f"public set {name!r} is unknown; there is {', '.join(SOURCES)}")
    if max_pairs is not None and max_pairs < 1:
        raise ValueError(f"max_pairs must be at least 1, got {max_pairs}")
    source = SOURCES[name]
    files = [fetch_from_hub(name, source.repository, path) for path in source.files]
    table_file = cache_folder() / "public-qa" / f"{name}-{_key(files, max_pairs)}.arrow"
    pairs = _pairs(name, files, max_pairs)
    build = partial(pair_reader, pairs, source.has_negatives)
    return ParallelPairs(cached_table(table_file, build))


def _key(files: Sequence[Path], max_pairs: int | None) -> str:
    states = [(file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    return hashlib.sha256(repr((_VERSION, max_pairs, states)).encode()).hexdigest()[:16]


def _pairs(name: str, files: Sequence[Path], max_pairs: int | None) -> Iterator[tuple[str, ...]]:
    num_pairs = 0
    for file in files:
        for texts in _texts(SOURCES[name], file):
            if num_pairs == max_pairs:
                return
            if all(text and text.strip() for text in texts):
                yield name, str(num_pairs), "en", *(text.strip() for text in texts)
                num_pairs += 1
    if not num_pairs:
        raise ValueError(f"there is no pair in {', '.join(map(str, files))}")


def _texts(source: Source, file: Path) -> Iterator[Texts]:
    columns: list[str] = []
    try:
        for row in tqdm(_rows(source.builder, file), desc=file.name, unit="row", leave=False):
            columns = list(row)
            yield from source.read(row)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(
            f"{file} is laid out in another way: expected the columns {', '.join(source.columns)}, "
            f"found {', '.join(columns)} ({error!r})"
        ) from error


def _rows(builder: str, file: Path) -> Iterator[Row]:
    from datasets import load_dataset  # takes a second, and only this needs it

    folder = cache_folder() / "datasets"
    try:
        yield from load_dataset(
            builder, data_files=str(file), split="train", streaming=True, cache_dir=str(folder)
        )
    except (ValueError, StopIteration, EOFError, BadGzipFile, zlib.error) as error:
        raise ValueError(
            f"{file} is damaged, empty or no {builder}: {error}\nWay out: delete it and put the "
            "whole file there again"
        ) from error
