"""The answer at a glance: hybrid batches against each other sampler, from every start."""

from collections.abc import Iterable, Mapping
from itertools import groupby, product

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from book.shared import samplers, tables
from book.shared.reference import DATASETS
from book.shared.sentences import answer, answer_from_each, listed
from book.shared.tables import HEADLINE, HYBRID, Scores
from study.statistics.margins import PLAN

AGAINST = ("x-x", "x-y", "hybrid-by-example")
LOOKS = {  # colour-blind safe, and told apart by shape too
    "better": ("#009e73", "^", "better"),
    "worse": ("#d55e00", "v", "worse"),
    "equivalent": ("#0072b2", "s", "as good"),
    "undecided": ("#7f7f7f", "o", "not decided"),
}


def comparisons(scores: Mapping[tuple[str, str], Scores]) -> pd.DataFrame:
    """Compare hybrid batches with each other sampler in each headline measure.

    Parameters
    ----------
    scores
        By (title of the start, benchmark), then label.

    Returns
    -------
    Columns ``start``, ``benchmark``, ``hybrid minus``, ``measure`` and ``difference``, a
    :class:`~study.statistics.equivalence.Comparison`.
    """
    rows = []
    for (start, benchmark), of_samplers in scores.items():
        baselines = [one for one in map(samplers.of_sampler, AGAINST) if one in of_samplers]
        for baseline, (measure, cell) in product(baselines, HEADLINE.items()):
            difference = tables.compare(of_samplers[HYBRID], of_samplers[baseline], *cell)
            rows.append((start, benchmark, baseline, measure, difference))
    columns = ["start", "benchmark", "hybrid minus", "measure", "difference"]
    return pd.DataFrame(rows, columns=columns)


def by_measure(compared: pd.DataFrame) -> pd.DataFrame:
    """The comparisons with a column a measure."""
    rows = ["start", "benchmark", "hybrid minus"]
    table = compared.pivot(index=rows, columns="measure", values="difference")
    order = compared[rows].drop_duplicates().itertuples(index=False, name=None)
    table = table.loc[list(order), list(HEADLINE)].reset_index()
    return table.assign(benchmark=table["benchmark"].replace(DATASETS))


def sentences(compared: pd.DataFrame) -> list[str]:
    """What is so on each benchmark, against the paper's two baselines: from all starts together."""
    found = []
    for benchmark, part in compared.groupby("benchmark", sort=False):
        tables_by_start = {
            start: rows.pivot(index="hybrid minus", columns="measure", values="difference")[
                list(HEADLINE)
            ]
            for start, rows in part.groupby("start", sort=False)
        }
        (first, table), *others = tables_by_start.items()
        place = ", from every start" if others else f" from {first}"
        words = answer_from_each(tables_by_start) if others else answer(table)
        found.append(f"On {DATASETS[benchmark]}{place}: {words}")
    return found


def counted(compared: pd.DataFrame) -> str:
    """How many comparisons came out how, in a sentence."""
    numbers = compared["difference"].map(lambda one: LOOKS[one.verdict][2]).value_counts()
    words = [f"{words} in {numbers.get(words, 0)}" for _, _, words in LOOKS.values()]
    return f"Of {len(compared)} differences hybrid is {listed(words)}."


def forest(compared: pd.DataFrame) -> Figure:
    """Draw every comparison: a panel a measure, the margin as a band, the verdict by its mark."""
    rows = list(compared.groupby(["start", "benchmark", "hybrid minus"], sort=False).groups)
    places, names = _places(rows)
    figure, axes = plt.subplots(
        1, 4, figsize=(9, 0.24 * len(names) + 1), sharey=True, layout="constrained"
    )
    for axis, measure in zip(axes, HEADLINE, strict=True):
        part = compared[compared["measure"] == measure]
        for row in part.itertuples(index=False):
            place, one = places[row.start, row.benchmark, row[2]], row.difference
            # rank distances differ by start and benchmark: as a share of the baseline's
            share = PLAN.relative_margins.get(tables.HEADLINE[measure][1])
            scale = one.margin / share if share else 1.0
            color, marker, _ = LOOKS[one.verdict]
            low, mean, high = (
                value / scale
                for value in (one.difference.low, one.difference.mean, one.difference.high)
            )
            axis.plot([low, high], [place, place], color=color, linewidth=2)
            axis.plot(mean, place, color=color, marker=marker, markersize=7)
            margin = one.margin / scale
            axis.fill_betweenx(
                [place - 0.5, place + 0.5], -margin, margin, color="#888888", alpha=0.25, lw=0
            )
        axis.axvline(0, color="#555555", linewidth=0.8)
        is_share = tables.HEADLINE[measure][1] in PLAN.relative_margins
        axis.set(title=measure, xlabel="share of the other's" if is_share else "difference")
        if is_share:
            axis.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
        axis.margins(x=0.08)
        axis.xaxis.set_major_locator(plt.MaxNLocator(3))
        axis.tick_params(axis="y", length=0)
        sns.despine(ax=axis, left=True)
    axes[0].set(yticks=range(len(names)), yticklabels=names, ylim=(len(names) - 0.5, -0.5))
    for name, tick in zip(names, axes[0].get_yticklabels(), strict=True):
        tick.set_fontweight("normal" if name.startswith("− ") else "bold")
    handles = [
        plt.Line2D([], [], color=color, marker=marker, label=f"hybrid {words}", linestyle="-")
        for color, marker, words in LOOKS.values()
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=4, frameon=False)
    return figure


def _places(
    rows: Iterable[tuple[str, str, str]],
) -> tuple[dict[tuple[str, str, str], int], list[str]]:
    """Where each row lies, and the names of all lines: of its start and benchmark stands above."""
    places, names = {}, []
    for (start, benchmark), of_place in groupby(rows, key=lambda row: row[:2]):
        names.append(f"{DATASETS[benchmark]}, from {start}")
        for row in of_place:
            places[row] = len(names)
            names.append(f"− {row[2].partition(',')[0]}")
    return places, names
