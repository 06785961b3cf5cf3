"""YAML that means what it looks like: the core schema of YAML 1.2, no key twice."""

import re
from pathlib import Path
from typing import Any

import yaml

MOST_BYTES = 1 << 16
_TAG = "tag:yaml.org,2002:"
_FORMS = {  # section 10.3.2; in YAML 1.1, as PyYAML reads it, 010 is 8, 1:30 is 90 and no is false
    "null": r"|~|null|Null|NULL",
    "bool": r"true|True|TRUE|false|False|FALSE",
    "int": r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+",
    "float": r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)"
    r"|\.(nan|NaN|NAN)",
}


def load(file: Path) -> Any:
    """Read a file of YAML.

    Raises
    ------
    ValueError
        If it is no YAML, has a key twice, an alias or a tag, is nested deeply, or larger
        than ``MOST_BYTES``.
    """
    if (size := file.stat().st_size) > MOST_BYTES:
        raise ValueError(f"it has {size:,} bytes; at most {MOST_BYTES:,} are read")
    try:
        return yaml.load(file.read_text(encoding="utf-8"), _Loader)  # noqa: S506 (a safe one)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers = {  # noqa: RUF012 (as in the class above it)
        None: [(_TAG + kind, re.compile(f"({form})$")) for kind, form in _FORMS.items()]
    }

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent) or getattr(event, "tag", None):
            mark = event.start_mark
            raise yaml.MarkedYAMLError(problem="no aliases, no tags: write it", problem_mark=mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict:
        content = super().construct_mapping(node, deep)
        keys = [self.construct_object(key) for key, _ in node.value]
        if len(content) < len(keys):
            twice = next(key for place, key in enumerate(keys) if key in keys[:place])
            mark = node.start_mark
            raise yaml.MarkedYAMLError(problem=f"{twice!r} stands there twice", problem_mark=mark)
        return content

    def construct_yaml_int(self, node: Any) -> int:
        text = self.construct_scalar(node)
        return int(text, 0 if text[:2] in ("0o", "0x") else 10)


_Loader.add_constructor(f"{_TAG}int", _Loader.construct_yaml_int)
