"""Names of profiles and runs: each becomes one folder of the store, so each is checked."""

import re

_NAME = re.compile(r"(?!\.)[A-Za-z0-9_.=+-]{1,100}")


def check_name(what: str, name: object) -> str:
    """Return the name of a profile or a run, if it can be a folder of the store."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ValueError(
            f"{what} must be 1 to 100 letters, digits and -_.=+, no dot first, got {name!r}"
        )
    return name
