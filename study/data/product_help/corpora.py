"""Where the three documentations lie: Debian's packages, folders and names of languages."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from study.data.product_help.html import docbook_paragraphs, libreoffice_paragraphs
from study.data.product_help.mallard import mallard_paragraphs
from study.data.product_help.pairs import Paragraph

_FOLDER_NAMES = {"en": ("en-US", "C", "en"), "zh": ("zh-CN", "zh_CN")}
_PACKAGE_SUFFIXES = {"en": "en-us", "zh": "zh-cn"}
_LIBREOFFICE_LANGUAGES = (
    *("ca", "cs", "da", "de", "dz", "el", "en", "es", "et", "eu", "fi", "fr", "gl", "hi", "hu"),
    *("id", "it", "ja", "km", "ko", "nl", "om", "pl", "pt", "ru", "sk", "sl", "sv", "tr", "vi"),
    "zh",
)


class Corpus(NamedTuple):
    """One documentation; ``tree`` is the folder of one language."""

    name: str
    tree: str
    page_pattern: str
    read: Callable[[Path], list[Paragraph]]
    max_passages: int  # that a section gives
    min_languages: int  # of a pair


CORPORA = (
    # What follows a section's first passage here is lists of settings
    Corpus(
        "libreoffice-help",
        "usr/share/libreoffice/help/{}/text",
        "*.html",
        libreoffice_paragraphs,
        max_passages=1,
        min_languages=5,
    ),
    Corpus(
        "gnome-help",
        "usr/share/help/{}/gnome-help",
        "*.page",
        mallard_paragraphs,
        max_passages=5,
        min_languages=2,
    ),
    Corpus(
        "installation-guide",
        "usr/share/doc/installation-guide-amd64/{}",
        "*.html",
        docbook_paragraphs,
        max_passages=5,
        min_languages=2,
    ),
)


def packages(languages: Sequence[str]) -> list[str]:
    """Name the Debian packages with English and these languages."""
    suffixes = [
        _PACKAGE_SUFFIXES.get(language, language)
        for language in _LIBREOFFICE_LANGUAGES
        if language in {"en", *languages}
    ]
    libreoffice = [f"libreoffice-help-{suffix}" for suffix in suffixes]
    return [*libreoffice, "gnome-user-docs", "installation-guide-amd64"]


def find_pages(
    corpus: Corpus, roots: Sequence[Path], languages: Sequence[str]
) -> dict[str, dict[str, Path]]:
    """Find the pages in English, and in each of the languages that the corpus has.

    Returns
    -------
    By language, each page's file by its path inside the language's folder, in order.

    Raises
    ------
    FileNotFoundError
        If there is no English page under any of the roots.
    """
    pages = {
        language: {path.relative_to(folder).as_posix(): path for path in found}
        for language in ["en", *languages]
        for name in _FOLDER_NAMES.get(language, (language,))
        for folder in [root / corpus.tree.format(name) for root in roots]
        if (found := sorted(folder.rglob(corpus.page_pattern)))
    }
    if "en" not in pages:
        expected = " or ".join(corpus.tree.format(name) for name in _FOLDER_NAMES["en"])
        raise FileNotFoundError(
            f"{corpus.name}: there is no {corpus.page_pattern} under {expected} in "
            f"{', '.join(map(str, roots))}. Way out: unpack the packages "
            f"{', '.join(packages(languages))} there (apt-get download PACKAGE; "
            "dpkg-deb -x FILE FOLDER)"
        )
    return pages
