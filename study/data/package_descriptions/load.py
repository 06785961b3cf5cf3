"""Package descriptions of Debian, as its volunteers translated them: several languages, uneven."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from hybridlib.data.fetch.download import cache_folder
from hybridlib.data.fetch.table_cache import cached_table
from hybridlib.data.pair_checks import COLUMNS, QUERY_ID
from hybridlib.data.parallel import ParallelPairs
from study.data.debian_indices import fetch_translation_indices
from study.data.package_descriptions.indices import (
    DEBIAN_NAMES,
    find_indices,
    read_checksums,
    read_index,
    release_dates,
)
from study.data.package_descriptions.paragraphs import documentation, families, own_paragraphs
from study.data.product_help.pairs import parallel_pairs

CORPUS = "package-descriptions"
# Those with a thousand descriptions at least
LANGUAGES = ("cs", "de", "en", "es", "fr", "it", "ja", "ko", "pl", "pt", "ru", "uk", "zh")


def load(folder: Path | str | None = None, languages: Sequence[str] = LANGUAGES) -> ParallelPairs:
    """Load the corpus: a short description is the query, one or two paragraphs the passage.

    The rules are those of product help: a short paragraph takes the next one with it, a translation
    is left out if its short description or a paragraph of the passage is a copy of the English, and
    a pair stands in English and one more language at least. The passage is the first prose that is
    a package's own (:func:`.paragraphs.own_paragraphs`). Packages of one family (``foo``,
    ``foo-dev``, ``foo-doc``) have one ``query_id``, hence are one group: no batch holds two of
    them, and a hold-out none of a training's.

    Parameters
    ----------
    folder
        Holds ``Translation-*`` of a Debian release, plain or compressed. By default ``apt-get``
        fetches them into the cache, 21 MB, which needs no root.
    languages
        ISO 639-1 codes; ``pt`` is Brazil's Portuguese, ``zh`` Chinese in simplified characters.

    Raises
    ------
    FileNotFoundError
        If the folder has no English index, or ``apt-get`` is needed and missing.
    ConnectionError
        If ``apt-get`` does not give the indices.
    ValueError
        If a language has no pair, or an index is damaged or truncated.

    Source
    ------
    Debian Description Translation Project, https://www.debian.org/international/l10n/ddtp; joined
    by the MD5 of the English description.
    """
    asked_for = sorted(set(languages))
    for language in asked_for or [""]:
        if language not in DEBIAN_NAMES:
            known = ", ".join(sorted(DEBIAN_NAMES))
            raise ValueError(f"no package descriptions in language {language!r}; there is {known}")
    way_out = (
        "put main/i18n/Translation-* of a Debian release into a folder and pass it to load(), or "
        "name it in HYBRIDLIB_PACKAGE_DESCRIPTIONS"
    )
    if folder is None:
        names = list(DEBIAN_NAMES.values())
        folder = fetch_translation_indices(names, _index_folder(), way_out)
    indices = find_indices(Path(folder), asked_for)
    file = cache_folder() / CORPUS / f"pairs-{_key(indices, asked_for)}.arrow"
    return ParallelPairs(cached_table(file, lambda: _extract(Path(folder), indices, asked_for)))


def versions() -> dict[str, str]:
    """Return the dates of the releases, by name, whose indices lie in the cache."""
    return release_dates(_index_folder())


def _index_folder() -> Path:
    return cache_folder() / CORPUS / "indices"


def _key(indices: Mapping[str, Sequence[Path]], languages: Sequence[str]) -> str:
    """Name what the pairs depend on: the indices by size and date, the languages, this code."""
    digest = hashlib.sha256(repr(languages).encode())
    for code in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(code.read_bytes())
    for language, files in indices.items():
        for file in files:
            state = file.stat()
            digest.update(repr((language, file.name, state.st_size, state.st_mtime_ns)).encode())
    return digest.hexdigest()[:16]


def _extract(
    folder: Path, indices: Mapping[str, Sequence[Path]], languages: Sequence[str]
) -> pa.Table:
    checksums = read_checksums(folder)
    documentations = {
        language: documentation(
            {k: v for file in files for k, v in read_index(file, checksums).items()}
        )
        for language, files in indices.items()
    }
    documentations["en"] = own_paragraphs(documentations["en"])
    family = families(documentations["en"])
    min_languages = min(2, len({"en", *languages}))
    rows = [
        (CORPUS, *pair, family[pair.pair.partition("#")[0]])
        for pair in parallel_pairs(documentations, max_passages=1, min_languages=min_languages)
        if pair.language in languages
    ]
    if lacking := sorted(set(languages) - {language for _, _, language, *_ in rows}):
        raise ValueError(
            f"no pair in language {', '.join(lacking)} in {folder}. Way out: leave it out of "
            "languages, or add its Translation-* there"
        )
    columns = map(pa.array, zip(*rows, strict=True))
    return pa.table(dict(zip((*COLUMNS, QUERY_ID), columns, strict=True)))
