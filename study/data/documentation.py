"""Headings and passages of a translated documentation, joined into parallel pairs."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from hybridlib.data.pair_checks import COLUMNS

# A shorter paragraph takes the next one with it; a passage below the minimum answers nothing
SHORT_PARAGRAPH_CHARACTERS = 100
MIN_PASSAGE_CHARACTERS, MIN_PASSAGE_WORDS = 20, 4
# A heading of more sections than this ("Syntax", "Example") asks for none of them
MAX_SECTIONS_OF_HEADING = 50


class Place(NamedTuple):
    """Where a paragraph stands, the same in all languages."""

    page: str
    heading_id: str
    id: str


class Paragraph(NamedTuple):
    """A paragraph and the heading it stands under."""

    heading: str
    text: str


Documentation = Mapping[Place, Paragraph]
Files = Mapping[str, Mapping[str, Path]]  # by language, then by name


def key_of(files: Files, languages: Sequence[str], *code: str) -> str:
    """Name what pairs depend on: the files by size and date, the languages, files of code."""
    states = [
        (language, name, file.stat().st_size, file.stat().st_mtime_ns)
        for language, of_language in files.items()
        for name, file in of_language.items()
    ]
    sources = [Path(source).read_bytes() for source in (*code, __file__)]
    return hashlib.sha256(repr((languages, states, sources)).encode()).hexdigest()[:16]


def pair_table(
    corpus: str,
    documentations: Mapping[str, Documentation],
    languages: Sequence[str],
    min_languages: int,
    source: str,
) -> pa.Table:
    """Join the documentations of languages into the table of a corpus, pair by pair.

    English is the original and gives the order. A section gives its first passage: what follows is
    lists of settings. A translation is left out if a part of it is a copy of the English or if the
    same query and passage came before in its language; a pair in fewer languages than
    ``min_languages``, or not in English, altogether. A language without a pair is an error, which
    names the ``source``.
    """
    pairs = _pairs(documentations, min(min_languages, len(languages)))
    rows = [(corpus, *pair) for pair in pairs]
    if lacking := sorted(set(languages) - {language for _, _, language, _, _ in rows}):
        raise ValueError(
            f"no pair in language {', '.join(lacking)} in {source}. Way out: leave it out of "
            "languages, or add its files there"
        )
    return pa.table(dict(zip(COLUMNS, map(pa.array, zip(*rows, strict=True)), strict=True)))


def _pairs(
    documentations: Mapping[str, Documentation], min_languages: int
) -> Iterator[tuple[str, str, str, str]]:
    """Yield pair, language, query and passage, the translations of a pair in a row."""
    original = documentations["en"]
    seen: set[tuple[str, str, str]] = set()
    for passage in _passages(original):
        texts = {
            language: text
            for language, documentation in documentations.items()
            if (text := _query_and_passage(passage, documentation, original)) is not None
            and (language, *text) not in seen
        }
        if len(texts) >= min_languages and "en" in texts:
            for language, text in texts.items():
                seen.add((language, *text))
                yield "{}#{}/{}".format(*passage[0]), language, *text


def _passages(original: Documentation) -> Iterator[list[Place]]:
    """Of each section one paragraph or, where it is short, two; too little is passed over."""
    with_text = [place for place, paragraph in original.items() if paragraph.text]
    sections = [list(group) for _, group in groupby(with_text, key=lambda place: place[:2])]
    num_sections = Counter(original[section[0]].heading for section in sections)
    for section in sections:
        heading = original[section[0]].heading
        if sum(map(str.isalpha, heading)) < 2 or num_sections[heading] > MAX_SECTIONS_OF_HEADING:
            continue
        while section:
            is_short = len(original[section[0]].text) < SHORT_PARAGRAPH_CHARACTERS
            passage, section = section[: 1 + is_short], section[1 + is_short :]
            text = " ".join(original[place].text for place in passage)
            if len(text) >= MIN_PASSAGE_CHARACTERS and len(text.split()) >= MIN_PASSAGE_WORDS:
                yield passage
                break


def _query_and_passage(
    passage: list[Place], documentation: Documentation, original: Documentation
) -> tuple[str, str] | None:
    parts = [documentation.get(place, Paragraph("", "")) for place in passage]
    if not all(part.heading and part.text for part in parts):
        return None
    if documentation is not original:
        for part, source in zip(parts, [original[place] for place in passage], strict=True):
            if any(_letters(a) == _letters(b) for a, b in zip(part, source, strict=True)):
                return None
    return parts[0].heading, " ".join(part.text for part in parts)


def _letters(text: str) -> str:
    # Untranslated paragraphs may still have the quotation marks of their language
    return "".join(filter(str.isalnum, text))
