"""YAML that means what it looks like: version 1.2, where 010 is ten and no a word, no key twice."""

from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

T = TypeVar("T")
MOST_BYTES = 1 << 16


def load(file: Path) -> Any:
    """Read a file of YAML; an error if it is none, has a key twice, is nested deeply or large."""
    if (size := file.stat().st_size) > MOST_BYTES:
        raise ValueError(f"it has {size:,} bytes; at most {MOST_BYTES:,} are read")
    try:
        return YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    except YAMLError as error:
        raise ValueError(str(error)) from error
    except KeyError as error:
        raise ValueError(f"a value's tag does not fit it: {error}") from error
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def checked(kind: type[T], content: Any) -> T:
    """Make one of a pydantic type; the error is a sentence with each place, fault and value."""
    try:
        return TypeAdapter(kind).validate_python(content)
    except ValidationError as error:
        faults = [
            f"{'.'.join(map(str, one['loc']))}: {one['msg']}, got {one['input']!r}"
            for one in error.errors()
        ]
        raise ValueError("; ".join(faults)) from error
