"""How a number looks in a table of the book, and what the table's CSV holds of it."""

import math
from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd

from study.statistics.equivalence import Comparison
from study.statistics.estimates import Estimate


def flat(table: pd.DataFrame) -> pd.DataFrame:
    """The table with one column for each number of an estimate."""
    flat: dict[str, pd.Series] = {}
    for column in table.columns:
        name = " ".join(filter(None, column)) if isinstance(column, tuple) else str(column)
        values = table[column]
        if values.map(lambda v: isinstance(v, Comparison)).any():
            flat[f"{name} verdict"] = values.map(lambda v: getattr(v, "verdict", ""))
            flat[f"{name} margin"] = values.map(lambda v: getattr(v, "margin", np.nan))
            values = values.map(lambda v: getattr(v, "difference", np.nan))
        flat[name] = values.map(lambda v: v.mean if isinstance(v, Estimate) else v)
        if values.map(lambda v: isinstance(v, Estimate)).any():
            for part in ("low", "high", "lowest_seed", "highest_seed"):
                label = f"{name} {part.replace('_', ' ')}"
                flat[label] = values.map(lambda v, part=part: getattr(v, part, np.nan))
    return pd.DataFrame(flat)


def digits_of(column: pd.Series) -> int | None:
    """Digits after the point for all numbers of a column; none of its own where sizes differ much.

    Examples
    --------
    >>> digits_of(pd.Series([0.571, 1.0])), digits_of(pd.Series([15.8, 3.3]))
    (3, 1)
    >>> digits_of(pd.Series([180.0, 0.029])) is None
    True
    """
    cells = [one.difference if isinstance(one, Comparison) else one for one in column]
    means = [one.mean if isinstance(one, Estimate) else one for one in cells]
    numbers = [abs(one) for one in means if isinstance(one, float) and math.isfinite(one) and one]
    if all(one.is_integer() for one in numbers):
        return None
    digits = 3 if max(numbers) < 10 else 1 if max(numbers) < 100 else 0
    is_lost = digits < 3 and min(numbers) < 10 ** (
        1 - digits
    )  # two digits of the smallest are kept
    return None if is_lost else digits


def written_column(column: pd.Series) -> Callable[[object], str]:
    """How each value of a column is written: :func:`written_cell`, all with the same digits."""
    return partial(written_cell, digits=digits_of(column))


def written_cell(value: object, digits: int | None = None) -> str:
    """A value as HTML: an estimate with its interval, a number in the digits or in three or so."""
    write = partial(written_cell, digits=digits)
    if isinstance(value, Comparison):
        sign = "+" if value.difference.mean > 0 else ""
        return f'{sign}{write(value.difference)}<div class="verdict">{value.verdict}</div>'
    if isinstance(value, Estimate) and math.isinf(value.high):
        return f'{write(value.mean)}<div class="interval">one run</div>'
    if isinstance(value, Estimate):
        interval = f"{write(value.low)} to {write(value.high)}"
        seeds = f"{write(value.lowest_seed)} to {write(value.highest_seed)}"
        spread = (
            f'<div class="seeds">seeds {seeds}</div>'
            if value.lowest_seed != value.highest_seed
            else ""
        )
        title = f"95 % interval {interval}; seeds {seeds}"
        mean = f'<span title="{title}">{write(value.mean)}</span>'
        return f'{mean}<div class="interval">{interval}{spread}</div>'
    if isinstance(value, float) and math.isinf(value):
        return "–"  # the end of an interval that one seed leaves open
    if isinstance(value, float) and digits is not None:
        return f"{value:,.{digits}f}"
    if isinstance(value, float) and not value.is_integer() and abs(value) < 100:
        return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3f}"
    return f"{value:,.0f}" if isinstance(value, float | int | np.integer) else str(value)
