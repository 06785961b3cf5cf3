"""Stored runs compared: means, intervals over articles and seeds, and verdicts."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from book.shared.numbers import with_interval
from book.shared.tables import HEADLINE, cells, compare
from study.statistics.clusters import ClusteredScores
from study.statistics.equivalence import Comparison
from study.statistics.estimates import Estimate

Groups = Mapping[str, ClusteredScores]
"""Scores of each group of runs that differ in their seed alone, by label."""
Measures = Mapping[str, tuple[Any, ...]]
"""Setting, metric and perhaps languages of each measure: see :func:`book.shared.tables.cells`."""
_NUMBERS = (
    "mean", "difference", "low", "high", "seeds", "margin", "verdict", "smaller_is_better",
)  # fmt: skip


def estimates(groups: Groups, measures: Measures = HEADLINE) -> pd.DataFrame:
    """A row a group and measure: ``group``, ``measure``, :func:`interval`, ``seeds``."""
    rows = [
        {"group": label, "measure": measure}
        | interval(scores.estimate(cells(scores, *cell)))
        | {"seeds": len(scores.by_seed)}
        for label, scores in groups.items()
        for measure, cell in measures.items()
    ]
    return pd.DataFrame(rows)


def interval(estimate: Estimate) -> dict[str, float]:
    """``mean``, ``low`` and ``high``; NaN ends where one run leaves the seeds' spread unknown."""
    low, high = (end if np.isfinite(end) else np.nan for end in (estimate.low, estimate.high))
    return {"mean": estimate.mean, "low": low, "high": high}


def described(comparison: Comparison) -> dict[str, Any]:
    """Difference, ends of its interval as in :func:`interval`, verdict and margin, by name."""
    found = interval(comparison.difference)
    return {
        "difference": found["mean"],
        "low": found["low"],
        "high": found["high"],
        "verdict": comparison.verdict,
        "margin": comparison.margin,
        "smaller_is_better": comparison.smaller_is_better,
    }


def against(
    groups: Groups, pairs: Sequence[tuple[str, str]], measures: Measures = HEADLINE
) -> pd.DataFrame:
    """A row a pair and measure: labels ``one`` and ``other``, ``measure``, :func:`described`.

    Pairs of which one is missing are left out.
    """
    rows = [
        {"one": one, "other": other, "measure": measure}
        | described(compare(groups[one], groups[other], *cell))
        for one, other in pairs
        if one in groups and other in groups
        for measure, cell in measures.items()
    ]
    return pd.DataFrame(rows)


def wide(table: pd.DataFrame, group: str = "sampler") -> pd.DataFrame:
    """A table of :func:`estimates` to read: a row a group, a column a measure."""
    words = [with_interval(row.mean, row.low, row.high) for row in table.itertuples()]
    return _by_measure(table.rename(columns={"group": group}), words)


def wide_against(table: pd.DataFrame) -> pd.DataFrame:
    """A table of :func:`against` to read: a row a pair, a column a measure."""
    words = [
        f"{with_interval(row.difference, row.low, row.high, '+')}, {row.verdict}"
        for row in table.itertuples()
    ]
    named = table.drop(columns=["one", "other"])
    named["pair"] = table["one"] + " minus " + table["other"]
    return _by_measure(named, words).reset_index()


def _by_measure(table: pd.DataFrame, words: Sequence[str]) -> pd.DataFrame:
    """A column a measure that holds the words; what else names a row is its index."""
    rows = [name for name in table if name not in ("measure", *_NUMBERS)]
    cast = table.assign(words=words).pivot(index=rows, columns="measure", values="words")
    order = table[rows].drop_duplicates().itertuples(index=False, name=None)
    chosen = list(order) if len(rows) > 1 else table[rows[0]].drop_duplicates()
    measures = list(dict.fromkeys(table["measure"]))
    return cast.loc[chosen, measures].rename_axis(columns=None)
