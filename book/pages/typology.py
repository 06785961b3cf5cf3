"""The research question on runs that there are: does a gain grow with typological distance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from IPython.display import HTML
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from book.shared import html
from book.shared.figure import name_points, show_figure
from book.shared.numbers import number
from book.shared.reference import DATASETS
from book.shared.samplers import baselines_with_runs, by_first_alpha, color, labels
from book.shared.stored_runs import Place
from hybridlib.training.parameters import UNTRAINED
from study.analysis import typology
from study.analysis.data_counts import COUNTS
from study.analysis.pair_counts import PairCounts, pair_counts
from study.data.language_facts import DISTANCES, distances
from study.statistics.language_pairs import PairSlope, is_shown

Counts = Mapping[str, Sequence[PairCounts]]
_OF_A_RUN = ("sampler", "seed")
TRAINING = ("both seen", "one unseen", "both unseen")


@dataclass(frozen=True)
class Compared:
    """What one sampler's runs found and what another's did, over a kind of distance."""

    against: str
    runs: tuple[Sequence[PairCounts], Sequence[PairCounts]]
    kind: str

    @cached_property
    def slopes(self) -> pd.DataFrame:
        """As :func:`study.analysis.typology.slopes`."""
        return typology.slopes(*self.runs, self.kind)

    @cached_property
    def main(self) -> pd.Series:
        """The row that counts: the gap's slope, every language with its intercept."""
        rows = self.slopes
        return rows[(rows["term"] == "gap") & rows["within"]].iloc[0]


def counts(place: Place) -> dict[str, list[PairCounts]]:
    """Count what the runs of each sampler found; they may differ in their seed alone."""
    training = place.planned.training
    varied = [n for n, values in training.items() if len(values) > 1 and n not in _OF_A_RUN]
    if varied:
        raise ValueError(
            f"profile {place.profile} varies {', '.join(varied)}; take one whose runs of a sampler "
            "differ in their seed alone"
        )
    found: dict[str, list[PairCounts]] = {}
    for name, sampler in by_first_alpha(place.runs).items():
        counted = pair_counts(place.runs[name].ranks, sampler != UNTRAINED)
        found.setdefault(sampler, []).append(counted)
    return found


def compare(counts: Counts, sampler: str, baselines: str, kind: str) -> list[Compared]:
    """Put a sampler against each of some others, their names joined by commas."""
    return [
        Compared(labels()[baseline], (counts[sampler], counts[baseline]), kind)
        for baseline in baselines_with_runs(sampler, baselines, counts)
    ]


def training_texts(place: Place) -> pd.Series:
    """Training texts in each language of a benchmark, as the page on data counts them."""
    benchmark = place.benchmark.removesuffix("-every-3")
    (corpus,) = place.planned.training["corpus"]
    folder = place.store.folder(corpus, COUNTS, benchmark)
    return place.store.load(folder).scores.set_index("language")["training_texts"]


def by_resource(compared: Sequence[Compared], texts: pd.Series) -> pd.DataFrame:
    """Gain of pairs with and without a language of low resource, said in three ways."""
    parts = []
    for one in compared:
        languages = one.runs[0][0].languages
        for definition, is_low in typology.low_resource(languages, texts).items():
            low = [name for name, flag in zip(languages, is_low, strict=True) if flag]
            part = typology.by_resource(*one.runs, is_low, one.kind)
            part.insert(0, "against", one.against)
            part.insert(1, "low-resource means", f"{definition}: {', '.join(low) or 'none'}")
            parts.append(part)
    return pd.concat(parts, ignore_index=True)


def slope_table(compared: Sequence[Compared]) -> pd.DataFrame:
    """Slopes of every comparison, one below the other."""
    tables = [one.slopes.assign(against=one.against) for one in compared]
    table = pd.concat(tables, ignore_index=True)
    table["languages"] = np.where(table.pop("within"), "an intercept each", "none (plain)")
    return with_shown(table[["against", "term", "languages", "slope", "low", "high", "p"]])


def with_shown(table: pd.DataFrame) -> pd.DataFrame:
    """The table of slopes and whether each counts as shown."""
    shown = is_shown(table["p"], table["low"], table["high"])
    return table.assign(shown=shown.map({True: "yes", False: "no"}))


def left_out_table(compared: Sequence[Compared]) -> pd.DataFrame:
    """Slope of the gap without each language: a row a language, a column a baseline."""
    columns = {}
    for one in compared:
        slopes = typology.leave_one_out(*one.runs, one.kind).set_index("language")["slope"]
        columns[f"against {one.against}"] = slopes
    return pd.DataFrame(columns).rename_axis("without").reset_index()


def pair_table(compared: Sequence[Compared], texts: pd.Series) -> pd.DataFrame:
    """A row a pair and baseline, with what the figure shows."""
    tables = []
    for one in compared:
        table = typology.pair_table(*one.runs, one.kind)
        unseen = table[["language", "other"]].isin(texts.index[texts == 0]).sum(axis=1)
        table.insert(2, "training", np.array(TRAINING)[unseen])
        table.insert(0, "against", one.against)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def figure(place: Place, kind: str, sampler: str, baselines: str) -> HTML:
    """What is left of distance and gain of every pair, and the slopes by chance."""
    compared = compare(counts(place), sampler, baselines, kind)
    pairs = pair_table(compared, training_texts(place))
    return show_figure(
        partial(draw, compared, pairs, color(labels()[sampler])),
        f"{place.name}-{kind}-pairs-by-distance",
        caption="What is left of distance and gain within languages: a rising line is a gain that "
        "grows with distance. The pairs farthest out are named.",
        alt="A point a pair of languages: what is left of its distance and of the gain when "
        "every language has an intercept of its own, a panel a baseline; inset, the slopes under "
        "permuted languages",
        data=pairs,
    )


def draw(compared: Sequence[Compared], pairs: pd.DataFrame, shade: str, columns: int = 2) -> Figure:
    """Draw an added-variable plot with its slope, a panel a baseline."""
    figure, axes = plt.subplots(
        len(compared), figsize=(9 if columns > 1 else 4.5, 5.5 * len(compared)), squeeze=False,
        layout="constrained",
    )  # fmt: skip
    for axis, one in zip(axes[:, 0], compared, strict=True):
        table = pairs[pairs["against"] == one.against]
        for words, marker in zip(TRAINING, "o^s", strict=True):
            part = table[table["training"] == words]
            axis.scatter(part["x"], part["y"], marker=marker, s=26, alpha=0.8, label=words)
        ends = np.array([table["x"].min(), table["x"].max()])
        axis.plot(ends, one.main["slope"] * ends, color=shade)
        axis.axhline(0, color="#888888", alpha=0.5, zorder=0)
        axis.set(
            xlabel=f"{one.kind} distance, more or less than usual",
            ylabel=f"gain over {one.against}, more or less than usual, logits",
        )
        axis.xaxis.set_major_locator(plt.MaxNLocator(4))
        axis.margins(y=0.45)  # the inset stands above every point
        _inset(axis, one, shade)
        out = np.hypot(table["x"] / table["x"].std(), table["y"] / table["y"].std())
        far = table.loc[out.nlargest(7 * columns).index]
        name_points(axis, far["x"], far["y"], (far["language"] + "-" + far["other"]).tolist())
    figure.legend(
        *axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=3, frameon=False
    )
    sns.despine(figure)
    return figure


def _inset(axis: Axes, one: Compared, shade: str) -> None:
    """Draw the slopes under permuted languages, and the one that was found."""
    fit = PairSlope(distances(one.runs[0][0].languages, one.kind))
    inset = axis.inset_axes((0.12, 0.8, 0.3, 0.18))
    inset.hist(fit.permuted(typology.gain(*one.runs)), bins=40, color="0.7")
    inset.axvline(one.main["slope"], color=shade)
    inset.set_yticks([])
    inset.tick_params(labelsize=9)
    inset.set_title(f"slopes by chance, p = {number(one.main['p'])}", fontsize=9)


def numbers(place: Place, kind: str, sampler: str, baselines: str) -> HTML:
    """Slopes, gains by resource, slopes without a language, and every pair."""
    compared, texts = compare(counts(place), sampler, baselines, kind), training_texts(place)
    name = f"{place.name}-{kind}"
    return html.joined(
        html.show_plain(slope_table(compared), f"{name}-slopes"),
        html.show_plain(by_resource(compared, texts), f"{name}-resource"),
        html.show_plain(left_out_table(compared), f"{name}-left-out"),
        html.csv_paragraph(pair_table(compared, texts), f"{name}-pairs"),
    )


_MAIN = {"kind": "syntactic", "term": "gap", "within": True}
CHOICES: Mapping[str, Mapping[str, Any]] = {
    "as published": _MAIN,
    **{f"{kind} distance": _MAIN | {"kind": kind} for kind in DISTANCES[1:]},
    "logit R@1 itself, not its gap": _MAIN | {"term": "cross"},
    "mAP itself": _MAIN | {"term": "mAP"},
    "plain, no intercepts": _MAIN | {"within": False},
}


def sensitivity(places: Sequence[Place], sampler: str, baselines: str) -> HTML:
    """Slopes by place, baseline and choice, one choice changed at a time."""
    rows = [
        {"start": place.planned.title, "benchmark": DATASETS.get(place.benchmark, place.benchmark)}
        | {"against": one.against, "choice": choice}
        | typology.tested_slope(*one.runs, **arguments)
        for place in places
        if place.has_runs
        for one in compare(counts(place), sampler, baselines, "syntactic")
        for choice, arguments in CHOICES.items()
    ]
    return html.show_plain(with_shown(pd.DataFrame(rows)), "typology-sensitivity")
