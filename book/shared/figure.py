"""How a figure looks in the book: in the page's own colours, with words, and to take along."""

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from io import StringIO
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from adjustText import adjust_text
from IPython.display import HTML
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from book.shared.html import anchor, csv_link
from book.shared.samplers import color

LOOKS = {  # colour-blind safe, and told apart by shape too
    "better": ("#009e73", "^"),
    "worse": ("#d55e00", "v"),
    "as good": ("#1f83c4", "s"),
    "open": ("#7f7f7f", "o"),
}
"""Colour and mark of each verdict."""
_INK = re.compile(r"(fill|stroke): #(?:000000|333333|555555)")
_IDS = re.compile(r'(\bid="|href="#|url\(#)')


def show_figure(
    draw: Callable[..., Figure],
    name: str,
    caption: str,
    alt: str,
    data: pd.DataFrame | None = None,
) -> HTML:
    """A figure with an anchor, caption and downloads, of itself and of its ``data``; closes it.

    ``draw`` takes the number of columns: one is for a phone, and narrower. Black and dark grey
    become the page's colour of text. ``alt`` is for those who cannot see it.
    """
    shapes = {"wide": draw(), "narrow": draw(columns=1)}
    drawn = "".join(_drawing(one, kind, name, alt) for kind, one in shapes.items())
    link = f'<a class="anchor" href="#{anchor(name)}" aria-label="Link to this figure">#</a>'
    numbers = "" if data is None else csv_link(data, name)
    return HTML(
        f'<figure class="drawn" id="{anchor(name)}">{drawn}'
        f"<figcaption>{escape(caption)} {link}</figcaption>"
        f'<p class="csv">{numbers}</p></figure>'
    )


def _drawing(figure: Figure, kind: str, name: str, alt: str) -> str:
    svg = svg_of(figure, f"{name}{kind}")
    plt.close(figure)  # or the notebook shows it once more
    svg = svg[svg.index("<svg") :].replace("<svg ", f'<svg role="img" aria-label="{escape(alt)}" ')
    return f'<div class="drawing {kind}">{svg}</div>'


def forest(table: pd.DataFrame, panel: str, rows: Sequence[str], columns: int = 4) -> Figure:
    """Draw differences in margins with their intervals, better to the right; verdict by its mark.

    ``table`` is of :func:`book.shared.comparisons.against`; there is a panel a value of the column
    ``panel``, and the columns ``rows`` together name a row.
    """
    names = table[list(rows)].agg(", ".join, axis=1)
    places = {name: place for place, name in enumerate(dict.fromkeys(names))}
    panels = list(table.groupby(panel, sort=False))
    figure, axes = grid(len(panels), columns, 0.26 * len(places) + 1.1, sharey=True)
    for axis, (title, part) in zip(axes, panels, strict=True):
        axis.axvspan(-1, 1, color="#888888", alpha=0.25, lw=0)
        axis.axvline(0, color="#555555", linewidth=0.8)
        sign = np.where(part["smaller_is_better"], -1, 1) / part["margin"]
        for name, scale, row in zip(names[part.index], sign, part.itertuples(), strict=True):
            shade, marker = LOOKS[row.verdict]
            ends = [row.low * scale, row.high * scale]
            axis.plot(ends, [places[name]] * 2, color=shade, linewidth=2)
            axis.plot(row.difference * scale, places[name], color=shade, marker=marker, ms=7)
        axis.set_title(title, fontsize=10)
        axis.set_xlabel("margins", fontsize=9)
        axis.xaxis.set_major_locator(plt.MaxNLocator(4))
        axis.tick_params(axis="y", length=0)
        sns.despine(ax=axis, left=True)
    axes[0].set(yticks=range(len(places)), yticklabels=places, ylim=(len(places) - 0.5, -0.5))
    handles = [
        plt.Line2D([], [], color=shade, marker=marker, label=verdict)
        for verdict, (shade, marker) in LOOKS.items()
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=4, frameon=False)
    return figure


def grid(panels: int, columns: int, height: float, **options: Any) -> tuple[Figure, list[Axes]]:
    """Panels of this height in inches, up to ``columns`` in a row; one column fits a phone."""
    in_a_row = min(panels, columns)
    rows = -(-panels // in_a_row)
    figure, axes = plt.subplots(
        rows, in_a_row, figsize=(9 if columns > 1 else 4.5, height * rows), squeeze=False,
        layout="constrained", **options,
    )  # fmt: skip
    figure.get_layout_engine().set(h_pad=0.1)
    for spare in axes.ravel()[panels:]:
        spare.set_axis_off()
    return figure, list(axes.ravel()[:panels])


def lines(
    means: pd.DataFrame,
    x: str,
    xlabel: str,
    band: tuple[float, float] | None = None,
    is_one_scale: bool = False,
    columns: int = 2,
) -> Figure:
    """Draw a panel a measure: a line a group over ``x``, with intervals where there are any.

    ``means`` is of :func:`book.shared.comparisons.estimates`, with a column ``x``, numbers or
    names; its ``band`` is grey. ``is_one_scale``: whether all panels have the same.
    """
    measures = list(means.groupby("measure", sort=False))
    figure, axes = grid(len(measures), columns, 3, sharex=True, sharey=is_one_scale)
    ticks = list(dict.fromkeys(means[x]))
    is_named = not pd.api.types.is_numeric_dtype(means[x])
    for axis, (measure, part) in zip(axes, measures, strict=True):
        if band:
            axis.axvspan(*band, color="#888888", alpha=0.25, lw=0)
        for number, (group, of_group) in enumerate(part.groupby("group", sort=False)):
            at = of_group[x].map(ticks.index) + 0.06 * number if is_named else of_group[x]
            axis.vlines(at, of_group["low"], of_group["high"], color=color(group), alpha=0.7)
            axis.plot(at, of_group["mean"], color=color(group), marker="o", ms=4, label=group)
        axis.set_title(measure, fontsize=10)
        if is_named:
            axis.set_xticks(range(len(ticks)), [tick.replace("-", "\n") for tick in ticks])
    for axis in axes[-columns:]:
        axis.set_xlabel(xlabel)
        axis.tick_params(labelbottom=True)
    groups = {
        label: handle
        for axis in axes
        for handle, label in zip(*axis.get_legend_handles_labels(), strict=True)
    }
    if len(groups) > 1:
        figure.legend(groups.values(), groups, loc="outside lower center", ncols=3, frameon=False)
    sns.despine(figure)
    return figure


def front(points: pd.DataFrame, x: str, y: str) -> pd.Series:
    """Which points no other beats in both: more of ``x`` and less of ``y``."""
    across, down = points[x].to_numpy(), points[y].to_numpy()
    no_worse = (across[:, None] <= across) & (down[:, None] >= down)
    better = (across[:, None] < across) | (down[:, None] > down)
    return pd.Series(~(no_worse & better).any(axis=1), index=points.index)


def draw_front(
    points: pd.DataFrame, x: str, y: str, labels: Mapping[str, str], columns: int = 2
) -> Figure:
    """Draw named points, in the colour of ``labels``' sampler, and the front as a line."""
    figure, (axis,) = grid(1, columns, 5)
    colors = [color(labels.get(name, name)) for name in points.index]
    axis.scatter(points[x], points[y], c=colors, s=30, zorder=3)
    axis.margins(0.12)
    best = points[front(points, x, y)].sort_values(x)
    axis.plot(best[x], best[y], color="#999999", linewidth=1, zorder=2)
    axis.set(xlabel=x, ylabel=y)
    name_points(axis, points[x], points[y], list(points.index))
    sns.despine(figure)
    return figure


def name_points(axis: Axes, x: ArrayLike, y: ArrayLike, names: Sequence[str]) -> None:
    """Write names beside points, over no other name or point where there is a place; draw it last.

    The limits of the axis stay as they are.
    """
    axis.autoscale_view()
    axis.set(xlim=axis.get_xlim(), ylim=axis.get_ylim())
    places = zip(np.asarray(x), np.asarray(y), names, strict=True)
    texts = [axis.text(*place, fontsize=9) for place in places]
    line = {"arrowstyle": "-", "color": "0.6", "lw": 0.5}
    adjust_text(texts, x, y, ax=axis, iter_lim=200, arrowprops=line)


def svg_of(figure: Figure, name: str) -> str:
    """A figure as text without a date; its ids begin with its name, as a page holds several."""
    width, height = figure.get_size_inches() * 72
    sink = StringIO()
    with mpl.rc_context({"svg.hashsalt": name, "svg.fonttype": "none"}):
        for legend in (*figure.legends, *(axis.get_legend() for axis in figure.axes)):
            if legend is not None:
                legend.get_frame().set_alpha(0)
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        figure.savefig(sink, format="svg", transparent=True, metadata=nothing)
    svg = _INK.sub(r"\1: currentColor", sink.getvalue())
    svg = _IDS.sub(rf"\g<1>{anchor(name)}-", svg)
    size = f'viewBox="0 0 {width:g} {height:g}" fill="currentColor" style="max-width: {width:g}pt"'
    return re.sub(r'width="[\d.]+pt" height="[\d.]+pt" viewBox="[^"]+"', size, svg, count=1)
