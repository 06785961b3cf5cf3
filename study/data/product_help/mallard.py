"""Paragraphs under headings, from the Mallard pages of GNOME's help."""

import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, parse

from study.data.product_help.pairs import Paragraph

_NAMESPACE = "{http://projectmallard.org/1.0/}"
# Not running text: metadata, editors' remarks, lists of links, tables of keys, program text
_IGNORED = {"info", "comment", "media", "links", "table", "code", "screen"}


def mallard_paragraphs(file: Path) -> list[Paragraph]:
    """Read a page of GNOME's help: the ``<title>`` of a page or section and each ``<p>`` after it.

    Mallard's paragraphs have no ids. They are given their position and a checksum of the kinds of
    all blocks of the page, so that a translation with another skeleton shares no id with the
    original.
    """
    blocks = list(_blocks(_page(file), file))
    skeleton = zlib.crc32(" ".join(kind for kind, _ in blocks).encode())
    heading_id, heading = "", ""
    paragraphs = []
    for i, (kind, text) in enumerate(blocks):
        if kind == "heading":
            heading_id, heading = f"{i}", text
        elif kind == "paragraph" and heading_id:
            paragraphs.append(Paragraph(heading_id, f"{i}/{skeleton:08x}", heading, text))
    return paragraphs


def _page(file: Path) -> Element:
    return parse(file).getroot()  # noqa: S314 - a page of a signed package, or the reader's own


def _tag(element: Element) -> str:
    return element.tag.removeprefix(_NAMESPACE)


def _blocks(parent: Element, file: Path) -> Iterator[tuple[str, str]]:
    for child in parent:
        if _tag(child) == "title":
            is_heading = _tag(parent) in ("page", "section")
            yield "heading" if is_heading else "title", _normalised_text(child, file)
        elif _tag(child) == "p":
            yield "paragraph", _normalised_text(child, file)
        elif _tag(child) not in _IGNORED:
            yield from _blocks(child, file)


def _normalised_text(element: Element, file: Path) -> str:
    return " ".join(_text(element, file).split())


def _text(element: Element, file: Path) -> str:
    if _tag(element) == "media":
        return ""
    if _tag(element) == "keyseq":
        return "+".join(_text(key, file) for key in element)
    if _tag(element) == "link" and not "".join(element.itertext()).strip():
        return _title(element.get("xref", ""), file)
    inner = [_text(child, file) + (child.tail or "") for child in element]
    return (element.text or "") + "".join(inner)


def _title(reference: str, file: Path) -> str:
    """Title of a page or section, which a link without text shows in its place."""
    name, _, section = reference.partition("#")
    target = file.with_name(f"{name}.page")
    page = _page(target) if target.is_file() else _page(file)
    path = f".//{_NAMESPACE}section[@id='{section}']/{_NAMESPACE}title"
    title = page.find(path if section else f"{_NAMESPACE}title")
    return "" if title is None else "".join(title.itertext())
