"""The research question at scale: every pair of a hundred varieties and more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from IPython.display import HTML
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform

from book.shared import html
from book.shared.figure import grid, show_figure
from book.shared.samplers import baselines_with_runs, by_first_alpha, labels
from book.shared.stored_runs import Place
from hybridlib.training.parameters import UNTRAINED
from study.analysis import varieties as analysis
from study.data.language_facts import distances, facts_on

_NUM_BINS = 10


@dataclass(frozen=True)
class Scored:
    """Logits of R@1 of each sampler's runs, over the same varieties."""

    varieties: tuple[str, ...]
    by_sampler: Mapping[str, Sequence[np.ndarray]]


def scored(place: Place) -> Scored:
    """Logits of a place's runs."""
    found: dict[str, list[np.ndarray]] = {}
    varieties: tuple[str, ...] = ()
    for name, sampler in by_first_alpha(place.runs).items():
        run = place.runs[name]
        varieties = varieties or tuple(run.scores["query_variety"])
        found.setdefault(sampler, []).append(analysis.logits(run.ranks, varieties))
    return Scored(varieties, found)


@dataclass(frozen=True)
class AtScale:
    """One sampler put against another over all pairs of varieties."""

    sampler: str
    baseline: str
    scored: Scored
    kind: str

    @property
    def runs(self) -> tuple[Sequence[np.ndarray], Sequence[np.ndarray]]:
        """Of the sampler, and of the baseline."""
        return self.scored.by_sampler[self.sampler], self.scored.by_sampler[self.baseline]

    @property
    def table(self) -> pd.DataFrame:
        """As :func:`study.analysis.varieties.gains`."""
        is_trained = self.baseline != UNTRAINED
        table = analysis.gains(*self.runs, is_trained, self.scored.varieties, self.kind)
        table.insert(0, "against", labels()[self.baseline])
        return table

    @property
    def gain(self) -> np.ndarray:
        """Mean over seeds, in logits. Shape: (query varieties, candidate varieties)."""
        first, second = self.runs
        return np.mean(first, axis=0) - np.mean(second, axis=0)


def compare(scored: Scored, sampler: str, baselines: str, kind: str) -> list[AtScale]:
    """Put a sampler against each of some others, their names joined by commas."""
    names = baselines_with_runs(sampler, baselines, scored.by_sampler)
    return [AtScale(sampler, baseline, scored, kind) for baseline in names]


def chosen(varieties: Sequence[str]) -> pd.DataFrame:
    """How many varieties there are of each class of resource, and in how many families."""
    facts = facts_on(varieties).assign(resource=analysis.classes(varieties))
    table = facts.groupby("resource").agg(
        varieties=("name", "size"),
        families=("family", "nunique"),
        scripts=("script", "nunique"),
        pretrained=("pretrained", "sum"),
    )
    return table.reindex(analysis.CLASSES).rename_axis("Joshi's class").reset_index()


def figure(place: Place, kind: str, sampler: str, baselines: str) -> HTML:
    """Draw gains as a matrix and over distance."""
    compared = compare(scored(place), sampler, baselines, kind)
    return show_figure(
        partial(draw, compared),
        f"{place.name}-{kind}-gains-by-distance",
        caption="The gain between all varieties, every eleventh named; then its mean over distance "
        "by class of resource.",
        alt="A row a baseline: left, the gain between all varieties by colour, near varieties side "
        "by side; right, the mean gain over distance, a line a class of resource",
        data=pd.concat([one.table for one in compared], ignore_index=True),
    )


def numbers(place: Place, kind: str, sampler: str, baselines: str) -> HTML:
    """Gains and slopes by class of resource, and which varieties there are."""
    found = scored(place)
    compared = compare(found, sampler, baselines, kind)
    gains = pd.concat([one.table for one in compared], ignore_index=True)
    return html.joined(
        html.show_plain(gains, f"{place.name}-{kind}-gains"),
        html.show_plain(chosen(found.varieties), f"{place.benchmark}-varieties"),
    )


def draw(compared: Sequence[AtScale], columns: int = 2) -> Figure:
    """Draw gains as a matrix, near varieties side by side, and over distance by class."""
    figure, axes = grid(2 * len(compared), columns, 4.4)
    largest = max(np.nanquantile(np.abs(one.gain), 0.98) for one in compared)
    norm = plt.Normalize(-largest, largest)
    for matrix, lines, one in zip(axes[::2], axes[1::2], compared, strict=True):
        apart = distances(one.scored.varieties, one.kind)
        tree = hierarchy.linkage(squareform(apart, checks=False), "average", optimal_ordering=True)
        order = hierarchy.leaves_list(tree)
        image = matrix.imshow(
            one.gain[np.ix_(order, order)], cmap="RdBu", norm=norm, interpolation="none"
        )
        ticks = np.arange(0, len(order), 11)
        names = facts_on(one.scored.varieties)["name"].iloc[order[ticks]]
        matrix.set_xticks(ticks, names, rotation=90, fontsize=9)
        matrix.set_yticks(ticks, names, fontsize=9)
        matrix.set(
            xlabel="candidates, near varieties side by side", ylabel="queries",
            title=f"{labels()[one.sampler]} minus {labels()[one.baseline]}",
        )  # fmt: skip
        figure.colorbar(image, ax=matrix, label="gain, logits of R@1", shrink=0.8)
        _draw_over_distance(lines, one, apart)
    figure.legend(
        *axes[1].get_legend_handles_labels(), title="resource class, of the lower of the two",
        loc="outside lower center", ncols=2, frameon=False,
    )  # fmt: skip
    return figure


def _draw_over_distance(axis: Axes, one: AtScale, apart: np.ndarray) -> None:
    """Mean gain in tenths of the pairs by distance, a line a class of the pair's lower one."""
    places = np.array([analysis.CLASSES.index(c) for c in analysis.classes(one.scored.varieties)])
    rows, columns = np.triu_indices(len(apart), k=1)
    table = pd.DataFrame(
        {
            "distance": apart[rows, columns],
            "gain": (one.gain[rows, columns] + one.gain[columns, rows]) / 2,
            "class": np.maximum(places[rows], places[columns]),
        }
    )
    table["bin"] = pd.qcut(table["distance"], _NUM_BINS, duplicates="drop")
    for place, part in table.groupby("class"):
        means = part.groupby("bin", observed=True)[["distance", "gain"]].mean()
        name = analysis.CLASSES[int(place)]
        axis.plot(means["distance"], means["gain"], marker="o", ms=4, label=name)
    axis.axhline(0, color="#888888", alpha=0.5, zorder=0)
    axis.set(xlabel=f"{one.kind} distance", ylabel="mean gain, logits of R@1")
    sns.despine(ax=axis)
