"""What a parameter may be: declared once, where it has its default, and checked on every road."""

import math
import sys
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import click


class Sentences(click.Group):
    """Commands whose errors are one sentence."""

    def invoke(self, context: click.Context) -> object:  # noqa: D102
        try:
            return super().invoke(context)
        except (ValueError, OSError, FloatingPointError) as error:
            raise click.ClickException(str(error)) from error


MOST = 10**7  # of what is counted: libraries overflow far above it, some loops would not end
_ALSO_CALLED = dict.fromkeys(("num_batches", "max_steps", "steps"), "num_steps")
_ALSO_CALLED |= {"lr": "learning_rate", "dataset": "corpus", "model": "backbone"}


@dataclass(frozen=True)
class Range:
    """Finite numbers from ``low``, which ``is_open`` leaves out, to ``high``."""

    low: float
    high: float = math.inf
    is_open: bool = False

    def __contains__(self, value: Any) -> bool:
        is_above = value > self.low if self.is_open else value >= self.low
        return is_above and value <= min(self.high, sys.float_info.max)

    def __str__(self) -> str:
        if math.isfinite(self.high):
            return f"in {'(' if self.is_open else '['}{self.low}, {self.high}]"
        return f"{'>' if self.is_open else '>='} {self.low}"


Allowed = Range | Collection[str] | None
"""A range, the names that there are, or None where every value of the type will do."""


def check(name: str, value: Any, kind: type, allowed: Allowed = None) -> None:
    """Refuse a value that a parameter cannot have, with its name and range.

    A whole number is a float too; a truth value is no number.
    """
    is_whole = kind is float and type(value) is int
    if not (isinstance(value, kind) or is_whole) or (type(value) is bool and kind is not bool):
        raise ValueError(f"{name} must be {kind.__name__}, got {value!r} ({type(value).__name__})")
    if kind is int and isinstance(allowed, Range) and math.isinf(allowed.high) and value > MOST:
        raise ValueError(f"{name} must be at most {MOST:,}, got {value!r}")
    if allowed is not None and value not in allowed:
        if not isinstance(allowed, Range):
            raise ValueError(unknown(name, value, allowed))
        finite = " and finite" if kind is float and math.isinf(allowed.high) else ""
        raise ValueError(f"{name} must be {allowed}{finite}, got {value!r}")


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """Say that there is nothing of this name, which name is meant, and which there are."""
    names = list(known)
    other = _ALSO_CALLED.get(name)
    close = [other] if other in names else get_close_matches(name, names, n=1)
    hint = f" is unknown, did you mean {close[0]!r}? There" if close else " is unknown; there"
    return f"{kind} {name!r}{hint} is {', '.join(names) or 'none'}"
