"""Figures 1 and 2 of the paper, drawn from real batches."""

from collections.abc import Mapping, Sequence

import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from book.shared.figure import grid
from hybridlib.data.parallel import Example


def settings(columns: int = 3) -> Figure:
    """Draw which pool a query searches in the three settings (figure 1 of the paper)."""
    shown = ("ar", "en", "zh")
    palette = dict(zip(shown, sns.color_palette("husl", len(shown)), strict=True))
    panels = {
        "monolingual": ("en", ("en",)),
        "cross-lingual": ("ar", ("en",)),
        "multilingual": ("en", shown),
    }
    figure, axes = grid(len(panels), columns, 2.3)
    for axis, (title, (query, pool)) in zip(axes, panels.items(), strict=True):
        box = {"boxstyle": "round,pad=0.6", "edgecolor": "none"}
        axis.text(0.12, 0.5, f"query\n{query}", ha="center", va="center", color="black",
                  bbox=box | {"facecolor": palette[query]})  # fmt: skip
        for row, language in enumerate(pool):
            height = 0.5 + 0.3 * (row - (len(pool) - 1) / 2)
            axis.text(0.78, height, f"candidates {language}", ha="center", va="center",
                      color="black", bbox=box | {"facecolor": palette[language]})  # fmt: skip
        axis.annotate("", (0.52, 0.5), (0.26, 0.5), arrowprops={"arrowstyle": "->", "lw": 2})
        axis.set(title=title, xlim=(0, 1.05), ylim=(0, 1))
        axis.axis("off")
    return figure


def batches(
    batches: Mapping[str, Sequence[list[Example]]], languages: Sequence[str], columns: int = 2
) -> Figure:
    """Draw what meets in a batch: a row a batch, a cell an example, query left, passage right."""
    palette = sns.color_palette("husl", len(languages))
    figure, axes = grid(len(batches), columns, 2.7, sharey=True)
    for axis, (name, rows) in zip(axes, batches.items(), strict=True):
        cells = [
            [palette[languages.index(language)] for e in batch for language in e[1:]]
            for batch in rows
        ]
        axis.imshow(cells, aspect="auto")
        for edge in range(0, len(cells[0]) + 1, 2):
            axis.axvline(edge - 0.5, color="white", linewidth=2.5)
        for edge in range(len(cells) + 1):
            axis.axhline(edge - 0.5, color="white", linewidth=5)
        axis.set(title=name, xlabel="examples: query | passage", xticks=[])
        sns.despine(ax=axis, left=True, bottom=True)
    for axis in axes[::columns]:
        axis.set(ylabel="batches", yticks=range(len(rows)), yticklabels=range(1, len(rows) + 1))
    handles = [Patch(color=c, label=name) for c, name in zip(palette, languages, strict=True)]
    figure.legend(handles=handles, ncols=len(languages), loc="outside lower center", frameon=False)
    return figure
