"""Names of profiles and runs: each becomes one folder of the store, so each is checked."""

import re

OWN_WORD = "training"
_NAME = re.compile(r"(?!\.)[A-Za-z0-9_.=+-]{1,100}")


def check_name(what: str, name: object) -> str:
    """Return the name of a profile or a run, if it can be a folder of the store.

    Raises
    ------
    ValueError
        Unless it has 1 to 100 letters, digits and ``-_.=+``, no dot first, and is not the store's
        own word.

    Examples
    --------
    >>> check_name("name", "hybrid-0.5-seed0")
    'hybrid-0.5-seed0'
    >>> check_name("name", "../x")
    Traceback (most recent call last):
    ...
    ValueError: name must be 1 to 100 letters, digits and -_.=+, no dot first, got '../x'
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ValueError(
            f"{what} must be 1 to 100 letters, digits and -_.=+, no dot first, got {name!r}"
        )
    if name == OWN_WORD:
        raise ValueError(f"{what} {name!r} is the store's own word; choose another")
    return name
