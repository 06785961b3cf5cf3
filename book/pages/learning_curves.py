"""Scores over the length of training: does the order of the samplers depend on it."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from book.shared.samplers import color, label, short
from book.shared.sentences import WHERE, listed
from book.shared.stored_runs import SETTINGS, Runs
from hybridlib.evaluation import three_settings
from hybridlib.training.parameters import TrainingParameters

DISTANCE = "rank distance"
MEASURES = [f"{words} mAP" for _, words in SETTINGS] + [DISTANCE]


def curve(runs: Runs, parameters: Mapping[str, TrainingParameters]) -> pd.DataFrame:
    """Scores of every run by its number of steps; the untrained start stands at step 0 of each.

    Returns
    -------
    Columns ``sampler``, ``seed``, ``steps`` and :data:`MEASURES`.
    """
    rows = []
    for name, run in runs.items():
        means = three_settings.summarize(run.scores).set_index(["setting", "metric"])["value"]
        row = {f"{words} mAP": means[setting, "mAP"] for setting, words in SETTINGS}
        row[DISTANCE] = means["multilingual", DISTANCE]
        settings = parameters[name]
        rows.append(
            {"sampler": label(name), "seed": settings.seed, "steps": settings.num_steps} | row
        )
    table = pd.DataFrame(rows)
    start = table[table["steps"] == 0]
    trained = table[table["steps"] > 0].sort_values(["sampler", "seed", "steps"], kind="stable")
    begun = [start.assign(sampler=name) for name in dict.fromkeys(trained["sampler"])]
    return pd.concat([*begun, trained], ignore_index=True)


def rates(parameters: Mapping[str, TrainingParameters]) -> pd.DataFrame:
    """Learning rate of each sampler. Columns ``sampler`` and ``learning rate``."""
    trained = {label(name): one.learning_rate for name, one in parameters.items() if one.num_steps}
    return pd.DataFrame(trained.items(), columns=["sampler", "learning rate"])


def means_by_steps(curve: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Mean over seeds: a row a number of steps, a column a sampler."""
    means = curve.groupby(["steps", "sampler"], sort=False)[measure].mean().unstack("sampler")
    return means.sort_index()


def order_by_steps(curve: pd.DataFrame, measure: str) -> pd.Series:
    """Samplers from best to worst at each number of steps, by the means over seeds."""
    means = means_by_steps(curve, measure).dropna()
    ascending = measure == DISTANCE
    return means.loc[means.index > 0].apply(
        lambda row: " before ".join(
            short(name) for name in row.sort_values(ascending=ascending).index
        ),
        axis=1,
    )


def answer(curve: pd.DataFrame) -> tuple[str, str]:
    """Where the order changes with the length of training, and a sentence a measure."""
    parts = []
    kept: dict[bool, list[str]] = {True: [], False: []}
    for measure in MEASURES:
        orders = order_by_steps(curve, measure)
        first, last = orders.iloc[0], orders.iloc[-1]
        is_same = len(set(orders)) == 1
        kept[is_same].append(WHERE[measure])
        when = "at every length" if is_same else f"after {orders.index[0]} steps"
        then = "" if is_same else f", {last} after {orders.index[-1]}"
        parts.append(f"{measure[0].upper()}{measure[1:]}: {first} {when}{then}.")
    seeds = curve.loc[curve["steps"] > 0, "seed"].nunique()
    words = {True: "is the same at every length {}", False: "changes with the length {}"}
    found = [text.format(listed(kept[key])) for key, text in words.items() if kept[key]]
    headline = f"by the means of {seeds} seeds the samplers' order {', and '.join(found)}."
    return headline, " ".join(parts)


def rates_in_words(rates: pd.DataFrame) -> str:
    """The learning rates of :func:`rates`, and that they can make an order; empty for one rate."""
    by_rate = rates["sampler"].map(short).groupby(rates["learning rate"]).agg(list).map(listed)
    if len(by_rate) < 2:
        return ""
    found = "; ".join(f"{rate:g} for {names}" for rate, names in by_rate.items())
    return f" The samplers have different learning rates ({found}), so an order may be the rates'."


def best_lengths(curve: pd.DataFrame, held_out: pd.DataFrame, benchmark: str) -> str:
    """After how many steps the mean of the three mAPs is best, here and there, in a sentence."""
    parts = []
    for place, table in ("the hold-out", held_out), (benchmark, curve):
        mean = table.assign(mean=table[MEASURES[:3]].mean(axis=1))
        best = means_by_steps(mean, "mean").idxmax()
        lengths = [
            f"{steps} for {listed([*map(short, names.index)])}"
            for steps, names in best.groupby(best, sort=True)
        ]
        parts.append(f"on {place} after {'; '.join(lengths)}")
    return f"The mean of the three mAPs is best {', '.join(parts)} (steps, means over seeds)."


def draw(curve: pd.DataFrame) -> Figure:
    """Draw each measure over the steps: a line a sampler and seed."""
    figure, grid = plt.subplots(2, 2, figsize=(9, 6), sharex=True, layout="constrained")
    for axis, measure in zip(grid.ravel(), MEASURES, strict=True):
        for (sampler, seed), part in curve[curve["steps"] > 0].groupby(["sampler", "seed"]):
            axis.plot(
                part["steps"], part[measure], color=color(sampler), marker="o", ms=4,
                label=sampler if seed == 0 else None,
            )  # fmt: skip
        axis.set(title=measure, xscale="log")
        axis.set_xticks(sorted(set(curve["steps"]) - {0}))
        axis.xaxis.set_major_formatter("{x:.0f}")
        axis.minorticks_off()
    for axis in grid[1]:
        axis.set_xlabel("steps")
    handles, names = grid[0, 0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=len(names), frameon=False)
    sns.despine(figure)
    return figure
