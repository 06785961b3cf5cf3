"""Pairs in one row of a public question-answering set, in the layout of its publisher."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

_MAX_WORDS = 100  # of a passage of a document, as in Karpukhin et al. (2020)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")

Row = Mapping[str, Any]
Texts = tuple[str, ...]  # query, passage and perhaps a hard negative


def passages(document: str) -> Iterator[str]:
    """Cut a document at ends of sentences into passages of up to 100 words.

    A longer sentence is a passage of its own.

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
    """Find the first passage in which an answer stands as whole words; case does not count.

    Examples
    --------
    >>> passage_with_answer("He runs.", ["run"]) is None
    True
    """
    options = "|".join(re.escape(answer.strip()) for answer in answers if answer.strip())
    pattern = re.compile(rf"(?<!\w)(?:{options})(?!\w)", re.IGNORECASE)
    return next((p for p in passages(document) if pattern.search(p)), None) if options else None


def as_they_are(query: str, passage: str) -> Callable[[Row], Iterator[Texts]]:
    """Read rows in which two columns hold the query and the passage."""

    def read(row: Row) -> Iterator[Texts]:
        yield row[query], row[passage]

    return read


def from_document(document: str) -> Callable[[Row], Iterator[Texts]]:
    """Read rows of a question, its answers and a document; those without passage are left out."""

    def read(row: Row) -> Iterator[Texts]:
        if not isinstance(row["answers"], list):
            raise TypeError(f"answers must be a list of texts, got {row['answers']!r}")
        passage = passage_with_answer(row[document], row["answers"])
        if passage is not None:
            yield row["question"], passage

    return read


def wiki_qa(row: Row) -> Iterator[Texts]:
    """Read a candidate sentence, which answers the question if its label is 1."""
    if row["label"] == 1:
        yield row["question"], row["answer"]


def mfaq(row: Row) -> Iterator[Texts]:
    """Read a page of frequent questions, with an answer each."""
    for pair in row["qa_pairs"]:
        yield pair["question"], pair["answer"]


def mr_tydi(row: Row) -> Iterator[Texts]:
    """Read a query, the passages that answer it and those that do not; title and text are joined.

    The first of the latter is the hard negative; a query that has none is left out.
    """
    for negative in row["negative_passages"][:1]:
        for positive in row["positive_passages"]:
            yield row["query"], _titled(positive), _titled(negative)


def _titled(passage: Row) -> str:
    return f"{passage['title']} {passage['text']}"
