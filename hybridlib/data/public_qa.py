"""The paper's English training sets that are public: table 9, apart from mMARCO."""

import hashlib
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from gzip import BadGzipFile
from pathlib import Path
from typing import Any

from tqdm import tqdm

from hybridlib.checks import check
from hybridlib.data.fetch.download import cache_folder
from hybridlib.data.fetch.hub import fetch_from_hub
from hybridlib.data.fetch.table_cache import cached_table
from hybridlib.data.pair_checks import pair_reader
from hybridlib.data.parallel import ParallelPairs

_VERSION = 1  # to be raised when the code makes other tables of the same files
_MAX_WORDS = 100  # of a passage of a document, as in Karpukhin et al. (2020)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")

Row = Mapping[str, Any]
Texts = tuple[str, ...]  # query, passage and perhaps a hard negative
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


def load(name: str) -> ParallelPairs:
    """Load one of ``SOURCES``, in English only: the paper's translations of them are not public.

    The first call reads the files a batch at a time into an Arrow file, which later calls map. In
    ``HYBRIDLIB_MIRROR`` they lie in a folder of the set's name. A file that is damaged or laid out
    in another way is a ValueError that names it and its columns; a missing one as
    :func:`hybridlib.data.fetch.hub.fetch_from_hub`.

    Source: Table 9 of the paper.
    """
    check("public set", name, str, SOURCES)
    source = SOURCES[name]
    files = [fetch_from_hub(name, source.repository, path) for path in source.files]
    states = [(file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    key = hashlib.sha256(repr((_VERSION, states)).encode()).hexdigest()[:16]
    pairs = _pairs(name, files)  # a generator: it begins only where the file is lacking
    build = partial(pair_reader, pairs, source.has_negatives)
    return ParallelPairs(cached_table(cache_folder() / "public-qa" / f"{name}-{key}.arrow", build))


def _pairs(name: str, files: Sequence[Path]) -> Iterator[tuple[str, ...]]:
    num_pairs = 0
    for file in files:
        for texts in _texts(SOURCES[name], file):
            if all(text and text.strip() for text in texts):
                yield name, str(num_pairs), "en", *(text.strip() for text in texts)
                num_pairs += 1
    if not num_pairs:
        raise ValueError(f"there is no pair in {', '.join(map(str, files))}")


def _texts(source: "Source", file: Path) -> Iterator[Texts]:
    columns: list[str] = []
    try:
        for row in tqdm(_rows(file), desc=file.name, unit="row", leave=False):
            columns = list(row)
            yield from source.read(row)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(
            f"{file} is laid out in another way, with the columns {', '.join(columns)}: {error!r}"
        ) from error


def _rows(file: Path) -> Iterator[Row]:
    """Read a file by a builder of ``datasets``; repositories' own scripts are never run."""
    from datasets import load_dataset  # takes a second, and only this needs it

    builder = "parquet" if file.suffix == ".parquet" else "json"
    options = {"split": "train", "streaming": True, "cache_dir": str(cache_folder() / "datasets")}
    try:
        yield from load_dataset(builder, data_files=str(file), **options)
    except (ValueError, StopIteration, EOFError, BadGzipFile, zlib.error) as error:
        raise ValueError(
            f"{file} is damaged, empty or no {builder}: {error}\nWay out: delete it and put the "
            "whole file there again"
        ) from error


def passages(document: str) -> Iterator[str]:
    """Cut a document at ends of sentences into passages of up to 100 words, or of one sentence.

    Examples
    --------
    >>> list(passages("It is " + "very " * 97 + "late. He sleeps. She reads."))[1]
    'He sleeps. She reads.'
    """
    taken: list[str] = []
    num_words = 0
    for sentence in _SENTENCE_END.split(document):
        length = len(sentence.split())
        if taken and num_words + length > _MAX_WORDS:
            yield " ".join(taken)
            taken, num_words = [], 0
        if length:
            taken.append(sentence.strip())
            num_words += length
    if taken:
        yield " ".join(taken)


def passage_with_answer(document: str, answers: Sequence[str]) -> str | None:
    """Find the first passage in which an answer stands as whole words; case does not count."""
    options = "|".join(re.escape(answer.strip()) for answer in answers if answer.strip())
    pattern = re.compile(rf"(?<!\w)(?:{options})(?!\w)", re.IGNORECASE)
    return next((p for p in passages(document) if pattern.search(p)), None) if options else None


# How a row of each set is read: what it yields are the row's pairs


def _as_they_are(query: str, passage: str, row: Row) -> Iterator[Texts]:
    yield row[query], row[passage]


def _from_document(document: str, row: Row) -> Iterator[Texts]:
    """Rows of a question, its answers and a document; those without passage are left out."""
    if not isinstance(row["answers"], list):
        raise TypeError(f"answers must be a list of texts, got {row['answers']!r}")
    passage = passage_with_answer(row[document], row["answers"])
    if passage is not None:
        yield row["question"], passage


def _wiki_qa(row: Row) -> Iterator[Texts]:
    if row["label"] == 1:
        yield row["question"], row["answer"]


def _mfaq(row: Row) -> Iterator[Texts]:
    for pair in row["qa_pairs"]:
        yield pair["question"], pair["answer"]


def _mr_tydi(row: Row) -> Iterator[Texts]:
    """The first passage that does not answer is the hard negative; a query without is left out."""
    for negative in row["negative_passages"][:1]:
        for positive in row["positive_passages"]:
            passage, other = (f"{one['title']} {one['text']}" for one in (positive, negative))
            yield row["query"], passage, other


@dataclass(frozen=True)
class Source:
    """Where a set lies on the hub, and how a row of its files is read."""

    repository: str
    files: tuple[str, ...]
    read: Callable[[Row], Iterator[Texts]]
    has_negatives: bool = False


SOURCES: Mapping[str, Source] = {
    "duorc": Source(
        "ibm-research/duorc",
        ("SelfRC/train-00000-of-00001.parquet",),  # asked about this plot, not a paraphrase of it
        partial(_from_document, "plot"),
    ),
    "mfaq": Source("clips/mfaq", ("data/en/train.jsonl",), _mfaq),
    "mr-tydi": Source(
        "castorini/mr-tydi", ("mrtydi-v1.1-english/train.jsonl.gz",), _mr_tydi, has_negatives=True
    ),
    "natural-questions": Source(
        "sentence-transformers/natural-questions",
        ("pair/train-00000-of-00001.parquet",),
        partial(_as_they_are, "query", "answer"),
    ),
    "newsqa": Source(
        "lucadiliello/newsqa",
        ("data/train-00000-of-00001-ec54fbe500fc3b5c.parquet",),
        partial(_from_document, "context"),
    ),
    "wiki-qa": Source(
        "microsoft/wiki_qa",
        tuple(f"data/{split}-00000-of-00001.parquet" for split in ("train", "validation", "test")),
        _wiki_qa,
    ),
    "yahoo-answers": Source(
        "sentence-transformers/yahoo-answers",
        ("question-answer-pair/train-00000-of-00001.parquet",),
        partial(_as_they_are, "question", "answer"),
    ),
}
