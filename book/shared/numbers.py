"""How a number is written in the book, and what a table's CSV holds of it."""

import math
import re
from functools import partial

import numpy as np
import pandas as pd

from study.statistics.estimates import Estimate

_TOGETHER = re.compile(
    r"\([^()]* to [^()]*\),?|[▲▼■○] \S+|p (?:=|&lt;) \S+|power \S+|as good|α = [\d.]+|X-[XY]"
    r"|(?:XQuAD|MLQA|XLM)-R|E5-small"
)
"""What no line breaks, in the text of a cell."""


def number(value: float, digits: int | None = None, sign: str = "") -> str:
    """Write a number; three digits behind the point below ten, fewer of larger ones.

    Examples
    --------
    >>> number(0.5714), number(15.83), number(1234.5), number(3), number(0.02, sign="+")
    ('0.571', '15.8', '1,234', '3', '+0.020')
    >>> number(-0.0002)
    '0.000'
    """
    if not math.isfinite(value):
        return "–"  # the end of an interval that one seed leaves open
    if digits is None:
        digits = 0 if float(value).is_integer() else _digits(abs(value))
    written = f"{value:{sign},.{digits}f}"
    return written if written.strip("+-0.") else written.lstrip("+-")  # nothing has no sign


def with_interval(mean: float, low: float, high: float, sign: str = "") -> str:
    """Write a mean and its interval with the same digits; one run alone has no interval.

    Examples
    --------
    >>> with_interval(0.1234, 0.1, 0.15), with_interval(512.3, float("nan"), float("nan"))
    ('0.123 (0.100 to 0.150)', '512 (one run)')
    """
    ends = [end for end in (low, high) if math.isfinite(end)]
    digits = _digits(max(map(abs, [mean, *ends])))
    interval = " to ".join(number(end, digits, sign) for end in ends) or "one run"
    return f"{number(mean, digits, sign)} ({interval})"


def _digits(largest: float) -> int:
    return 3 if largest < 10 else 1 if largest < 100 else 0


def digits_of(column: pd.Series) -> int | None:
    """Digits after the point for all numbers of a column; none of its own where sizes differ much.

    Examples
    --------
    >>> digits_of(pd.Series([0.571, 1.0])), digits_of(pd.Series([15.8, 3.3]))
    (3, 1)
    >>> digits_of(pd.Series([180.0, 0.029])) is None
    True
    """
    means = [one.mean if isinstance(one, Estimate) else one for one in column]
    sizes = [abs(one) for one in means if isinstance(one, float) and math.isfinite(one) and one]
    if all(one.is_integer() for one in sizes):
        return None
    digits = _digits(max(sizes))
    is_lost = digits < 3 and min(sizes) < 10 ** (1 - digits)  # two digits of the smallest are kept
    return None if is_lost else digits


def written_cell(value: object, digits: int | None = None) -> str:
    """A value as HTML, an estimate with its interval."""
    if isinstance(value, float | int | np.integer):
        return number(float(value), digits if isinstance(value, float) else 0)
    if not isinstance(value, Estimate):
        return _TOGETHER.sub(r'<span class="whole">\g<0></span>', str(value))
    write = partial(number, digits=digits)
    mean = write(value.mean)
    if math.isinf(value.high):
        return f'{mean}<div class="interval">one run</div>'
    interval = f"{write(value.low)} to {write(value.high)}"
    seeds = f"{write(value.lowest_seed)} to {write(value.highest_seed)}"
    has_seeds = value.lowest_seed != value.highest_seed
    spread = f'<div class="seeds">seeds {seeds}</div>' if has_seeds else ""
    return f'{mean}<div class="interval">{interval}{spread}</div>'


def flat(table: pd.DataFrame) -> pd.DataFrame:
    """The table with one column for each number of an estimate."""
    flat: dict[str, pd.Series] = {}
    for column in table.columns:
        name = " ".join(filter(None, column)) if isinstance(column, tuple) else str(column)
        values = table[column]
        flat[name] = values.map(lambda v: v.mean if isinstance(v, Estimate) else v)
        if values.map(lambda v: isinstance(v, Estimate)).any():
            for part in ("low", "high", "lowest_seed", "highest_seed"):
                label = f"{name} {part.replace('_', ' ')}"
                flat[label] = values.map(lambda v, part=part: getattr(v, part, np.nan))
    return pd.DataFrame(flat)
