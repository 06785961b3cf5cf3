"""Each comparison of the paper's tables 1 to 8 beside ours."""

from collections.abc import Iterator
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from IPython.display import HTML
from matplotlib.figure import Figure

from book.shared import html, reference
from book.shared.comparisons import Groups, described
from book.shared.figure import show_figure
from book.shared.numbers import with_interval
from book.shared.samplers import short
from book.shared.stored_runs import Place
from book.shared.tables import HYBRID, X_X, X_Y, compare
from study.statistics.margins import PLAN
from study.statistics.multiplicity import holm

SAMPLERS = {"hybrid": HYBRID, "x-x": X_X, "x-y": X_Y}
COMPARED = (("hybrid", "x-x"), ("hybrid", "x-y"), ("x-y", "x-x"))
MEAN = "mean"


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
    all), ``compared``, the paper's ``XLM-R`` and ``LaBSE`` differences, what
    :func:`book.shared.comparisons.described` gives, and ``verdict after Holm`` over all rows.

    Raises
    ------
    ValueError
        If the paper has no table of the benchmark, or no two samplers are there.
    """
    rows = []
    for (setting, metric, language), paper in _paper(benchmark):
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


def _paper(benchmark: str) -> Iterator[tuple[tuple[str, str, str], pd.DataFrame]]:
    """The paper's values of each setting, metric and language, means first."""
    every = reference.scores()
    is_mine = every["dataset"] == reference.DATASETS.get(benchmark)
    mine = every[is_mine & every["table"].between(1, 8)]
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
    kinds = ["better", "as good", "worse", "open"]
    return wide.reindex(columns=kinds, fill_value=0).reset_index().rename_axis(columns=None)


def means(table: pd.DataFrame) -> pd.DataFrame:
    """The comparisons of the means over languages, those of tables 1 and 2 among them."""
    return table[table["query language"] == MEAN].reset_index(drop=True)


def shown(table: pd.DataFrame) -> pd.DataFrame:
    """The comparisons of the means to read."""
    rows = means(table).drop(columns=["query language", "margin", "smaller_is_better"])
    words = [with_interval(row.difference, row.low, row.high, "+") for row in rows.itertuples()]
    return rows.assign(difference=words).drop(columns=["low", "high"])


def figure(place: Place) -> HTML:
    """Draw the means' differences, ours with intervals, and the paper's."""
    table = means(comparisons(place.scores, place.benchmark))
    return show_figure(
        draw(table),
        f"{place.name}-differences-of-means",
        caption="Differences of means in margins, better to the right: ours with 95 % intervals, "
        "the paper's hollow.",
        alt="A row a comparison of means: our difference with its interval, the paper's for both "
        "models, in units of the margin",
        data=table,
    )


def draw(rows: pd.DataFrame) -> Figure:
    """Draw differences in units of the margin."""
    gain = np.where(rows["smaller_is_better"], -1, 1) / rows["margin"]
    names = rows["compared"] + ", " + rows["setting"] + " " + rows["metric"]
    y = np.arange(len(rows))[::-1]
    figure, axis = plt.subplots(figsize=(9, 0.28 * len(rows) + 1.2), layout="constrained")
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
    axis.legend(frameon=False)
    sns.despine(figure)
    return figure


def numbers(place: Place) -> HTML:
    """The means, how many comparisons of single languages came out how, and all as CSV."""
    table, name = comparisons(place.scores, place.benchmark), place.name
    return html.joined(
        html.show_plain(shown(table), f"{name}-significance-means", numbers=means(table)),
        html.show_plain(counts(table), f"{name}-verdicts"),
        html.csv_paragraph(table, f"{name}-significance"),
    )
