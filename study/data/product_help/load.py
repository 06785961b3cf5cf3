"""Parallel product help from Debian: LibreOffice's, GNOME's and the installation guide."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.etree.ElementTree import ParseError

import pyarrow as pa
from tqdm import tqdm

from hybridlib.data.fetch.download import cache_folder
from hybridlib.data.fetch.table_cache import cached_table
from hybridlib.data.pair_checks import COLUMNS
from hybridlib.data.parallel import ParallelPairs
from study.data import debian
from study.data.product_help.corpora import CORPORA, Corpus, find_pages, packages
from study.data.product_help.pairs import Paragraph, Place, parallel_pairs

# Greek and Vietnamese are at hand too, but the paper holds them out of training
LANGUAGES = ("de", "en", "es", "hi", "ru", "tr", "zh")
# Corpus, language, a page's path in the language's folder: its file
_Pages = Mapping[Corpus, Mapping[str, Mapping[str, Path]]]


def load(folder: Path | str | None = None, languages: Sequence[str] = LANGUAGES) -> ParallelPairs:
    """Load three corpora: a heading is the query, the paragraph or two after it the passage.

    The corpora are ``libreoffice-help``, ``gnome-help`` and ``installation-guide``. Texts are
    parallel by the ids that pages and paragraphs keep in translation. A translation is left out if
    its heading or a paragraph of it is a copy of the English. Pairs stand in English and, in
    LibreOffice's help, in four more of the languages asked for (or in all of them, where they are
    fewer), elsewhere in one more.

    Parameters
    ----------
    folder
        Holds the unpacked packages' ``usr/share``. By default the packages are downloaded with
        ``apt-get`` into the cache, which needs no root.
    languages
        ISO 639-1 codes; ``zh`` is Chinese in simplified characters.

    Raises
    ------
    FileNotFoundError
        If a documentation is missing from the folder, or ``apt-get`` or ``dpkg-deb`` are needed and
        missing.
    ConnectionError
        If ``apt-get`` does not give a package.
    ValueError
        If a language is no such code or has no pair, or a package or page is damaged.

    Source
    ------
    Debian's packages libreoffice-help-*, gnome-user-docs and installation-guide-amd64.
    """
    asked_for = _checked(languages)
    if folder is None:
        way_out = "unpack it elsewhere and pass load() the folder that holds its usr/share"
        roots = debian.unpack(packages(asked_for), _package_folder(), way_out)
    else:
        roots = [Path(folder)]
    pages = {corpus: find_pages(corpus, roots, asked_for) for corpus in CORPORA}
    file = cache_folder() / "product-help" / f"pairs-{_key(pages, asked_for)}.arrow"
    return ParallelPairs(cached_table(file, lambda: _extract(pages, asked_for)))


def versions(languages: Sequence[str] = LANGUAGES) -> dict[str, str]:
    """Return the versions, by name, of the packages of ``load`` that lie in the cache."""
    return debian.versions(packages(_checked(languages)), _package_folder())


def _package_folder() -> Path:
    return cache_folder() / "product-help" / "packages"


def _checked(languages: Sequence[str]) -> list[str]:
    for language in languages or [""]:
        if not re.fullmatch("[a-z]{2}", language):
            raise ValueError(
                f"languages must be ISO 639-1 codes, as {', '.join(LANGUAGES)}; got {language!r}"
            )
    return sorted(set(languages))


def _key(pages: _Pages, languages: Sequence[str]) -> str:
    """Name what the pairs depend on: the pages by size and date, the languages, this code."""
    digest = hashlib.sha256(repr(languages).encode())
    for code in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(code.read_bytes())
    for corpus, in_languages in pages.items():
        for language, files in in_languages.items():
            for name, file in files.items():
                state = file.stat()
                entry = (corpus.name, language, name, state.st_size, state.st_mtime_ns)
                digest.update(repr(entry).encode())
    return digest.hexdigest()[:16]


def _extract(pages: _Pages, languages: Sequence[str]) -> pa.Table:
    rows: list[tuple[str, ...]] = []
    for corpus, in_languages in pages.items():
        progress = tqdm(in_languages.items(), desc=corpus.name, unit="language")
        documentations = {language: _documentation(corpus, files) for language, files in progress}
        min_languages = min(corpus.min_languages, len({"en", *languages}))
        for pair in parallel_pairs(documentations, corpus.max_passages, min_languages):
            if pair.language in languages:
                rows.append((corpus.name, *pair))
    present = {language for _, _, language, _, _ in rows}
    if lacking := sorted(set(languages) - present):
        raise ValueError(
            f"no pair in language {', '.join(lacking)}; of those asked for there are "
            f"{', '.join(sorted(present)) or 'none'}. Way out: leave it out of languages"
        )
    return pa.table(dict(zip(COLUMNS, map(pa.array, zip(*rows, strict=True)), strict=True)))


def _documentation(corpus: Corpus, files: Mapping[str, Path]) -> dict[Place, Paragraph]:
    paragraphs: dict[Place, Paragraph] = {}
    for name, file in files.items():
        try:
            for paragraph in corpus.read(file):
                # The first of equal ids stands for all: they are one text, shown twice
                paragraphs.setdefault(Place(name, paragraph.heading_id, paragraph.id), paragraph)
        except (ParseError, UnicodeDecodeError) as error:
            raise ValueError(
                f"{file} is damaged: {error}. Way out: unpack its package again"
            ) from error
    return paragraphs
