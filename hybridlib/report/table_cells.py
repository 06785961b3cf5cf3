"""How a number looks in a table of the book, and what the table's CSV holds of it."""

import math

import numpy as np
import pandas as pd

from hybridlib.statistics.equivalence import Comparison
from hybridlib.statistics.estimates import Estimate


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


def signed(value: Estimate | float) -> str:
    """As :func:`written_cell`, with a sign."""
    mean = value.mean if isinstance(value, Estimate) else value
    return f"{'+' if mean > 0 else ''}{written_cell(value)}"


def written_cell(value: object) -> str:
    """A value as HTML: an estimate with its interval, a number in three digits or so."""
    if isinstance(value, Comparison):
        return f'{signed(value.difference)}<div class="verdict">{value.verdict}</div>'
    if isinstance(value, Estimate) and math.isinf(value.high):
        return f'{written_cell(value.mean)}<div class="interval">one run</div>'
    if isinstance(value, Estimate):
        interval = f"{written_cell(value.low)} to {written_cell(value.high)}"
        seeds = f"{written_cell(value.lowest_seed)} to {written_cell(value.highest_seed)}"
        spread = (
            f'<div class="seeds">seeds {seeds}</div>'
            if value.lowest_seed != value.highest_seed
            else ""
        )
        title = f"95 % interval {interval}; seeds {seeds}"
        mean = f'<span title="{title}">{written_cell(value.mean)}</span>'
        return f'{mean}<div class="interval">{interval}{spread}</div>'
    if isinstance(value, float) and math.isinf(value):
        return "–"  # the end of an interval that one seed leaves open
    if isinstance(value, float) and not value.is_integer() and abs(value) < 100:
        return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3f}"
    return f"{value:,.0f}" if isinstance(value, float | int | np.integer) else str(value)
