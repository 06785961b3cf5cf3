"""The key of a stored result: everything that it depends on, by name, value and version."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

VERSIONS: Mapping[str, int] = {
    "sampling": 1,
    "training": 1,
    "encoding": 1,
    "ranking": 1,
    "translation": 1,
    "language-content": 1,
    "language-mix": 1,
    "search": 1,
    "counts": 1,
    "remedy": 1,
}
"""Version of each computation. Raise one when the same inputs give another result than before.

``tests/golden/{computation}-{version}.json`` holds what each version gives; a test compares.
"""


def run_key(
    parameters: Mapping[str, Any], revisions: Mapping[str, str], computations: Sequence[str]
) -> str:
    """Hash what a result depends on: parameters, data and weights, versions of computations.

    No source file is read: a refactoring changes no key. ``parameters`` are JSON values by name,
    ``revisions`` those of data and weights, ``computations`` names in :data:`VERSIONS`.

    Examples
    --------
    >>> run_key({"benchmark": "xquad-r"}, {"encoder": "a"}, ["ranking"])
    '68b42cf164d5c1ec'
    """
    content = {
        "parameters": dict(parameters),
        "revisions": dict(revisions),
        "versions": {name: VERSIONS[name] for name in computations},
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]
