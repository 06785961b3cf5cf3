"""Scores over alpha: is the middle a plateau, and which alphas lie on the front."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from book.shared.comparisons import MEASURES, MONO, Groups, against, ends, front
from book.shared.figure import name_points
from book.shared.sentences import listed
from book.shared.stored_runs import Runs, clustered
from book.shared.tables import DISTANCE
from hybridlib.training.parameters import TrainingParameters
from study.store.run import Run

MIDDLE, BEST = ("0.4", "0.6"), "0.5"
"""The range that the paper calls stable, and its best alpha."""


def groups(runs: Runs, parameters: Mapping[str, TrainingParameters]) -> Groups:
    """Scores by alpha, in its order, as text; without the untrained start."""
    by_alpha: dict[float, list[Run]] = {}
    for name, run in runs.items():
        if parameters[name].num_steps:
            by_alpha.setdefault(parameters[name].alpha, []).append(run)
    return clustered({f"{alpha:g}": by_alpha[alpha] for alpha in sorted(by_alpha)})


def against_best(by_alpha: Groups) -> pd.DataFrame:
    """Every alpha against the paper's best: columns as of :func:`comparisons.against`."""
    return against(by_alpha, [(alpha, BEST) for alpha in by_alpha if alpha != BEST])


def plateau(differences: pd.DataFrame) -> pd.Series:
    """Whether the middle is a plateau, by measure: yes, no or undecided.

    Yes if all its alphas are equivalent to the best, no if one is better or worse.
    """
    alpha = differences["one"].astype(float)
    middle = differences[alpha.between(*map(float, MIDDLE))]
    found = {}
    for measure, part in middle.groupby("measure", sort=False):
        verdicts = set(part["verdict"])
        found[measure] = "undecided"
        if verdicts & {"better", "worse"}:
            found[measure] = "no"
        elif verdicts == {"equivalent"}:
            found[measure] = "yes"
    return pd.Series(found)


def off_the_front(means: pd.DataFrame) -> list[str]:
    """Alphas that another beats in both monolingual mAP and rank distance, by the means.

    Parameters
    ----------
    means
        Of :func:`comparisons.estimates`.
    """
    points = means.pivot(index="group", columns="measure", values="mean")
    on_front = front(points)
    return [alpha for alpha in dict.fromkeys(means["group"]) if not on_front[alpha]]


def answer(means: pd.DataFrame, differences: pd.DataFrame) -> tuple[str, str]:
    """What alpha changes, and whether its middle is a plateau; which alphas are off the front."""
    first, last = means["group"].iloc[[0, -1]]
    changes = f"from α = {first} to {last}, {ends(means)}"
    return f"{changes}. {plateau_in_words(plateau(differences))}", front_in_words(means)


def plateau_in_words(stable: pd.Series) -> str:
    """What :func:`plateau` found, in a sentence."""
    by_kind = {kind: list(stable.index[stable == kind]) for kind in ("yes", "no", "undecided")}
    parts = [
        f"{kind} in {'all measures' if len(found) == len(stable) else listed(found)}"
        for kind, found in by_kind.items()
        if found
    ]
    found = "; ".join(parts)
    return f"Is α = {' to '.join(MIDDLE)} a plateau? {found[0].upper()}{found[1:]}."


def front_in_words(means: pd.DataFrame) -> str:
    """Which alphas are off the front, in a sentence."""
    off = off_the_front(means)
    beaten = f"α = {listed(off)} {'is' if len(off) == 1 else 'are'}" if off else "no α is"
    return f"By the means, {beaten} off the front of monolingual mAP and rank distance."


def draw(means: pd.DataFrame) -> Figure:
    """Draw each measure over alpha, with its interval."""
    figure, grid = plt.subplots(2, 2, figsize=(9, 6), sharex=True)
    for axis, measure in zip(grid.ravel(), MEASURES, strict=True):
        part = means[means["measure"] == measure]
        x = part["group"].astype(float)
        axis.axvspan(*map(float, MIDDLE), color="#888888", alpha=0.25, lw=0)
        axis.fill_between(x, part["low"], part["high"], color="#0072b2", alpha=0.2, linewidth=0)
        axis.plot(x, part["mean"], color="#0072b2", marker="o", ms=4)
        axis.set_title(measure)
    for axis in grid[1]:
        axis.set_xlabel("α, share of X-X batches")
    sns.despine(figure)
    figure.tight_layout()
    return figure


def draw_front(means: pd.DataFrame) -> Figure:
    """Draw rank distance over monolingual mAP, a point an alpha, the front as a line."""
    points = means.pivot(index="group", columns="measure", values="mean")
    figure, axis = plt.subplots(figsize=(6, 4))
    scatter_with_front(axis, points, ["#0072b2"] * len(points), list(points.index))
    sns.despine(figure)
    figure.tight_layout()
    return figure


def scatter_with_front(
    axis: Axes, points: pd.DataFrame, colors: Sequence[str], names: Sequence[str]
) -> None:
    """Draw points of monolingual mAP and rank distance, their names, and the front."""
    axis.scatter(points[MONO], points[DISTANCE], c=list(colors), s=30, zorder=3)
    axis.margins(0.12)
    best = points[front(points)].sort_values(MONO)
    axis.plot(best[MONO], best[DISTANCE], color="#999999", linewidth=1, zorder=2)
    axis.set(xlabel="monolingual mAP", ylabel="rank distance, positions")
    name_points(axis, points[MONO], points[DISTANCE], names)
