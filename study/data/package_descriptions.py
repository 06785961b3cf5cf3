"""Package descriptions of Debian, as its volunteers translated them: several languages, uneven."""

import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from hybridlib.data.fetch.download import cache_folder
from hybridlib.data.fetch.table_cache import cached_table
from hybridlib.data.groups import group_pairs
from hybridlib.data.pair_checks import QUERY_ID
from hybridlib.data.parallel import ParallelPairs
from study.data import debian_indices
from study.data.debian import fetch_translation_indices
from study.data.debian_indices import Description, debian_name
from study.data.documentation import Documentation, Files, Paragraph, Place, key_of, pair_table

CORPUS = "package-descriptions"
VARIABLE = "HYBRIDLIB_PACKAGE_DESCRIPTIONS"
# Those with a thousand descriptions at least
LANGUAGES = ("cs", "de", "en", "es", "fr", "it", "ja", "ko", "pl", "pt", "ru", "uk", "zh")
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


def load(languages: Sequence[str] = LANGUAGES) -> ParallelPairs:
    """Load the corpus: a short description is the query, one or two paragraphs the passage.

    The passage is the first prose that is a package's own: no list, nothing on the files that it
    contains, nothing that more than ten descriptions say, and no description of an empty package.
    A pair stands in English and one more language at least. Packages that share such a paragraph
    (``foo``, ``foo-dev``, ``foo-doc``) have one ``query_id``, hence are one group: their passages
    answer one another's queries.

    ``HYBRIDLIB_PACKAGE_DESCRIPTIONS`` names a folder with ``Translation-*`` of a Debian release,
    plain or compressed; without it ``apt-get`` fetches them into the cache, 21 MB, without root.
    ``languages`` hold ``en``; ``pt`` is Brazil's Portuguese, ``zh`` Chinese in simplified
    characters. An index that is missing, damaged or truncated is an error, as is a language without
    a pair.

    Source: Debian Description Translation Project, https://www.debian.org/international/l10n/ddtp;
    joined by the MD5 of the English description.
    """
    asked_for = sorted(set(languages))
    if name := os.environ.get(VARIABLE):
        folder = Path(name)
    else:
        names = [debian_name(language) for language in LANGUAGES]
        way_out = f"name a folder with main/i18n/Translation-* of a Debian release in {VARIABLE}"
        folder = fetch_translation_indices(names, _index_folder(), way_out)
    indices = debian_indices.find_indices(folder, asked_for)
    key = key_of(indices, asked_for, __file__, debian_indices.__file__)
    file = cache_folder() / CORPUS / f"pairs-{key}.arrow"
    return ParallelPairs(cached_table(file, lambda: _extract(folder, indices, asked_for)))


def versions() -> dict[str, str]:
    """Return the dates of the releases, by name, whose indices lie in the cache."""
    return {} if os.environ.get(VARIABLE) else debian_indices.release_dates(_index_folder())


def _index_folder() -> Path:
    return cache_folder() / CORPUS / "indices"


def _extract(folder: Path, indices: Files, languages: Sequence[str]) -> pa.Table:
    checksums = debian_indices.read_checksums(folder)
    documentations = {}
    for language, files in indices.items():
        descriptions: dict[str, Description] = {}
        for file in files.values():
            descriptions |= debian_indices.read_index(file, checksums)
        documentations[language] = _documentation(descriptions)
    documentations["en"] = _own_paragraphs(documentations["en"])
    table = pair_table(CORPUS, documentations, languages, 2, str(folder))
    family = _families(documentations["en"])
    ids = [family[pair.partition("#")[0]] for pair in table["pair"].to_pylist()]
    return table.append_column(QUERY_ID, pa.array(ids))


def _documentation(descriptions: Mapping[str, Description]) -> Documentation:
    """Lay descriptions out as headings with paragraphs; those that are no prose have no text.

    A paragraph's id also tells how many its description has: where a translation has another number
    of them, it is not known which is which.
    """
    return {
        Place(md5, "description", f"{i}/{len(description.paragraphs)}"): Paragraph(
            description.short, _prose(lines)
        )
        for md5, description in descriptions.items()
        for i, lines in enumerate(description.paragraphs)
    }


def _prose(lines: tuple[str, ...]) -> str:
    text = _BROKEN_LINE.sub("", " ".join(" ".join(lines).split()))
    is_list = any(_LIST_ITEM.match(line) for line in lines) or text.endswith((":", "："))
    return "" if is_list else text


def _own_paragraphs(english: Documentation) -> Documentation:
    counts = Counter(paragraph.text for paragraph in english.values())
    return {
        place: paragraph
        for place, paragraph in english.items()
        if paragraph.text
        and counts[paragraph.text] <= MAX_DESCRIPTIONS_OF_PARAGRAPH
        and not _OF_FILES.match(paragraph.text)
        and not _EMPTY_PACKAGE.search(f"{paragraph.heading} {paragraph.text}")
    }


def _families(own: Documentation) -> dict[str, str]:
    """The MD5 of each family's first description, by that of each description."""
    md5s, description = np.unique([place.page for place in own], return_inverse=True)
    texts = pa.chunked_array([[paragraph.text for paragraph in own.values()]])
    family = group_pairs(description, [texts])
    _, first = np.unique(family, return_index=True)
    return dict(zip(md5s.tolist(), md5s[first[family]].tolist(), strict=True))
