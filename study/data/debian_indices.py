"""Debian's translation indices: the description of every package in one language."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import pyarrow as pa

from study.data.documentation import Files

_NAMES = {"pt": "pt_BR", "zh": "zh_CN"}
_STANZA = re.compile(
    r"Package: (?P<package>\S+)\n"
    r"Description-md5: (?P<md5>[0-9a-f]{32})\n"
    r"Description-\S+:(?P<short>.*)(?P<long>(\n .*)*)"
)


def debian_name(language: str) -> str:
    """How Debian calls a language; Portuguese is Brazil's, Chinese simplified."""
    return _NAMES.get(language, language)


class Description(NamedTuple):
    """A package's description; ``paragraphs`` are the lines of each, as they are indented."""

    short: str
    paragraphs: tuple[tuple[str, ...], ...]


def find_indices(folder: Path, languages: Sequence[str]) -> Files:
    """Find the indices of English, without which it is an error, and of the other languages."""
    indices = {}
    for language in sorted(languages, key=lambda one: (one != "en", one)):
        name = re.compile(rf".*Translation-{debian_name(language)}(\.(lz4|gz|bz2))?")
        files = sorted(folder.glob("*Translation-*"))
        if found := {file.name: file for file in files if name.fullmatch(unquote(file.name))}:
            indices[language] = found
    if "en" not in indices:
        raise FileNotFoundError(
            f"there is no Translation-en (plain, .lz4, .gz or .bz2) in {folder}. Way out: put "
            "main/i18n/Translation-* of a Debian release there"
        )
    return indices


def read_index(file: Path, checksums: frozenset[str]) -> dict[str, Description]:
    """Read an index, plain or compressed: descriptions by the MD5 of their English text.

    Of equal ones the first is taken. The file is refused if it is damaged or truncated, or if its
    SHA-256, uncompressed, is none of the ``checksums`` of the archive, where there are any.
    """
    try:
        content = pa.input_stream(str(file)).read()
        if checksums and (found := hashlib.sha256(content).hexdigest()) not in checksums:
            raise ValueError(f"no InRelease beside it knows its SHA-256, {found}")
        return _descriptions(content.decode("utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(f"{file} is damaged: {error}. Way out: fetch it again") from error


def _descriptions(text: str) -> dict[str, Description]:
    if not text.endswith("\n\n"):
        raise ValueError("it ends within a description")
    descriptions: dict[str, Description] = {}
    for stanza in text.strip("\n").split("\n\n"):
        match = _STANZA.fullmatch(stanza)
        if match is None:
            raise ValueError(f"{stanza[:80]!r} is no description")
        paragraphs = match["long"].split("\n .")
        lines = [tuple(line[1:] for line in part.split("\n")[1:]) for part in paragraphs]
        description = Description(match["short"].strip(), tuple(filter(None, lines)))
        descriptions.setdefault(match["md5"], description)
    return descriptions


def read_checksums(folder: Path) -> frozenset[str]:
    """SHA-256 of every file that the releases in a folder (``*InRelease``) list."""
    releases = [file.read_text(encoding="utf-8") for file in folder.glob("*InRelease")]
    return frozenset(found for text in releases for found in re.findall(r"\b[0-9a-f]{64}\b", text))


def release_dates(folder: Path) -> dict[str, str]:
    """When each release in a folder was signed off, by its name and that of its archive."""
    dates = {}
    for file in sorted(folder.glob("*InRelease")):
        fields = dict(re.findall(r"^(Label|Codename|Date): (.+)$", file.read_text(), re.MULTILINE))
        dates[f"{fields.get('Label')} {fields.get('Codename')}"] = fields.get("Date", "unknown")
    return dates
