"""Intervals and tests, clustered by question and over seeds.

The queries of a question are translations of each other, so they are no independent observations:
a resample draws whole questions, with all their languages, and whole training runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Estimate:
    """A mean with its 95 % interval and the spread of its seeds.

    ``lowest_seed`` and ``highest_seed`` are means of single seeds. All are in the metric's unit.
    """

    mean: float
    low: float
    high: float
    lowest_seed: float
    highest_seed: float


class Resamples:
    """Means over the questions and seeds of one sampler, and over their resamples.

    Parameters
    ----------
    seeds
        Question scores of each seed, all with the same questions and cells
        (:func:`hybridlib.evaluation.three_settings.question_scores`).
    num_resamples
        Bootstrap resamples.
    seed
        Of the draws. Two samplers with the same questions, number of seeds and ``seed`` meet the
        same draws, so that their difference is paired.

    Raises
    ------
    ValueError
        If there is no seed, or the seeds differ in questions or cells.

    Source
    ------
    Cluster bootstrap, percentile interval: Cameron, Gelbach and Miller (2008); seeds as a second
    level, Bouthillier et al. (2021).
    """

    def __init__(
        self, seeds: Sequence[pd.DataFrame], num_resamples: int = 1000, seed: int = 0
    ) -> None:
        if not seeds:
            raise ValueError("there is no seed to resample")
        first = seeds[0]
        for number, other in enumerate(seeds):
            if not (first.index.equals(other.index) and first.columns.equals(other.columns)):
                raise ValueError(f"seed {number} has other questions or cells than the first")
        self.cells = first.columns
        rng = np.random.default_rng(seed)
        num_questions = len(first)
        # how often each question and each seed was drawn; shapes (resamples, questions or seeds)
        drawn = _draw(rng, num_questions, num_resamples)
        seeds_drawn = _draw(rng, len(seeds), num_resamples)
        present = first.notna().to_numpy()
        counts = drawn @ present  # (resamples, cells)
        self.by_seed = np.stack([table.mean().to_numpy() for table in seeds])  # (seeds, cells)
        self.cell_means = np.zeros((num_resamples, len(self.cells)))
        with np.errstate(invalid="ignore"):
            for number, table in enumerate(seeds):
                share = seeds_drawn[:, number, None] / len(seeds)
                self.cell_means += share * (drawn @ table.fillna(0).to_numpy()) / counts

    def estimate(self, cells: np.ndarray, baseline: "Resamples | None" = None) -> Estimate:
        """Macro mean over cells, or its difference from a baseline's.

        Parameters
        ----------
        cells
            Which cells are averaged, each with equal weight. Shape: (cells,), boolean.
        baseline
            Resamples over the same questions.
        """
        resampled = self.cell_means[:, cells].mean(1)
        by_seed = self.by_seed[:, cells].mean(1)
        if baseline is not None:
            resampled = resampled - baseline.cell_means[:, cells].mean(1)
            paired = len(by_seed) == len(baseline.by_seed)
            other = baseline.by_seed[:, cells].mean(1)
            by_seed = by_seed - (other if paired else other.mean())
        low, high = np.nanpercentile(resampled, [2.5, 97.5])
        values = (by_seed.mean(), low, high, by_seed.min(), by_seed.max())
        return Estimate(*map(float, values))


def _draw(rng: np.random.Generator, count: int, num_resamples: int) -> np.ndarray:
    return rng.multinomial(count, np.full(count, 1 / count), num_resamples).astype(np.float64)
