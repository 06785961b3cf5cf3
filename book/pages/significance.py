"""Each comparison of the paper's tables 1 to 8 beside ours, and how many seeds would decide it."""

from collections.abc import Iterator
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from book.shared import reference
from book.shared.comparisons import Groups, described
from book.shared.samplers import label
from book.shared.tables import HYBRID, compare
from study.statistics.margins import PLAN
from study.statistics.multiplicity import holm
from study.statistics.power import MOST_SEEDS, seeds_to_decide

X_X, X_Y = label("x-x-seed0"), label("x-y-seed0")
PAIRS = {"hybrid": HYBRID, "x-x": X_X, "x-y": X_Y}
COMPARED = (("hybrid", "x-x"), ("hybrid", "x-y"), ("x-y", "x-x"))
MEAN = "mean"
_NAMES = {"x-x": "X-X", "x-y": "X-Y", "hybrid": "Hybrid"}


def comparisons(groups: Groups, benchmark: str) -> pd.DataFrame:
    """Every comparison of tables 1 to 8 on a benchmark.

    Parameters
    ----------
    groups
        Our scores by sampler; comparisons with one that is missing are left out.
    benchmark
        ``xquad-r`` or ``mlqa-r``.

    Returns
    -------
    One row a comparison: ``tables``, ``setting``, ``metric``, ``query language`` (``mean`` over
    all), ``compared``, the paper's ``XLM-R`` and ``LaBSE`` differences, ``margin``, our
    ``difference``, ``low``, ``high`` and ``verdict``, ``verdict after Holm`` over all rows, and
    ``seeds needed`` to decide it (NaN: more than 1,000).

    Raises
    ------
    ValueError
        If the paper has no table of the benchmark, or no two samplers are there.
    """
    rows = []
    for (setting, metric, language), paper in _paper(benchmark):
        for one, other in COMPARED:
            if PAIRS[one] not in groups or PAIRS[other] not in groups:
                continue
            queries = None if language == MEAN else [language]
            found = compare(groups[PAIRS[one]], groups[PAIRS[other]], setting, metric, queries)
            row: dict[str, Any] = {
                "tables": ", ".join(map(str, sorted(set(paper["table"])))),
                "setting": setting,
                "metric": metric,
                "query language": language,
                "compared": f"{_NAMES[one]} minus {_NAMES[other]}",
            }
            for model in ("XLM-R", "LaBSE"):
                values = paper[paper["model"] == model].groupby("sampling")["value"].last()
                row[model] = values.get(one, np.nan) - values.get(other, np.nan)
            row |= {"p": min(found.p_values[kind] for kind in ("better", "worse", "equivalent"))}
            row |= {"margin": found.margin} | described(found)
            rows.append(row | {"seeds needed": seeds_to_decide(found) or np.nan})
    if not rows:
        raise ValueError(f"there is no comparison of tables 1 to 8 on {benchmark!r}")
    table = pd.DataFrame(rows)
    decided = holm(table.pop("p")) <= PLAN.alpha
    after = table["verdict"].where(decided, "undecided")
    table.insert(table.columns.get_loc("verdict") + 1, "verdict after Holm", after)
    return table


def _paper(benchmark: str) -> Iterator[tuple[tuple[str, str, str], pd.DataFrame]]:
    """The paper's values of each setting, metric and language, means first."""
    every = reference.scores()
    mine = every[
        (every["dataset"] == reference.DATASETS.get(benchmark)) & every["table"].between(1, 8)
    ]
    mine = mine.assign(language=mine["language"].fillna(MEAN))
    mine = mine.replace({"metric": {"rank_distance": "rank distance"}})
    keys = ["setting", "metric", "language"]
    found = dict(iter(mine.sort_values("table").groupby(keys, sort=False)))
    yield from sorted(found.items(), key=lambda item: item[0][2] != MEAN)


def counts(table: pd.DataFrame) -> pd.DataFrame:
    """How many comparisons of each pair and measure came out how; single languages alone."""
    single = table[table["query language"] != MEAN]
    keys = ["compared", "setting", "metric"]
    wide = single.groupby([*keys, "verdict"], sort=False).size().unstack(fill_value=0)
    kinds = ["better", "equivalent", "worse", "undecided"]
    return wide.reindex(columns=kinds, fill_value=0).reset_index().rename_axis(columns=None)


def means(table: pd.DataFrame) -> pd.DataFrame:
    """The comparisons of the means over languages, those of tables 1 and 2 among them."""
    return table[table["query language"] == MEAN].reset_index(drop=True)


def answer(table: pd.DataFrame) -> str:
    """How many comparisons are decided, and which of the paper's signs ours contradict."""
    verdicts = table["verdict"].value_counts()
    kinds = ("better", "worse", "equivalent", "undecided")
    found = ", ".join(f"{verdicts.get(kind, 0)} {kind}" for kind in kinds)
    after = int((table["verdict after Holm"] != "undecided").sum())
    needed = table.loc[table["verdict"] == "undecided", "seeds needed"]
    beyond = int(needed.isna().sum())
    parts = [
        f"of {len(table)} comparisons of tables 1 to 8, ours are {found} for the sampler named "
        f"first; after Holm's correction over all of them {after} remain decided."
    ]
    if len(needed):
        most = f"{beyond} more than {MOST_SEEDS:,}" if beyond else "none more than that"
        known = needed.dropna()
        median = f"a median of {known.median():,.0f} seeds, " if len(known) else ""
        parts.append(f"To decide the undecided would take {median}{most}.")
    return " ".join(parts)


def decided(table: pd.DataFrame) -> str:
    """How many comparisons are decided, in a sentence."""
    number = int((table["verdict"] != "undecided").sum())
    after = int((table["verdict after Holm"] != "undecided").sum())
    decided = f"{number} are decided one by one, {after} after Holm's correction"
    return f"Of {len(table)} comparisons of means {decided}."


def draw(table: pd.DataFrame) -> Figure:
    """Draw the means' differences in units of the margin, ours with intervals, and the paper's."""
    rows = means(table)
    gain = np.where(rows["metric"].isin(PLAN.smaller_is_better), -1, 1) / rows["margin"]
    names = rows["compared"] + ", " + rows["setting"] + " " + rows["metric"]
    y = np.arange(len(rows))[::-1]
    figure, axis = plt.subplots(figsize=(9, 0.28 * len(rows) + 1.2))
    axis.axvspan(-1, 1, color="#888888", alpha=0.25, lw=0)
    axis.axvline(0, color="#999999", linewidth=1)
    axis.hlines(y, rows["low"] * gain, rows["high"] * gain, color="#333333", alpha=0.6)
    axis.scatter(rows["difference"] * gain, y, color="#333333", s=24, label="here", zorder=3)
    for model, marker in (("XLM-R", "s"), ("LaBSE", "D")):
        axis.scatter(
            rows[model] * gain, y, marker=marker, facecolors="none", edgecolors="black",
            s=24, label=f"paper, {model}", zorder=2,
        )  # fmt: skip
    axis.set(yticks=y, yticklabels=names, xlabel="gain, in units of the margin")
    axis.legend(frameon=False)
    sns.despine(figure)
    figure.tight_layout()
    return figure
