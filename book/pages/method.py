"""Figures 1 and 2 of the paper, drawn from real batches."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from hybridlib.data.parallel import Example


def settings() -> Figure:
    """Draw which pool a query searches in the three settings (figure 1 of the paper)."""
    shown = ("ar", "en", "zh")
    palette = dict(zip(shown, sns.color_palette("husl", len(shown)), strict=True))
    panels = {
        "monolingual": ("en", ("en",)),
        "cross-lingual": ("ar", ("en",)),
        "multilingual": ("en", shown),
    }
    figure, axes = plt.subplots(1, len(panels), figsize=(9, 2.3))
    for axis, (title, (query, pool)) in zip(axes, panels.items(), strict=True):
        box = {"boxstyle": "round,pad=0.6", "edgecolor": "none"}
        axis.text(0.12, 0.5, f"query\n{query}", ha="center", va="center", color="white",
                  bbox=box | {"facecolor": palette[query]})  # fmt: skip
        for row, language in enumerate(pool):
            height = 0.5 + 0.3 * (row - (len(pool) - 1) / 2)
            axis.text(0.78, height, f"candidates {language}", ha="center", va="center",
                      color="white", bbox=box | {"facecolor": palette[language]})  # fmt: skip
        axis.annotate("", (0.52, 0.5), (0.26, 0.5), arrowprops={"arrowstyle": "->", "lw": 2})
        axis.set(title=title, xlim=(0, 1.05), ylim=(0, 1))
        axis.axis("off")
    figure.tight_layout()
    return figure


def batches(batches: Mapping[str, Sequence[list[Example]]], languages: Sequence[str]) -> Figure:
    """Draw what meets in a batch: a row a batch, a cell an example, query left, passage right."""
    palette = sns.color_palette("husl", len(languages))
    height = -(-len(batches) // 2)
    figure, axes = plt.subplots(height, 2, figsize=(9, 2.7 * height), sharey=True, squeeze=False)
    for spare in axes.ravel()[len(batches) :]:
        spare.set_visible(False)
    for axis, (name, rows) in zip(axes.ravel(), batches.items(), strict=False):
        grid = [
            [palette[languages.index(language)] for key in batch for language in key[1:]]
            for batch in rows
        ]
        axis.imshow(grid, aspect="auto")
        for edge in range(0, len(grid[0]) + 1, 2):
            axis.axvline(edge - 0.5, color="white", linewidth=2.5)
        for edge in range(len(grid) + 1):
            axis.axhline(edge - 0.5, color="white", linewidth=5)
        axis.set(title=name, xlabel="examples: query | passage", xticks=[])
        sns.despine(ax=axis, left=True, bottom=True)
    for axis in axes[:, 0]:
        axis.set(ylabel="batches", yticks=range(len(rows)), yticklabels=range(1, len(rows) + 1))
    handles = [Patch(color=c, label=name) for c, name in zip(palette, languages, strict=True)]
    figure.legend(handles=handles, ncols=len(languages), loc="lower center", frameon=False)
    figure.tight_layout(rect=(0, 0.08, 1, 1))
    return figure
