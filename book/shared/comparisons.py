"""Stored runs compared: means, intervals over articles and seeds, and verdicts."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from book.shared.samplers import short
from book.shared.sentences import in_words, listed
from book.shared.tables import DISTANCE, HEADLINE, cells, compare
from study.statistics.clusters import ClusteredScores
from study.statistics.equivalence import Comparison
from study.statistics.estimates import Estimate

Groups = Mapping[str, ClusteredScores]
"""Scores of each group of runs that differ in their seed alone, by label."""
MEASURES = HEADLINE
"""Setting and metric of each measure of the chapters: mAP in three settings, and rank distance."""
MONO = "Mo. mAP"
_NUMBERS = ("mean", "difference", "low", "high", "seeds", "margin", "verdict")


def estimates(groups: Groups, measures: Mapping[str, tuple[str, str]] = MEASURES) -> pd.DataFrame:
    """Mean and interval of each group in each measure.

    Returns
    -------
    One row a group and measure: ``group``, ``measure``, ``mean``, ``low``, ``high`` (NaN where one
    run leaves the seeds' spread unknown) and ``seeds``.
    """
    rows = []
    for label, scores in groups.items():
        for measure, (setting, metric) in measures.items():
            found = scores.estimate(cells(scores, setting, metric))
            row = {"group": label, "measure": measure} | interval(found)
            rows.append(row | {"seeds": len(scores.by_seed)})
    return pd.DataFrame(rows)


def interval(estimate: Estimate) -> dict[str, float]:
    """Mean and ends of an estimate's interval, NaN where it is unbounded."""
    ends = {"low": estimate.low, "high": estimate.high}
    return {"mean": estimate.mean} | {
        name: value if np.isfinite(value) else np.nan for name, value in ends.items()
    }


def described(comparison: Comparison) -> dict[str, Any]:
    """Difference, ends of its interval (NaN where it is unbounded) and verdict, by name."""
    found = interval(comparison.difference)
    ends = {"low": found["low"], "high": found["high"]}
    return {"difference": found["mean"]} | ends | {"verdict": comparison.verdict}


def wide(table: pd.DataFrame, group: str = "sampler") -> pd.DataFrame:
    """A table of :func:`estimates` to read: a row a group, a column a measure, in words."""
    words = [written(row.mean, row.low, row.high) for row in table.itertuples()]
    return _by_measure(table.rename(columns={"group": group}), words)


def _by_measure(table: pd.DataFrame, words: Sequence[str]) -> pd.DataFrame:
    """A column a measure that holds the words; what else names a row is its index."""
    rows = [name for name in table if name not in ("measure", *_NUMBERS)]
    cast = table.assign(words=words).pivot(index=rows, columns="measure", values="words")
    order = table[rows].drop_duplicates().itertuples(index=False, name=None)
    chosen = list(order) if len(rows) > 1 else table[rows[0]].drop_duplicates()
    measures = list(dict.fromkeys(table["measure"]))
    return cast.loc[chosen, measures].rename_axis(columns=None)


def wide_against(table: pd.DataFrame) -> pd.DataFrame:
    """A table of :func:`against` to read: a row a pair, a column a measure, in words."""
    words = [
        f"{'+' if row.difference > 0 else ''}{written(row.difference, row.low, row.high)}, "
        f"{row.verdict}"
        for row in table.itertuples()
    ]
    named = table.drop(columns=["one", "other"])
    named["pair"] = table["one"] + " minus " + table["other"]
    return _by_measure(named, words).reset_index()


def written(mean: float, low: float, high: float) -> str:
    """A mean and its interval in the book's digits.

    Examples
    --------
    >>> written(0.1234, 0.1, 0.15), written(512.3, float("nan"), float("nan"))
    ('0.123 (0.100 to 0.150)', '512 (no interval)')
    """
    digits = ",.0f" if np.nanmax(np.abs([mean, low, high])) >= 2 else ".3f"
    if np.isnan(low):
        return f"{mean:{digits}} (no interval)"
    return f"{mean:{digits}} ({low:{digits}} to {high:{digits}})"


def against(
    groups: Groups,
    pairs: Sequence[tuple[str, str]],
    measures: Mapping[str, tuple[str, str]] = MEASURES,
) -> pd.DataFrame:
    """Differences of groups with their verdicts.

    Parameters
    ----------
    groups
        By label.
    pairs
        Labels of what is compared, and against what; pairs of which one is missing are left out.

    Returns
    -------
    One row a pair and measure: ``one``, ``other``, ``measure``, ``difference``, ``low``, ``high``
    and ``verdict``.
    """
    rows = []
    for one, other in pairs:
        if one not in groups or other not in groups:
            continue
        for measure, cell in measures.items():
            found = compare(groups[one], groups[other], *cell)
            rows.append({"one": one, "other": other, "measure": measure} | described(found))
    return pd.DataFrame(rows)


def verdicts_in_words(table: pd.DataFrame) -> str:
    """The verdicts of a table of :func:`against`, in one sentence where they are the same.

    Examples
    --------
    >>> row = {"one": "Hybrid", "other": "X-X", "measure": "Mo. mAP", "verdict": "worse"}
    >>> verdicts_in_words(pd.DataFrame([row]))
    'Against X-X, hybrid is worse within one language.'
    """
    others: dict[tuple[str, str], list[str]] = {}
    for (one, other), part in table.groupby(["one", "other"], sort=False):
        verdicts = dict(zip(part["measure"], part["verdict"], strict=True))
        others.setdefault((short(one), in_words(verdicts)), []).append(short(other))
    return " ".join(
        f"Against {listed(names)}, {one.replace('Hybrid', 'hybrid')} is {words}."
        for (one, words), names in others.items()
    )


def ranked(values: Mapping[str, float] | pd.Series, smaller_is_better: bool = False) -> str:
    """Samplers and their values in words, the best first.

    Examples
    --------
    >>> ranked({"X-X": 0.0941, "Hybrid, α = 0.5": 0.1917})
    'Hybrid 0.192, X-X 0.094'
    >>> ranked({"X-X": 1863.2, "X-Y": 1158.0}, smaller_is_better=True)
    'X-Y 1,158, X-X 1,863'
    """
    ordered = pd.Series(values, dtype=float).sort_values(ascending=smaller_is_better)
    return ", ".join(f"{short(str(name))} {_number(value)}" for name, value in ordered.items())


def ends(means: pd.DataFrame) -> str:
    """From the first to the last group of a table of :func:`estimates`, every measure in words."""
    first, last = means["group"].iloc[[0, -1]]
    parts = []
    for measure, part in means.groupby("measure", sort=False):
        values = part.set_index("group")["mean"]
        parts.append(f"{measure} goes from {_number(values[first])} to {_number(values[last])}")
    return listed(parts)


def _number(value: float) -> str:
    if abs(value) >= 2:
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}"
    return f"{value:.3f}"


def front(points: pd.DataFrame, x: str = MONO, y: str = DISTANCE) -> pd.Series:
    """Which points no other beats in both: more of ``x`` and less of ``y``.

    Parameters
    ----------
    points
        A row a point, with both columns.

    Returns
    -------
    Whether each row lies on the front, with the index of ``points``.
    """
    higher = points[x].to_numpy()[:, None] <= points[x].to_numpy()
    lower = points[y].to_numpy()[:, None] >= points[y].to_numpy()
    strict = (points[x].to_numpy()[:, None] < points[x].to_numpy()) | (
        points[y].to_numpy()[:, None] > points[y].to_numpy()
    )
    return pd.Series(~(higher & lower & strict).any(axis=1), index=points.index)
