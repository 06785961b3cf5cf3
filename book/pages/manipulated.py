"""What taking a language away, or adding one, does under each sampler."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import seaborn as sns
from IPython.display import HTML
from matplotlib.figure import Figure

from book.shared import comparisons, html
from book.shared.figure import grid, show_figure
from book.shared.samplers import baselines_with_runs, color, labels
from book.shared.stored_runs import Place
from hybridlib.training.parameters import TrainingParameters
from study.analysis.manipulation import KINDS, Counts, effect, with_runs
from study.analysis.pair_counts import PairCounts, pair_counts

_MEAN = "mean"


def counts(places: Sequence[Place]) -> Counts:
    """Count what the runs of each corpus and sampler found, all on one benchmark.

    A corpus and sampler that lacks a seed of its profile is left out; to have none is an error.
    Runs may differ in corpus, sampler and seed alone, and no two are alike.
    """
    found: dict[tuple[str, str], list[PairCounts]] = {}
    kept: dict[TrainingParameters, str] = {}
    for place in places:
        runs = place.runs if place.has_runs else {}
        planned = {name: own for name, own in place.planned.runs().items() if own.num_steps}
        lacking = {(own.corpus, own.sampler) for name, own in planned.items() if name not in runs}
        for name, own in planned.items():
            if (own.corpus, own.sampler) in lacking:
                continue  # without a seed it is no match for the others
            if own in kept:
                raise ValueError(f"{place.profile}/{name} and {kept[own]} are the same training")
            kept[own] = f"{place.profile}/{name}"
            counted = pair_counts(runs[name].ranks)
            found.setdefault((own.corpus, own.sampler), []).append(counted)
    if not found:
        raise FileNotFoundError(f"no run of {', '.join(place.name for place in places)} is stored")
    usual = TrainingParameters()
    same = {
        replace(one, corpus=usual.corpus, sampler=usual.sampler, seed=usual.seed) for one in kept
    }
    if len(same) > 1:
        profiles = ", ".join(place.profile for place in places)
        raise ValueError(f"runs of {profiles} differ in more than corpus, sampler and seed")
    return found


def effects(counts: Counts, sampler: str, baselines: str, kind: str) -> pd.DataFrame:
    """What each change does to a sampler, to some others, and to it more than to them.

    One row a language, or the ``mean`` of several, and contrast, named by ``measure``: ``change``,
    ``language``, ``distance`` to the nearest language of training, ``mean``, ``low``, ``high``.
    """
    names = baselines_with_runs(sampler, baselines, (name for _, name in counts))
    title = labels()
    contrasts = {title[name]: {name: 1.0} for name in (sampler, *names)}
    contrasts |= {f"minus {title[name]}": {sampler: 1.0, name: -1.0} for name in names}
    rows = []
    for change in KINDS:
        changes = with_runs(counts, change, (sampler, *names))
        nearest_first = sorted(changes, key=lambda one: one.distance(kind))
        groups = {one.language: [one] for one in nearest_first}
        if len(changes) > 1:
            groups[_MEAN] = changes
        for language, group in groups.items():
            apart = np.nan if language == _MEAN else group[0].distance(kind)
            row = {"change": change, "language": language, "distance": apart}
            for contrast, weights in contrasts.items():
                found = comparisons.interval(effect(counts, group, weights))
                rows.append(row | {"measure": contrast} | found)
    if not rows:
        raise ValueError(
            f"of no change all runs are there: {', '.join(map(' '.join, sorted(counts)))}"
        )
    return pd.DataFrame(rows)


def figure(effects: pd.DataFrame, sampler: str, benchmark: str) -> HTML:
    """:func:`draw` with words."""
    return show_figure(
        partial(draw, effects, sampler),
        f"manipulated-{benchmark}",
        caption="Below zero what is changed is worth less under the sampler than under the other; "
        "lines are intervals, dotted lines the means. Points of a panel share runs.",
        alt="A panel a change: for each language, nearest first, the difference of the effects on "
        "two samplers with its interval; dotted lines are the means",
        data=effects,
    )


def draw(effects: pd.DataFrame, sampler: str, columns: int = 2) -> Figure:
    """Draw each language's difference, nearest first; the mean is a dotted line."""
    table = effects[effects["measure"].str.startswith("minus ")]
    panels = list(table.groupby("change", sort=False))
    figure, axes = grid(len(panels), columns, 3.6, sharey=True)
    for axis, (change, part) in zip(axes, panels, strict=True):
        languages = [name for name in part["language"].unique() if name != _MEAN]
        for shift, (against, of_one) in enumerate(part.groupby("measure", sort=False)):
            shade = color(str(against).removeprefix("minus "))
            one = of_one[of_one["language"] != _MEAN]
            x = one["language"].map(languages.index) + 0.15 * shift
            axis.vlines(x, one["low"], one["high"], color=shade, alpha=0.5)
            axis.scatter(x, one["mean"], color=shade, label=against)
            for mean in of_one.loc[of_one["language"] == _MEAN, "mean"]:
                axis.axhline(mean, color=shade, linestyle=":", linewidth=1)
        axis.axhline(0, color="#888888", alpha=0.5, zorder=0)
        axis.margins(x=0.15)
        axis.set(title=change, xticks=range(len(languages)), xticklabels=languages)
    axes[0].set_ylabel(f"effect on {labels()[sampler]} minus other, logits")
    legend = axes[0].get_legend_handles_labels()
    figure.legend(*legend, loc="outside lower center", ncols=2, frameon=False)
    sns.despine(figure)
    return figure


def numbers(effects: pd.DataFrame, benchmark: str) -> HTML:
    """Each effect and difference: a row a change and language."""
    words = comparisons.wide(effects).reset_index()
    return html.show_plain(words, f"manipulated-{benchmark}-effects", numbers=effects)
