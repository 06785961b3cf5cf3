"""Paragraphs under headings, from the HTML of LibreOffice's help and of Debian's guide."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

from study.data.product_help.pairs import Paragraph

_BLOCK_TAG = re.compile(r"p|h[1-6]")
_DOCBOOK_FRAME = frozenset({"footnote", "footnotes", "navheader", "navfooter", "toc"})
_SECTION_NUMBER = re.compile(r"[A-Z]?[\d.]+\s+")  # "6.3.1. ", "A.2. "


class _Block(NamedTuple):
    tag: str
    id: str
    text: str


def libreoffice_paragraphs(file: Path) -> list[Paragraph]:
    """Read a page of LibreOffice's help: ``<h1 id="hd_id1">`` and ``<p id="par_id2">``."""
    page = file.read_text(encoding="utf-8")
    # The frame around the text has no such ids, and is the slower half to parse
    page = page[max(page.find('id="DisplayArea"'), 0) :].partition('id="SearchFrame"')[0]
    heading: _Block | None = None
    paragraphs = []
    for block in _Blocks(_is_libreoffice_block).read(page):
        if block.tag != "p":
            heading = block
        elif heading is not None:
            paragraphs.append(Paragraph(heading.id, block.id, heading.text, block.text))
    return paragraphs


def docbook_paragraphs(file: Path) -> list[Paragraph]:
    """Read a page of Debian's installation guide: ``<h2 class="title"><a name="anchor">``.

    DocBook's made-up anchors (``idm123``) differ from language to language, so their sections go by
    position. A paragraph's id also tells how many the section has: where a translation has another
    number of them, it is not known which is which.
    """
    sections: list[tuple[str, str, list[str]]] = []
    blocks = _Blocks(_is_docbook_block, _DOCBOOK_FRAME).read(file.read_text(encoding="utf-8"))
    for block in blocks:
        if block.tag == "p":
            if sections:
                sections[-1][2].append(block.text)
        elif block.id:  # a heading without an anchor is a note's
            section_id = str(len(sections)) if block.id.startswith("idm") else block.id
            sections.append((section_id, _SECTION_NUMBER.sub("", block.text, count=1), []))
    return [
        Paragraph(section_id, f"{i}/{len(texts)}", heading, text)
        for section_id, heading, texts in sections
        for i, text in enumerate(texts)
    ]


def _is_libreoffice_block(tag: str, attributes: dict[str, str]) -> bool:
    return attributes.get("id", "").startswith("par_" if tag == "p" else "hd_")


def _is_docbook_block(tag: str, attributes: dict[str, str]) -> bool:
    # A chapter's page (h1) is a table of contents
    return tag == "p" or (tag != "h1" and attributes.get("class") == "title")


class _Blocks(HTMLParser):
    """Collect the headings and paragraphs for which ``is_wanted(tag, attributes)`` holds."""

    def __init__(
        self,
        is_wanted: Callable[[str, dict[str, str]], bool],
        ignored_classes: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__()
        self.is_wanted, self.ignored_classes = is_wanted, ignored_classes
        self.blocks: list[_Block] = []
        self.open_block: _Block | None = None
        self.texts: list[str] = []
        self.ignored_tag, self.ignored_depth = "", 0
        self.variant_is_chosen = False

    def read(self, page: str) -> list[_Block]:
        self.feed(page)
        self.close()
        return self.blocks

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if self.ignored_tag:
            self.ignored_depth += tag == self.ignored_tag
        elif attributes.get("class") in self.ignored_classes or self._is_other_variant(attributes):
            self.ignored_tag, self.ignored_depth = tag, 1
        elif self.open_block is None:
            if _BLOCK_TAG.fullmatch(tag) and self.is_wanted(tag, attributes):
                self.open_block, self.texts = _Block(tag, attributes.get("id", ""), ""), []
        elif tag == "a" and not self.open_block.id:
            self.open_block = self.open_block._replace(id=attributes.get("name", ""))
        elif tag == "br":
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        if self.ignored_tag:
            self.ignored_depth -= tag == self.ignored_tag
            self.ignored_tag = self.ignored_tag if self.ignored_depth else ""
        elif self.open_block is not None and tag == self.open_block.tag:
            text = " ".join("".join(self.texts).split())
            self.blocks.append(self.open_block._replace(text=text))
            self.open_block = None

    def handle_data(self, data: str) -> None:
        if self.open_block is not None and not self.ignored_tag:
            self.texts.append(data)

    def _is_other_variant(self, attributes: dict[str, str]) -> bool:
        # LibreOffice writes "Command" for macOS beside "Ctrl" for others; its script shows one
        if attributes.get("class") == "switchinline":
            self.variant_is_chosen = False
        if self.open_block is None or "hidden" not in attributes:
            return False
        is_other = self.variant_is_chosen or attributes.get("class") == "MAC"
        self.variant_is_chosen = self.variant_is_chosen or not is_other
        return is_other
