"""Parameters of a notebook, checked: papermill itself lets a misspelt name pass."""

from collections.abc import Mapping
from difflib import get_close_matches
from types import ModuleType
from typing import Any

_IPYTHON_NAMES = {"In", "Out", "get_ipython", "exit", "quit", "open"}


def check_parameters(namespace: Mapping[str, Any]) -> dict[str, Any]:
    """Compare a notebook's variables with the annotated ones of its parameters cell.

    Call it in the cell behind the parameters, with nothing else defined but imports.

    Parameters
    ----------
    namespace
        ``globals()`` of the notebook. Each parameter is declared as ``name: type = default``.

    Returns
    -------
    Value of each parameter by its name.

    Raises
    ------
    ValueError
        If a variable is not declared, or its value has another type. The message names the
        parameters that there are.

    Examples
    --------
    >>> check_parameters({"__annotations__": {"alpha": float}, "alpha": 0.5, "alpah": 0.3})
    Traceback (most recent call last):
    ...
    ValueError: unknown parameter 'alpah', did you mean 'alpha'? There is alpha: float
    """
    declared: Mapping[str, type] = namespace.get("__annotations__", {})
    listing = ", ".join(f"{name}: {kind.__name__}" for name, kind in declared.items())
    for name, value in namespace.items():
        if name.startswith("_") or name in declared or name in _IPYTHON_NAMES:
            continue
        if isinstance(value, ModuleType) or hasattr(value, "__module__"):
            continue  # imported
        close = get_close_matches(name, declared, n=1)
        hint = f", did you mean {close[0]!r}?" if close else "."
        raise ValueError(f"unknown parameter {name!r}{hint} There is {listing}")
    for name, kind in declared.items():
        if not _fits(namespace[name], kind):
            value = namespace[name]
            raise ValueError(
                f"parameter {name} must be {kind.__name__}, got {value!r} "
                f"({type(value).__name__}). There is {listing}"
            )
    return {name: kind(namespace[name]) for name, kind in declared.items()}


def _fits(value: Any, kind: type) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return type(value) is kind
