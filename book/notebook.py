"""Parameters of a notebook, checked: papermill itself lets a misspelt name pass."""

from collections.abc import Mapping
from types import ModuleType, TracebackType
from typing import Any

from IPython import get_ipython

from hybridlib.checks import Allowed, Range, check, unknown
from hybridlib.training import parameters

ALLOWED: Mapping[str, Allowed] = {
    **parameters.ALLOWED,
    "num_batches": Range(1),
}
"""What a notebook's parameter may be, by name; those of any value of their type are left out."""
_OURS = ("hybridlib.", "study.", "book.")
_IPYTHON_NAMES = {"In", "Out", "get_ipython", "exit", "quit", "open"}


def check_parameters(namespace: Mapping[str, Any]) -> dict[str, Any]:
    """Compare a notebook's variables with the annotated ones of its parameters cell.

    Call it with ``globals()`` in the cell behind the parameters, ``name: type = default`` each,
    with nothing else defined but imports. It returns their values by name. A variable that is not
    declared, or whose value has another type or is not :data:`ALLOWED`, is a ValueError. From here
    on, an error of ours is shown as one sentence under its cell.

    Examples
    --------
    >>> check_parameters({"__annotations__": {"alpha": float}, "alpha": 0.5, "alpah": 0.3})
    Traceback (most recent call last):
    ...
    ValueError: parameter 'alpah' is unknown, did you mean 'alpha'? There is alpha
    """
    _show_our_errors_in_one_sentence()
    declared: Mapping[str, type] = namespace.get("__annotations__", {})
    for name, value in namespace.items():
        if name.startswith("_") or name in declared or name in _IPYTHON_NAMES:
            continue
        if isinstance(value, ModuleType) or hasattr(value, "__module__"):
            continue  # imported
        raise ValueError(unknown("parameter", name, declared))
    for name, kind in declared.items():
        check(name, namespace[name], kind, ALLOWED.get(name))
    return {name: kind(namespace[name]) for name, kind in declared.items()}


def _show_our_errors_in_one_sentence() -> None:
    shell = get_ipython()
    if shell is not None:
        shell.set_custom_exc((ValueError, OSError, FloatingPointError), _show)


def _show(
    shell: Any,
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType,
    tb_offset: int | None = None,
) -> None:
    """Show an error: IPython asks an error for its traceback, if it offers one."""
    raised_in = trace
    while raised_in.tb_next is not None:
        raised_in = raised_in.tb_next
    if raised_in.tb_frame.f_globals.get("__name__", "").startswith(_OURS):
        setattr(error, "_render_traceback_", lambda: [f"{kind.__name__}: {error}"])  # noqa: B010
    shell.showtraceback((kind, error, trace), tb_offset=tb_offset)
