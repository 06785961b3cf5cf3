"""How well each sampler ranks: the paper's tables 1 to 6, ours beside them."""

from functools import partial

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from IPython.display import HTML
from matplotlib.figure import Figure

from book.shared import comparisons, html, samplers, tables
from book.shared.figure import grid, show_figure
from book.shared.stored_runs import Place, missing
from study.statistics.estimates import Estimate

_MARKERS = {"here": "o", "paper, XLM-R": "s", "paper, LaBSE": "D"}


def figure(place: Place) -> HTML:
    """Draw the headline table."""
    table = tables.headline(place.scores, place.benchmark)
    shown = show_figure(
        partial(draw_headline, table),
        f"{place.name}-figure",
        caption="This book's runs with 95 % intervals."
        + " Hollow: the paper's, from other backbones and data. Compare orders, not values."
        * (len(_sources(table)) > 1),
        alt="A panel a measure, a row a sampler: this book's runs as filled circles with their "
        "intervals, the paper's, where it has any, as hollow squares and diamonds",
        data=table.reset_index(),
    )
    return html.joined(shown, missing(place))


def headline(place: Place) -> HTML:
    """Tables 1 and 2: ours, then the paper's."""
    table = tables.headline(place.scores, place.benchmark)
    numbers = tables.headline(place.scores, place.benchmark, place.scores_on_all)
    return html.show(table, f"{place.name}-headline", numbers)


def against(place: Place) -> HTML:
    """Hybrid minus each other sampler."""
    others = [name for name in place.scores if name != tables.HYBRID]
    found = comparisons.against(place.scores, [(tables.HYBRID, other) for other in others])
    name = f"{place.name}-differences"
    return html.show_plain(comparisons.wide_against(found), name, numbers=found)


def by_language(place: Place) -> HTML:
    """Tables 3 to 6: mAP in each setting, then recall."""
    scores = next(iter(place.scores.values())).cells
    every = list(scores.droplevel(["query_language", "candidate_language"]).unique())
    cells = [cell for kind in ("mAP", "R@") for cell in every if cell[1].startswith(kind)]
    parts = []
    for setting, metric in cells:
        title = f"{setting.capitalize()} {metric}"
        parts.append(language_table(place, setting, metric, title, f"{setting}-{metric}"))
    return html.joined(*parts)


def language_table(place: Place, setting: str, metric: str, title: str, name: str) -> HTML:
    """A measure by language under its title: ours, the paper's beside it."""
    model = place.planned.paper_model or "XLM-R"
    rows = tables.by_language(
        place.scores, place.benchmark, model, setting, metric, place.scores_on_all
    )
    shown = html.show_by_language(rows, f"{place.name}-{name}", metric)
    return html.joined(html.heading(title), shown)


def pairs(place: Place) -> HTML:
    """Heat maps of mAP by language of query and candidates."""
    table = pair_scores(place)
    return show_figure(
        partial(draw_pairs, table),
        f"{place.name}-pairs",
        caption="mAP by language of queries and candidates; the diagonal is one language.",
        alt="Heat maps of mAP for each query language and candidate language, a panel a sampler; "
        "the diagonal is monolingual retrieval",
        data=table,
    )


def draw_pairs(table: pd.DataFrame, columns: int = 3) -> Figure:
    """Draw a heat map a sampler; of three in a row labels of eleven languages can be read."""
    kinds = list(dict.fromkeys(table["sampler"]))
    figure, axes = grid(len(kinds), columns, 3.1, sharex=True, sharey=True)
    low, high = table["value"].min(), table["value"].max()
    for axis, name in zip(axes, kinds, strict=True):
        matrix = table[table["sampler"] == name].pivot_table(
            index="query_language", columns="candidate_language", values="value"
        )
        sns.heatmap(
            matrix, vmin=low, vmax=high, cmap="viridis", cbar=False, square=True, ax=axis,
            rasterized=True,
        )  # fmt: skip
        axis.set(title=name, xlabel="", ylabel="")
        axis.tick_params(rotation=0, labelbottom=True)  # also where no panel stands below
    figure.supxlabel("candidates in")
    figure.supylabel("queries in")
    figure.colorbar(axes[0].collections[0], ax=axes, shrink=0.8, label="mAP")
    return figure


def pair_scores(place: Place) -> pd.DataFrame:
    """MAP of each sampler by query and candidate language, means over seeds."""
    return tables.cell_means(place.scores).query("metric == 'mAP' and setting != 'multilingual'")


def draw_headline(table: pd.DataFrame, columns: int = 2) -> Figure:
    """Draw a panel a measure, a row a sampler."""
    measures = [column for column in table.columns if column != "seeds"]
    kinds = list(dict.fromkeys(map(samplers.short, table.index.get_level_values("sampler"))))
    figure, axes = grid(len(measures), columns, 2.6, sharey=True)
    for axis, column in zip(axes, measures, strict=True):
        for (source, sampler), value in table[column].items():
            row, shade = kinds.index(samplers.short(sampler)), samplers.color(sampler)
            is_ours = isinstance(value, Estimate)
            if is_ours:
                axis.plot([value.low, value.high], [row, row], color=shade, linewidth=2)
                value = value.mean
            axis.scatter(
                value, row, s=90 if is_ours else 40, marker=_MARKERS[source],
                facecolor=shade if is_ours else "none", edgecolor=shade, zorder=3,
            )  # fmt: skip
        better = "lower is better" if column == tables.DISTANCE else "higher is better"
        axis.set_title(column, fontsize=11)
        axis.set_xlabel(better, fontsize=9)
        axis.grid(axis="y", alpha=0.3)
        axis.margins(x=0.12)
        axis.xaxis.set_major_locator(plt.MaxNLocator(4))
        sns.despine(ax=axis, left=True)
    axes[0].set(yticks=range(len(kinds)), yticklabels=kinds, ylim=(len(kinds) - 0.5, -0.5))
    handles = [
        plt.Line2D([], [], color="#555555", linestyle="", marker=_MARKERS[source], label=source,
                   markerfacecolor="#555555" if source == tables.HERE else "none")
        for source in _sources(table)
    ]  # fmt: skip
    if len(handles) > 1:
        figure.legend(
            handles=handles, loc="outside lower center", ncols=len(handles), frameon=False
        )
    return figure


def _sources(table: pd.DataFrame) -> pd.Index:
    return table.index.unique("source")
