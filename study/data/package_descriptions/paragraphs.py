"""Which paragraphs of a description are passages, and which descriptions are one family."""

import re
from collections import Counter
from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from hybridlib.data.groups import group_pairs
from study.data.package_descriptions.indices import Description
from study.data.product_help.pairs import Paragraph, Place

# A paragraph of more descriptions than this speaks of a collection ("Mono is a platform ...")
MAX_DESCRIPTIONS_OF_PARAGRAPH = 10
# Debian's policy indents lists by more than one space; many begin with a bullet all the same
_LIST_ITEM = re.compile(r"\s|[*+•·o-] ")
_OF_FILES = re.compile(
    r"(this|the) package (\w+ )?(contain|depend|include|install|is|provide|ship)s?\b", re.IGNORECASE
)
_EMPTY_PACKAGE = re.compile(r"transition|(dummy|empty|meta)[ -]?package", re.IGNORECASE)
_CHINESE_OR_JAPANESE = "[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]"
_BROKEN_LINE = re.compile(f"(?<={_CHINESE_OR_JAPANESE}) (?={_CHINESE_OR_JAPANESE})")

Documentation = dict[Place, Paragraph]


def documentation(descriptions: Mapping[str, Description]) -> Documentation:
    """Lay descriptions out as headings with paragraphs; those that are no prose have no text.

    A paragraph's id also tells how many its description has: where a translation has another number
    of them, it is not known which is which.
    """
    return {
        Place(md5, "description", f"{i}/{len(description.paragraphs)}"): Paragraph(
            "description", f"{i}/{len(description.paragraphs)}", description.short, _prose(lines)
        )
        for md5, description in descriptions.items()
        for i, lines in enumerate(description.paragraphs)
    }


def own_paragraphs(english: Documentation) -> Documentation:
    """Keep what each description says of its package alone.

    Left out are lists, what a package contains or provides (files, a library's documentation), what
    is said of empty packages (transitions, collections), and what more than
    ``MAX_DESCRIPTIONS_OF_PARAGRAPH`` descriptions say.
    """
    counts = Counter(paragraph.text for paragraph in english.values())
    return {
        place: paragraph
        for place, paragraph in english.items()
        if paragraph.text
        and counts[paragraph.text] <= MAX_DESCRIPTIONS_OF_PARAGRAPH
        and not _OF_FILES.match(paragraph.text)
        and not _EMPTY_PACKAGE.search(f"{paragraph.heading} {paragraph.text}")
    }


def families(own: Documentation) -> dict[str, str]:
    """Join the descriptions that share an own paragraph, as ``foo``, ``foo-doc`` and ``foo-dev``.

    The passages of a family answer one another's queries.

    Returns
    -------
    The MD5 of each family's first description, by that of each description.
    """
    md5s, description = np.unique([place.page for place in own], return_inverse=True)
    texts = pa.chunked_array([[paragraph.text for paragraph in own.values()]])
    family = group_pairs(description, [texts])
    _, first = np.unique(family, return_index=True)
    return dict(zip(md5s.tolist(), md5s[first[family]].tolist(), strict=True))


def _prose(lines: tuple[str, ...]) -> str:
    text = _BROKEN_LINE.sub("", " ".join(" ".join(lines).split()))
    is_list = any(_LIST_ITEM.match(line) for line in lines) or text.endswith((":", "："))
    return "" if is_list else text
