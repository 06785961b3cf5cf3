"""Which recipe a study takes: learning rate and length, by rule from the grid's stored runs."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from hybridlib.evaluation import three_settings
from hybridlib.training.parameters import TrainingParameters
from study.statistics import endpoints
from study.store.run import Run

SAME_TIE, TUNED_TIE = 0.002, 0.004
"""Within so much of the best mean of the three mAPs the shorter, then the lower rate is taken."""
PAPERS_RATE = 3e-5
MIN_GAIN, MOST_EXTENSIONS, MIN_SEEDS = 0.002, 2, 2
AXES = ("learning_rate", "num_steps")
MEASURES = ("Mo. mAP", "Cr. mAP", "Mul. mAP", "rank distance")
CRITERION = "mean mAP"


class Recipe(NamedTuple):
    """What the grid varies."""

    learning_rate: float
    num_steps: int


def surface(
    runs: Mapping[str, Run], planned: Mapping[str, TrainingParameters], min_seeds: int = MIN_SEEDS
) -> pd.DataFrame:
    """Scores of every training of a grid on development, a row each.

    ``runs`` are evaluations by name, ``planned`` the parameters of every run of the grid. A missing
    run is an error, as are fewer than ``min_seeds`` of a sampler's rate and length. Columns
    ``sampler``, those of :data:`AXES`, ``seed``, those of :data:`MEASURES`, and :data:`CRITERION`.
    """
    trainings = {name: one for name, one in planned.items() if one.num_steps}
    if missing := [name for name in trainings if name not in runs]:
        raise ValueError(f"{len(missing)} runs of the grid are missing, {missing[0]} first")
    rows = []
    for name, one in trainings.items():
        means = three_settings.summarize(runs[name].scores).set_index(["setting", "metric"])
        row = {column: getattr(one, column) for column in ("sampler", *AXES, "seed")}
        rows.append(row | {name: means["value"][endpoints.MEASURES[name][0]] for name in MEASURES})
    table = pd.DataFrame(rows)
    seeds = table.groupby(["sampler", *AXES])["seed"].nunique()
    if (seeds < min_seeds).any():
        raise ValueError(f"{seeds.idxmin()} has {seeds.min()} seeds, it takes {min_seeds}")
    maps = [column for column in MEASURES if column.endswith("mAP")]
    return table.assign(**{CRITERION: table[maps].mean(axis=1)})


def same_recipe(table: pd.DataFrame) -> Recipe:
    """Way 1: the best mean over the samplers, each weighing the same; the shorter within a tie."""
    return _best(_means(table), SAME_TIE)


def tuned_each(table: pd.DataFrame) -> dict[str, Recipe]:
    """Way 2: each sampler's own best, the shorter within a tie."""
    return {
        str(sampler): _best(_means(part), TUNED_TIE)
        for sampler, part in table.groupby("sampler", sort=False)
    }


def papers(logs: Mapping[str, Run], planned: Mapping[str, TrainingParameters]) -> dict[str, Recipe]:
    """Way 3: the paper's rate, and the length with the lowest English validation loss over seeds.

    ``logs`` are trainings, ``planned`` the parameters of every run of the grid, by name.
    """
    lengths = sorted({one.num_steps for one in planned.values() if one.num_steps})
    losses: dict[str, list[pd.Series]] = {}
    for name, one in planned.items():
        if one.learning_rate == PAPERS_RATE and one.num_steps == lengths[-1]:
            log = logs[name].scores.set_index("step")["validation_loss"]
            losses.setdefault(one.sampler, []).append(log.loc[lengths].astype(float))
    return {
        sampler: Recipe(PAPERS_RATE, int(pd.concat(of_seeds, axis=1).mean(axis=1).idxmin()))
        for sampler, of_seeds in losses.items()
    }


def to_extend(table: pd.DataFrame, first: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Values that the grid must still try, by axis: its best cell lies at an edge.

    An axis is extended twice at most beyond its ``first`` values, and no more where the last
    extension gained too little: by a rate of the series 1, 3, 10, by half or twice a length.
    """
    means = _means(table)
    best = pd.Series(means.idxmax(), index=AXES)
    found = {}
    for axis in AXES:
        values = means.index.get_level_values(axis)
        for edge, is_beyond, factor in (
            (values.min(), values < min(first[axis]), -1),
            (values.max(), values > max(first[axis]), 1),
        ):
            tried = len(set(values[is_beyond]))
            gain = means.max() - means[values != edge].max()
            is_worth_it = not tried or gain >= MIN_GAIN
            if best[axis] == edge and tried < MOST_EXTENSIONS and is_worth_it:
                found[axis] = _next(axis, edge, factor)
    return found


def _next(axis: str, edge: float, sign: int) -> float:
    if axis == "num_steps":
        return edge * 2.0**sign
    exponent = round(2 * np.log10(edge)) + sign  # 1, 3, 10 ... are half powers of ten
    return float(f"{10 ** (exponent / 2):.0e}")


def _means(table: pd.DataFrame) -> pd.Series:
    """Mean of each cell over seeds, then samplers."""
    by_sampler = table.groupby([*AXES, "sampler"])[CRITERION].mean()
    return by_sampler.groupby(level=list(AXES)).mean()


def _best(means: pd.Series, tie: float) -> Recipe:
    near = means[means >= means.max() - tie].index
    rate, steps = min(near, key=lambda cell: (cell[1], cell[0]))
    return Recipe(float(rate), int(steps))
