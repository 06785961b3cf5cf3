"""Headings and passages of a translated documentation, joined into parallel pairs."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import groupby, islice
from typing import NamedTuple

# A shorter paragraph takes the next one with it; a passage below the minimum answers nothing
SHORT_PARAGRAPH_CHARACTERS = 100
MIN_PASSAGE_CHARACTERS, MIN_PASSAGE_WORDS = 20, 4
# A heading of more sections than this ("Syntax", "Example") asks for none of them
MAX_SECTIONS_OF_HEADING = 50


class Paragraph(NamedTuple):
    """A paragraph and the heading it stands under; translations have both ids in common."""

    heading_id: str
    id: str
    heading: str
    text: str


class Place(NamedTuple):
    """Where a paragraph stands, the same in all languages."""

    page: str
    heading_id: str
    id: str


Documentation = Mapping[Place, Paragraph]


class Translation(NamedTuple):
    """One language of a pair."""

    pair: str
    language: str
    query: str
    passage: str


def parallel_pairs(
    documentations: Mapping[str, Documentation], max_passages: int, min_languages: int
) -> Iterator[Translation]:
    """Yield the pairs of a documentation, the translations of a pair one after the other.

    A translation is left out if a part of it is a copy of the English or if the same query and
    passage came before in its language.

    Parameters
    ----------
    documentations
        By language; English is the original and gives the order.
    max_passages
        How many passages a section may give; each is paired with the section's heading.
    min_languages
        A pair in fewer languages, or not in English, is left out.
    """
    original = documentations["en"]
    seen: set[tuple[str, str, str]] = set()
    for passage in _passages(original, max_passages):
        texts = {
            language: text
            for language, documentation in documentations.items()
            if (text := _query_and_passage(passage, documentation, original)) is not None
            and (language, *text) not in seen
        }
        if len(texts) >= min_languages and "en" in texts:
            first = passage[0]
            for language, text in texts.items():
                seen.add((language, *text))
                yield Translation(f"{first.page}#{first.heading_id}/{first.id}", language, *text)


def _passages(original: Documentation, max_passages: int) -> Iterator[list[Place]]:
    with_text = [place for place, paragraph in original.items() if paragraph.text]
    sections = [list(group) for _, group in groupby(with_text, key=lambda place: place[:2])]
    num_sections = Counter(original[section[0]].heading for section in sections)
    for section in sections:
        heading = original[section[0]].heading
        has_word = sum(map(str.isalpha, heading)) > 1
        if has_word and num_sections[heading] <= MAX_SECTIONS_OF_HEADING:
            yield from islice(_one_or_two(iter(section), original), max_passages)


def _one_or_two(section: Iterator[Place], original: Documentation) -> Iterator[list[Place]]:
    for place in section:
        is_short = len(original[place].text) < SHORT_PARAGRAPH_CHARACTERS
        second = next(section, None) if is_short else None
        passage = [place] if second is None else [place, second]
        text = " ".join(original[place].text for place in passage)
        if len(text) >= MIN_PASSAGE_CHARACTERS and len(text.split()) >= MIN_PASSAGE_WORDS:
            yield passage


def _query_and_passage(
    passage: list[Place], documentation: Documentation, original: Documentation
) -> tuple[str, str] | None:
    parts = [documentation[place] for place in passage if place in documentation]
    if len(parts) < len(passage) or not all(part.heading and part.text for part in parts):
        return None
    if documentation is not original:
        for part, source in zip(parts, [original[place] for place in passage], strict=True):
            if _is_copy(part.heading, source.heading) or _is_copy(part.text, source.text):
                return None
    return parts[0].heading, " ".join(part.text for part in parts)


def _is_copy(text: str, source: str) -> bool:
    # Untranslated paragraphs may still have the quotation marks of their language
    return _letters(text) == _letters(source)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))
