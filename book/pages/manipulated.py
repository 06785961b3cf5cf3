"""What taking a language away, or adding one, does under each sampler."""

from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from IPython.display import HTML
from matplotlib.figure import Figure

from book.shared import comparisons, html, stored_runs
from book.shared.figure import show_figure
from book.shared.samplers import baselines_with_runs, color, labels
from hybridlib.training.parameters import TrainingParameters
from study.analysis.manipulation import KINDS, Counts, effect, with_runs
from study.analysis.pair_counts import PairCounts, pair_counts
from study.runs.profile import load_profile
from study.store.runs import Store

_MEAN = "mean"


def counts(store: Store, profiles: str, benchmark: str) -> Counts:
    """Count what the runs of each corpus and sampler found; profiles are joined by commas.

    A corpus and sampler that lacks a seed of its profile is left out.

    Raises
    ------
    FileNotFoundError
        If no profile has all seeds of a corpus and sampler on the benchmark.
    ValueError
        If runs differ in more than corpus, sampler and seed, or two are alike.
    """
    found: dict[tuple[str, str], list[PairCounts]] = {}
    kept: dict[TrainingParameters, str] = {}
    for profile in profiles.split(","):
        folder = store.folder(profile, benchmark)
        runs = stored_runs.runs(store, profile, benchmark) if folder.is_dir() else {}
        groups: dict[tuple[str, str], dict[str, TrainingParameters]] = {}
        for name, own in load_profile(profile).runs().items():
            if own.num_steps:
                groups.setdefault((own.corpus, own.sampler), {})[name] = own
        for key, group in groups.items():
            if not set(group) <= set(runs):
                continue  # without a seed it is no match for the others
            for name, own in group.items():
                place = f"{profile}/{name}"
                if own in kept:
                    raise ValueError(f"{place} and {kept[own]} are the same training")
                kept[own] = place
                found.setdefault(key, []).append(pair_counts(runs[name].ranks))
    if not found:
        raise FileNotFoundError(f"no run of {profiles} on {benchmark} is stored")
    usual = TrainingParameters()
    same = {
        replace(one, corpus=usual.corpus, sampler=usual.sampler, seed=usual.seed) for one in kept
    }
    if len(same) > 1:
        raise ValueError(f"runs of {profiles} differ in more than corpus, sampler and seed")
    return found


def effects(counts: Counts, sampler: str, baselines: str, kind: str) -> pd.DataFrame:
    """What each change does to a sampler, to some others, and to it more than to them.

    Parameters
    ----------
    counts
        Of :func:`counts`.
    sampler, baselines
        Names; the baselines joined by commas.
    kind
        Of distance.

    Returns
    -------
    One row a language, or the ``mean`` of several, and contrast, named by ``measure``: ``change``,
    ``language``, ``distance`` to the nearest language of training, ``mean``, ``low``, ``high``.

    Raises
    ------
    ValueError
        If a sampler has no run, or of no change all runs are there.
    """
    names = baselines_with_runs(sampler, baselines, (name for _, name in counts))
    title = labels()
    contrasts = {title[name]: {name: 1.0} for name in (sampler, *names)}
    contrasts |= {f"minus {title[name]}": {sampler: 1.0, name: -1.0} for name in names}
    rows = []
    for change in KINDS:
        changes = with_runs(counts, change, (sampler, *names))
        groups = [[one] for one in sorted(changes, key=lambda one: one.distance(kind))]
        for group in [*groups, changes] if len(groups) > 1 else groups:
            row = {"change": change, "language": _MEAN, "distance": np.nan}
            if len(group) == 1:
                row |= {"language": group[0].language, "distance": group[0].distance(kind)}
            for contrast, weights in contrasts.items():
                found = comparisons.interval(effect(counts, group, weights))
                rows.append(row | {"measure": contrast} | found)
    if not rows:
        raise ValueError(
            f"of no change all runs are there: {', '.join(map(' '.join, sorted(counts)))}"
        )
    return pd.DataFrame(rows)


def figure(effects: pd.DataFrame, sampler: str, benchmark: str) -> HTML:
    """Draw each language's difference, a panel a change."""
    return show_figure(
        draw(effects, sampler),
        f"manipulated-{benchmark}",
        caption="Below zero what is changed is worth less under the sampler than under the other; "
        "lines are intervals, dotted lines the means. Points of a panel share runs.",
        alt="A panel a change: for each language, nearest first, the difference of the effects on "
        "two samplers with its interval; dotted lines are the means",
        data=effects,
    )


def draw(effects: pd.DataFrame, sampler: str) -> Figure:
    """Draw each language's difference, nearest first; the mean is a dotted line."""
    table = effects[effects["measure"].str.startswith("minus ")]
    panels = list(table.groupby("change", sort=False))
    figure, axes = plt.subplots(
        1, len(panels), figsize=(9, 3.6), squeeze=False, sharey=True, layout="constrained"
    )
    for axis, (change, part) in zip(axes[0], panels, strict=True):
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
    axes[0, 0].set_ylabel(f"effect on {labels()[sampler]} minus other, logits")
    legend = axes[0, 0].get_legend_handles_labels()
    figure.legend(*legend, loc="outside lower center", ncols=2, frameon=False)
    sns.despine(figure)
    return figure


def numbers(effects: pd.DataFrame, benchmark: str) -> HTML:
    """Each effect and difference: a row a change and language."""
    words = comparisons.wide(effects).reset_index()
    return html.show_plain(words, f"manipulated-{benchmark}-effects", numbers=effects)
