"""Figures of the book: drawn from batches, logs and ranks, never from typed numbers."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from hybridlib.report.stored_runs import label
from hybridlib.statistics.intervals import Estimate

COLORS = {"untrained": "#7f7f7f", "X-X": "#d55e00", "X-Y": "#0072b2", "Hybrid": "#009e73"}


def color(label: str) -> str:
    """Colour of a sampler, from Okabe and Ito's palette, safe for colour-blind readers."""
    return COLORS.get(label.partition(",")[0], "#333333")


def ranking_strip(ranks: pd.DataFrame, names: Sequence[str]) -> Figure:
    """Draw one query's parallel answers in the multilingual ranking, a row a run.

    Parameters
    ----------
    ranks
        Columns ``run``, ``candidate_language``, ``rank_in_pool``, of one query.
    names
        Runs, top to bottom.
    """
    figure, axis = plt.subplots(figsize=(11, 0.7 * len(names) + 1.1))
    for row, name in enumerate(names):
        mine = ranks[ranks["run"] == name].sort_values("rank_in_pool")
        place = mine["rank_in_pool"].to_numpy()
        axis.plot([place.min(), place.max()], [row, row], color=color(name), linewidth=6, alpha=0.3)
        axis.scatter(place, np.full(len(place), row), color=color(name), s=26, zorder=3)
        axis.annotate(
            f"rank distance {place.max() - place.min():,.0f}",
            (place.max(), row),
            xytext=(8, 8),
            textcoords="offset points",
            ha="right" if place.max() > 300 else "left",
            fontsize=9,
        )
    axis.set(
        xscale="log", yticks=range(len(names)), yticklabels=names, ylim=(len(names) - 0.4, -0.7)
    )
    axis.set_xlabel("rank in the pool of all languages")
    sns.despine(ax=axis, left=True)
    figure.tight_layout()
    return figure


def headline(table: pd.DataFrame) -> Figure:
    """Draw the headline table: a panel a measure, a row a sampler; the paper's numbers hollow."""
    columns = [column for column in table.columns if column != "seeds"]
    present = {name.partition(",")[0] for name in table.index.get_level_values("sampler")}
    kinds = [*(kind for kind in COLORS if kind in present), *sorted(present - set(COLORS))]
    figure, grid = plt.subplots(2, 2, figsize=(8, 5.2), sharey=True)
    axes = grid.ravel()
    markers = {"here": "o", "paper, XLM-R": "s", "paper, LaBSE": "D"}
    for axis, column in zip(axes, columns, strict=True):
        for (source, sampler), value in table[column].items():
            row = kinds.index(sampler.partition(",")[0])
            face = color(sampler) if source == "here" else "none"
            if isinstance(value, Estimate):
                axis.plot([value.low, value.high], [row, row], color=color(sampler), linewidth=2)
                value = value.mean
            axis.scatter(
                value, row, s=90 if source == "here" else 40, marker=markers[source],
                facecolor=face, edgecolor=color(sampler), zorder=3,
            )  # fmt: skip
        better = "lower is better" if column == "rank distance" else "higher is better"
        axis.set_title(column, fontsize=11)
        axis.set_xlabel(better, fontsize=9)
        axis.grid(axis="y", alpha=0.3)
        axis.margins(x=0.12)
        sns.despine(ax=axis, left=True)
    axes[0].set(yticks=range(len(kinds)), yticklabels=kinds, ylim=(len(kinds) - 0.5, -0.5))
    sources = dict.fromkeys(table.index.get_level_values("source"))
    handles = [
        plt.Line2D([], [], color="#555555", linestyle="", marker=markers[source], label=source,
                   markerfacecolor="#555555" if source == "here" else "none")
        for source in sources
    ]  # fmt: skip
    figure.legend(handles=handles, loc="lower center", ncols=len(handles), frameon=False)
    figure.tight_layout(rect=(0, 0.06, 1, 1))
    return figure


def loss_curves(logs: Mapping[str, pd.DataFrame]) -> Figure:
    """Draw training and validation loss over the steps, a line a run, a colour a sampler.

    Parameters
    ----------
    logs
        Of :func:`hybridlib.training.fit.fit`, by the run's name.
    """
    figure, axes = plt.subplots(1, 2, figsize=(11, 3.4))
    labels: set[str] = set()
    for name, log in logs.items():
        text = label(name)
        for axis, column in zip(axes, ("loss", "validation_loss"), strict=True):
            points = log.dropna(subset=[column]).astype(float)
            axis.plot(
                points["step"], points[column], color=color(text), marker="o", ms=3,
                label=None if text in labels else text, alpha=0.7,
            )  # fmt: skip
        labels.add(text)
    axes[0].set(xlabel="step", ylabel="training loss, nats", ylim=(0, None))
    axes[1].set(xlabel="step", ylabel="validation loss (English), nats")
    axes[0].legend(frameon=False)
    sns.despine(figure)
    figure.tight_layout()
    return figure


def rank_distances(distances: Mapping[str, np.ndarray]) -> Figure:
    """Draw the share of queries whose rank distance is at most x, a curve a sampler."""
    figure, axis = plt.subplots(figsize=(8, 3.6))
    for name, values in distances.items():
        sns.ecdfplot(values + 1, ax=axis, color=color(name), label=name, linewidth=2)
    axis.set(xscale="log", xlabel="rank distance + 1, positions", ylabel="share of queries")
    axis.legend(frameon=False)
    sns.despine(figure)
    figure.tight_layout()
    return figure


def pair_heat_map(scores: Mapping[str, pd.DataFrame]) -> Figure:
    """Draw mAP for each query and candidate language, a panel a sampler."""
    count = len(scores)
    figure, axes = plt.subplots(
        1, count, figsize=(3.1 * count + 0.8, 3.6), sharey=True, squeeze=False, layout="constrained"
    )
    tables = {}
    for name, frame in scores.items():
        pairs = frame[(frame["metric"] == "mAP") & (frame["setting"] != "multilingual")]
        tables[name] = pairs.pivot_table(
            index="query_language", columns="candidate_language", values="value"
        )
    low = min(float(table.min().min()) for table in tables.values())
    high = max(float(table.max().max()) for table in tables.values())
    for axis, (name, table) in zip(axes[0], tables.items(), strict=True):
        image = sns.heatmap(
            table, ax=axis, vmin=low, vmax=high, cmap="viridis", square=True, cbar=False
        ).collections[0]
        axis.set(
            title=name, xlabel="candidates in", ylabel="queries in" if axis is axes[0][0] else ""
        )
    figure.colorbar(image, ax=axes, shrink=0.8, label="mAP")
    return figure


def embedding_map(plane: pd.DataFrame) -> Figure:
    """Draw parallel sentences on one plane, a panel an encoder, a colour a language.

    Parameters
    ----------
    plane
        Of :func:`hybridlib.analysis.embedding_map.project`.
    """
    names = list(plane["encoder"].unique())
    languages = sorted(plane["language"].unique())
    palette = dict(zip(languages, sns.color_palette("husl", len(languages)), strict=True))
    figure, grid = plt.subplots(
        2, (len(names) + 1) // 2, figsize=(8.5, 8), sharex=True, sharey=True, squeeze=False
    )
    for axis, name in zip(grid.ravel(), names, strict=False):
        part = plane[plane["encoder"] == name]
        axis.scatter(part["x"], part["y"], c=part["language"].map(palette).tolist(), s=9)
        axis.set_title(label(name))
    for axis in grid.ravel():
        axis.set(xticks=[], yticks=[])
    handles = [Patch(color=palette[language], label=language) for language in languages]
    figure.legend(handles=handles, ncols=len(languages), loc="lower center", frameon=False)
    figure.tight_layout(rect=(0, 0.04, 1, 1))
    return figure
