"""LibreOffice's help in several languages, from Debian's packages."""

import os
import re
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path

import pyarrow as pa
from tqdm import tqdm

from hybridlib.data.fetch.download import cache_folder
from hybridlib.data.fetch.table_cache import cached_table
from hybridlib.data.parallel import ParallelPairs
from study.data import debian
from study.data.documentation import Files, Paragraph, Place, key_of, pair_table

CORPUS = "libreoffice-help"
# Greek and Vietnamese are at hand too, but the paper holds them out of training
LANGUAGES = ("de", "en", "es", "hi", "ru", "tr", "zh")
MIN_LANGUAGES = 5  # of a pair
VARIABLE = "HYBRIDLIB_PRODUCT_HELP"
_FOLDER = "usr/share/libreoffice/help/{}/text"
_NAMES = {"en": "en-US", "zh": "zh-CN"}  # how LibreOffice calls a language
_BLOCK = re.compile("p par_|h[1-6] hd_")


def load(languages: Sequence[str] = LANGUAGES) -> ParallelPairs:
    """Load the corpus: a heading is the query, the paragraph or two after it the passage.

    Texts are parallel by the ids that paragraphs keep in translation. A pair stands in English and
    in four more of the languages, which hold ``en``, or in all of them where they are fewer.
    ``HYBRIDLIB_PRODUCT_HELP`` names the folder with the unpacked packages' ``usr/share``; without
    it ``apt-get`` fetches them into the cache, without root. A missing or damaged package or page
    is an error, as is a language without a pair.

    Source: Debian's packages libreoffice-help-*.
    """
    asked_for = sorted(set(languages))
    if folder := os.environ.get(VARIABLE):
        roots = [Path(folder)]
    else:
        way_out = f"unpack it elsewhere and name the folder with its usr/share in {VARIABLE}"
        roots = debian.unpack(packages(asked_for), _package_folder(), way_out)
    source = ", ".join(map(str, roots))
    pages = _find_pages(roots, asked_for, source)
    file = cache_folder() / "product-help" / f"pairs-{key_of(pages, asked_for, __file__)}.arrow"

    def extract() -> pa.Table:
        progress = tqdm(pages.items(), desc=CORPUS, unit="language")
        documentations = {language: _documentation(files) for language, files in progress}
        return pair_table(CORPUS, documentations, asked_for, MIN_LANGUAGES, source)

    return ParallelPairs(cached_table(file, extract))


def versions(languages: Sequence[str] = LANGUAGES) -> dict[str, str]:
    """Return the versions, by name, of the packages of ``load`` that lie in the cache."""
    if os.environ.get(VARIABLE):
        return {}
    return debian.versions(packages(languages), _package_folder())


def packages(languages: Sequence[str]) -> list[str]:
    """Name the Debian packages with these languages."""
    return [f"libreoffice-help-{_NAMES.get(one, one).lower()}" for one in sorted(languages)]


def _package_folder() -> Path:
    return cache_folder() / "product-help" / "packages"


def _find_pages(roots: Sequence[Path], languages: Sequence[str], source: str) -> Files:
    """Pages by language, English first, then by path in its folder."""
    pages = {
        language: {path.relative_to(folder).as_posix(): path for path in found}
        for language in sorted(languages, key=lambda one: (one != "en", one))
        for root in roots
        for folder in [root / _FOLDER.format(_NAMES.get(language, language))]
        if (found := sorted(folder.rglob("*.html")))
    }
    if "en" not in pages:
        raise FileNotFoundError(
            f"{CORPUS}: there is no *.html under {_FOLDER.format(_NAMES['en'])} in {source}. "
            f"Way out: unpack the packages {', '.join(packages(languages))} there (apt-get "
            "download PACKAGE; dpkg-deb -x FILE FOLDER)"
        )
    return pages


def _documentation(files: Mapping[str, Path]) -> dict[Place, Paragraph]:
    paragraphs: dict[Place, Paragraph] = {}
    for name, file in files.items():
        try:
            page = file.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise ValueError(
                f"{file} is damaged: {error}. Way out: unpack its package again"
            ) from error
        # The frame around the text has no ids of paragraphs, and is the slower half to parse
        text = page[max(page.find('id="DisplayArea"'), 0) :].partition('id="SearchFrame"')[0]
        for heading_id, heading, paragraph_id, paragraph in _Page(text).paragraphs:
            # The first of equal ids stands for all: they are one text, shown twice
            place = Place(name, heading_id, paragraph_id)
            paragraphs.setdefault(place, Paragraph(heading, paragraph))
    return paragraphs


class _Page(HTMLParser):
    """Collect ``<p id="par_id2">`` behind ``<h1 id="hd_id1">``, with ids and texts of both."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.paragraphs: list[tuple[str, str, str, str]] = []
        self.heading: tuple[str, str] | None = None
        self.open_tag = self.open_id = ""
        self.texts: list[str] = []
        self.ignored_tag, self.ignored_depth = "", 0
        self.variant_is_chosen = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if self.ignored_tag:
            self.ignored_depth += tag == self.ignored_tag
        elif self._is_other_variant(attributes):
            self.ignored_tag, self.ignored_depth = tag, 1
        elif not self.open_tag:
            if _BLOCK.match(f"{tag} {attributes.get('id')}"):
                self.open_tag, self.open_id, self.texts = tag, attributes["id"], []
        elif tag == "br":
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        if self.ignored_tag:
            self.ignored_depth -= tag == self.ignored_tag
            self.ignored_tag = self.ignored_tag if self.ignored_depth else ""
        elif self.open_tag and tag == self.open_tag:
            block = self.open_id, " ".join("".join(self.texts).split())
            if tag != "p":
                self.heading = block
            elif self.heading is not None:
                self.paragraphs.append((*self.heading, *block))
            self.open_tag = ""

    def handle_data(self, data: str) -> None:
        if self.open_tag and not self.ignored_tag:
            self.texts.append(data)

    def _is_other_variant(self, attributes: dict[str, str]) -> bool:
        # LibreOffice writes "Command" for macOS beside "Ctrl" for others; its script shows one
        if attributes.get("class") == "switchinline":
            self.variant_is_chosen = False
        if not self.open_tag or "hidden" not in attributes:
            return False
        is_other = self.variant_is_chosen or attributes.get("class") == "MAC"
        self.variant_is_chosen = self.variant_is_chosen or not is_other
        return is_other
