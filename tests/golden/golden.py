"""Golden files: what a version gave when it was written, and how that differs from now."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hybridlib.files import checksum
from study.store.key import VERSIONS

FOLDER = Path(__file__).parent
CHECKSUMS = "SHA256SUMS"


@dataclass(frozen=True)
class Case:
    """One output of a computation, numbers and texts in lists and dictionaries."""

    compute: Callable[[Path], Any]  # in an empty folder
    tolerance: float = 0.0  # of floating-point numbers, absolute or relative


def files(computation: str, folder: Path = FOLDER) -> list[Path]:
    """The files of a computation's version in force."""
    name = f"{computation}-{VERSIONS[computation]}"
    return sorted([*folder.glob(f"{name}.json"), *folder.glob(f"{name}-*.json")])


def stored(computation: str, folder: Path = FOLDER) -> dict[str, Any]:
    """Outputs of a computation's version in force, by case."""
    outputs: dict[str, Any] = {}
    for file in files(computation, folder):
        outputs |= json.loads(file.read_text(encoding="utf-8"))
    return outputs


def write(computation: str, outputs: Mapping[str, Any], folder: Path = FOLDER) -> Path:
    """Write the first file of a version, or one more for a case that came later; never over one."""
    name = f"{computation}-{VERSIONS[computation]}"
    if (folder / f"{name}.json").exists():
        name += f"-{next(iter(outputs))}"
    file = folder / f"{name}.json"
    cases = [f"{json.dumps(k)}: {json.dumps(v, allow_nan=False)}" for k, v in outputs.items()]
    with file.open("x", encoding="utf-8") as sink:
        sink.write("{\n" + ",\n".join(cases) + "\n}\n")
    with (folder / CHECKSUMS).open("a", encoding="utf-8") as sink:
        sink.write(f"{checksum(file)}  {file.name}\n")
    return file


def edited(folder: Path = FOLDER) -> list[str]:
    """Names of files that are not as they were written, are gone, or were put there by hand."""
    text = (folder / CHECKSUMS).read_text(encoding="utf-8")
    lines = (line.split(maxsplit=1) for line in text.splitlines())
    written = {name: known for known, name in lines}
    there = {file.name: checksum(file) for file in folder.glob("*.json")}
    names = sorted({*written, *there})
    return [name for name in names if written.get(name) != there.get(name)]


def differences(expected: Any, found: Any, tolerance: float, place: str = "") -> Iterator[str]:
    """Name the places at which an output is another one."""
    if isinstance(expected, dict) and isinstance(found, dict) and expected.keys() == found.keys():
        for name in expected:
            inner = f"{place}.{name}" if place else str(name)
            yield from differences(expected[name], found[name], tolerance, inner)
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for number, pair in enumerate(zip(expected, found, strict=True)):
            yield from differences(*pair, tolerance, f"{place}[{number}]")
    elif isinstance(expected, float) and isinstance(found, float):
        if not abs(expected - found) <= tolerance * max(1.0, abs(expected)):
            yield f"{place} was {expected}, is {found}"
    elif type(expected) is not type(found) or expected != found:
        yield f"{place} was {_short(expected)}, is {_short(found)}"


def _short(output: Any) -> str:
    text = json.dumps(output)
    return text if len(text) < 100 else f"{text[:80]}... ({len(output)})"


def way_out(computation: str, case: str, found: list[str]) -> str:
    """Say what differs, and what to do if the change was meant and if it was not."""
    version = VERSIONS[computation]
    return (
        f"{computation}, version {version}, case {case!r} gives another result than when the "
        f"version was written, in {len(found)} places: {'; '.join(found[:3])}.\n"
        "Stored results carry this version in their keys and would be taken for equal.\n"
        f"If the change was meant: set VERSIONS[{computation!r}] in study/store/key.py to "
        f"{version + 1}, run `python -m tests.golden.write {computation}` and commit the new file; "
        "what was computed with the old version is then computed again.\n"
        "If it was not meant: undo it. Do not edit the file of a version."
    )
