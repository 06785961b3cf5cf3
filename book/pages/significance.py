"""Each comparison of the paper's tables 1 to 8 beside ours."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns
from IPython.display import HTML
from matplotlib.figure import Figure

from book.shared import html, reference
from book.shared.comparisons import Groups, described
from book.shared.figure import grid, show_figure
from book.shared.numbers import number, with_interval
from book.shared.samplers import short
from book.shared.stored_runs import Place
from book.shared.tables import DISTANCE, HYBRID, X_X, X_Y, compare
from study.statistics.margins import PLAN
from study.statistics.multiplicity import holm

SAMPLERS = {"hybrid": HYBRID, "x-x": X_X, "x-y": X_Y}
COMPARED = (("hybrid", "x-x"), ("hybrid", "x-y"), ("x-y", "x-x"))
MEAN = "mean"


def comparisons(groups: Groups, benchmark: str) -> pd.DataFrame:
    """Every comparison of tables 1 to 8 on a benchmark, the means over languages first.

    With the paper's differences and, over all rows, ``verdict after Holm``. Comparisons with a
    sampler that is missing are left out; to have none is a ValueError.
    """
    rows = []
    every = reference.scores_of(benchmark, range(1, 9)).sort_values("table")
    cells = every.groupby(["setting", "metric", "language"], sort=False)
    for (setting, metric, language), paper in sorted(cells, key=lambda cell: cell[0][2] != MEAN):
        for one, other in COMPARED:
            if SAMPLERS[one] not in groups or SAMPLERS[other] not in groups:
                continue
            queries = None if language == MEAN else [language]
            found = compare(
                groups[SAMPLERS[one]], groups[SAMPLERS[other]], setting, metric, queries
            )
            row: dict[str, Any] = {
                "tables": ", ".join(map(str, sorted(set(paper["table"])))),
                "setting": setting,
                "metric": metric,
                "query language": language,
                "compared": f"{short(SAMPLERS[one])} minus {short(SAMPLERS[other])}",
            }
            for model in ("XLM-R", "LaBSE"):
                values = paper[paper["model"] == model].groupby("sampling")["value"].last()
                row[model] = values.get(one, np.nan) - values.get(other, np.nan)
            row |= {"p": min(found.p_values[kind] for kind in ("better", "worse", "as good"))}
            rows.append(row | described(found))
    if not rows:
        raise ValueError(f"there is no comparison of tables 1 to 8 on {benchmark!r}")
    table = pd.DataFrame(rows)
    is_decided = holm(table.pop("p")) <= PLAN.alpha
    after = table["verdict"].where(is_decided, "open")
    table.insert(table.columns.get_loc("verdict") + 1, "verdict after Holm", after)
    return table


def counts(table: pd.DataFrame) -> pd.DataFrame:
    """How many comparisons of each pair and measure came out how; single languages alone."""
    single = table[table["query language"] != MEAN]
    keys = ["compared", "setting", "metric"]
    wide = single.groupby([*keys, "verdict"], sort=False).size().unstack(fill_value=0)
    kinds = ["better", "as good", "worse", "open"]
    return wide.reindex(columns=kinds, fill_value=0).reset_index().rename_axis(columns=None)


def means(table: pd.DataFrame) -> pd.DataFrame:
    """The comparisons of the means over languages, those of tables 1 and 2 among them."""
    return table[table["query language"] == MEAN].reset_index(drop=True)


def figure(place: Place) -> HTML:
    """The means' differences in units of the margin, ours with intervals, and the paper's."""
    rows = means(comparisons(place.scores, place.benchmark))
    return show_figure(
        partial(draw, rows),
        f"{place.name}-differences-of-means",
        caption="Differences of means in margins, better to the right: ours with 95 % intervals, "
        "the paper's hollow.",
        alt="A row a comparison of means: our difference with its interval, the paper's for both "
        "models, in units of the margin",
        data=rows,
    )


def draw(rows: pd.DataFrame, columns: int = 2) -> Figure:
    """Draw a row a comparison."""
    gain = np.where(rows["smaller_is_better"], -1, 1) / rows["margin"]
    between = ", " if columns > 1 else ",\n"
    names = rows["compared"] + between + rows["setting"] + " " + rows["metric"]
    y = np.arange(len(rows))[::-1]
    figure, (axis,) = grid(1, columns, (0.28 if columns > 1 else 0.42) * len(rows) + 1.2)
    axis.axvspan(-1, 1, color="#888888", alpha=0.25, lw=0)
    axis.axvline(0, color="#999999", linewidth=1)
    axis.hlines(y, rows["low"] * gain, rows["high"] * gain, color="#333333", alpha=0.6)
    axis.scatter(rows["difference"] * gain, y, color="#333333", s=24, label="here", zorder=3)
    for model, marker in (("XLM-R", "s"), ("LaBSE", "D")):
        axis.scatter(
            rows[model] * gain, y, marker=marker, facecolors="none", edgecolors="black",
            s=24, label=f"paper, {model}", zorder=2,
        )  # fmt: skip
    axis.set(yticks=y, yticklabels=names, xlabel="gain, in margins")
    figure.legend(loc="outside lower center", ncols=3, frameon=False)
    sns.despine(figure)
    return figure


def numbers(place: Place) -> HTML:
    """The means, how many comparisons of single languages came out how, and all as CSV."""
    table, name = comparisons(place.scores, place.benchmark), place.name
    rows = means(table)
    words = [with_interval(row.difference, row.low, row.high, "+") for row in rows.itertuples()]
    hidden = ["query language", "margin", "smaller_is_better", "low", "high"]
    shown = rows.assign(difference=words).drop(columns=hidden)
    digits = rows["metric"].map({DISTANCE: 1}).fillna(3).astype(int)
    for model in ("XLM-R", "LaBSE"):
        shown[model] = [number(*of, "+") for of in zip(rows[model], digits, strict=True)]
    return html.joined(
        html.show_plain(shown, f"{name}-significance-means", numbers=rows),
        html.show_plain(counts(table), f"{name}-verdicts"),
        html.csv_paragraph(table, f"{name}-significance"),
    )
