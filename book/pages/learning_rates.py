"""Which learning rate each sampler takes, by the rule that was fixed before: see the profile."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from book.shared.samplers import label, short
from book.shared.sentences import listed
from book.shared.stored_runs import SETTINGS, Runs
from book.shared.tables import DISTANCE
from hybridlib.evaluation import three_settings
from hybridlib.training.parameters import TrainingParameters

CRITERION = "mean of the three"
CHOSEN, EDGE = "chosen", "chosen, at the edge of the grid"


def mean_average_precision(runs: Runs) -> pd.DataFrame:
    """Mean mAP of each run in the three settings, and the mean of the three.

    Returns
    -------
    The index holds the runs' names; columns ``Mo. mAP``, ``Cr. mAP``, ``Mul. mAP`` and
    :data:`CRITERION`.
    """
    rows = {}
    for name, run in runs.items():
        means = three_settings.summarize(run.scores).set_index(["setting", "metric"])["value"]
        rows[name] = {f"{short} mAP": means[setting, "mAP"] for setting, short in SETTINGS}
    table = pd.DataFrame(rows).T
    return table.assign(**{CRITERION: table.mean(axis=1)})


def rates_tried(runs: Runs, parameters: Mapping[str, TrainingParameters]) -> pd.DataFrame:
    """Every sampler's learning rates with their scores on the hold-out, and which is chosen.

    Returns
    -------
    Columns ``sampler``, ``learning rate``, those of :func:`mean_average_precision` and ``verdict``:
    ``chosen``, also where it is at the edge of the grid, or empty.
    """
    table = mean_average_precision(runs)
    trained = [name for name in table.index if parameters[name].num_steps]
    table = table.loc[trained]
    table.insert(0, "sampler", [label(name) for name in trained])
    table.insert(1, "learning rate", [parameters[name].learning_rate for name in trained])
    table["verdict"] = ""
    for _, group in table.groupby("sampler", sort=False):
        rates = group["learning rate"]
        best = group[CRITERION].idxmax()
        is_inside = rates.min() < rates[best] < rates.max()
        table.loc[best, "verdict"] = CHOSEN if is_inside else EDGE
    order = table["sampler"].map(list(dict.fromkeys(table["sampler"])).index)
    rows = np.lexsort((table["learning rate"], order))
    return table.iloc[rows].reset_index(drop=True)


def written(table: pd.DataFrame) -> pd.DataFrame:
    """A table with its learning rates in words, where a table's three digits would say 0.000."""
    return table.assign(**{"learning rate": table["learning rate"].map("{:g}".format)})


def by_rate(runs: Runs, parameters: Mapping[str, TrainingParameters]) -> pd.DataFrame:
    """Every sampler at every learning rate on a benchmark, by rate.

    Returns
    -------
    Columns ``learning rate``, ``sampler``, ``Mo. mAP``, ``Cr. mAP``, ``Mul. mAP`` and
    ``rank distance``.
    """
    table = mean_average_precision(runs).drop(columns=CRITERION)
    trained = [name for name in table.index if parameters[name].num_steps]
    table = table.loc[trained]
    table.insert(0, "learning rate", [parameters[name].learning_rate for name in trained])
    table.insert(1, "sampler", [label(name) for name in trained])
    for name in trained:
        means = three_settings.summarize(runs[name].scores).set_index(["setting", "metric"])
        table.loc[name, DISTANCE] = means.loc[("multilingual", DISTANCE), "value"]
    return table.sort_values("learning rate", kind="stable", ignore_index=True)


def answer(tried: pd.DataFrame) -> str:
    """The chosen rates in a sentence."""
    chosen = tried[tried["verdict"] != ""]
    parts = [
        f"{rate:g} for {listed(list(map(short, group['sampler'])))}"
        for rate, group in chosen.groupby("learning rate", sort=True)
    ]
    at_edge = chosen.loc[chosen["verdict"] == EDGE, "sampler"]
    inside = "None is at an edge of its grid."
    edges = f"At an edge of the grid: {', '.join(at_edge)}." if len(at_edge) else inside
    found = f"The hold-out chooses {'; '.join(parts)}. {edges}"
    leads = tried.groupby("sampler", sort=False)[CRITERION].agg(_lead).dropna()
    if leads.empty:
        return found
    return (
        f"{found} The smallest lead over the next is {leads.min():.4f}, that of {leads.idxmin()}."
    )


def _lead(scores: pd.Series) -> float:
    """Of the best over the next; a rate alone has none."""
    best = scores.nlargest(2)
    return best.iloc[0] - best.iloc[1] if len(best) > 1 else np.nan


def first_at_each_rate(by_rate: pd.DataFrame) -> str:
    """Who is first over all languages at once where all have one rate, in a sentence."""
    best = by_rate.loc[by_rate.groupby("learning rate")["Mul. mAP"].idxmax()]
    firsts = [f"{row['sampler']} at {row['learning rate']:g}" for _, row in best.iterrows()]
    return f"At one rate for all, first over all languages at once: {', '.join(firsts)}."
