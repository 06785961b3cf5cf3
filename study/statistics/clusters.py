"""Means over questions, their variance by article and by seed.

Questions of an article share candidates, and the queries of a question are translations of each
other: neither are independent observations, articles are.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from study.statistics.estimates import Component, Estimate, between_seeds, check_runs


class ClusteredScores:
    """Scores of a sampler's runs, gathered by article.

    Parameters
    ----------
    runs
        Question scores of each run, one a seed, NaN where a question has no query or no answer:
        :func:`hybridlib.evaluation.three_settings.question_scores`. All with the same questions,
        ``cells`` (columns) and NaN. Their means are ``by_seed``, of shape (runs, cells).
    articles
        Article of each question, by its id. Each question has one, each cell a question.
    is_trained
        Whether a seed enters. An encoder without training is one run, the same for every seed.
    """

    def __init__(
        self, runs: Sequence[pd.DataFrame], articles: pd.Series, is_trained: bool = True
    ) -> None:
        check_runs(runs, is_trained)
        present = runs[0].notna()
        for number, run in enumerate(runs):
            if not run.notna().equals(present):
                raise ValueError(f"run {number} has other questions, cells or NaN than the first")
        if not articles.index.is_unique:
            repeated = articles.index[articles.index.duplicated()][0]
            raise ValueError(f"question {repeated!r} has an article twice")
        unplaced = present.index.difference(articles.index)
        if len(unplaced):
            raise ValueError(f"{len(unplaced)} questions have no article, {unplaced[0]!r} is one")
        if not present.any().all():
            raise ValueError(f"cell {present.columns[~present.any()][0]} has no question")
        article = articles.loc[present.index].to_numpy()
        counts = present.groupby(article).sum()
        self.cells, self.is_trained, self._articles = present.columns, is_trained, counts.index
        self._counts = counts.to_numpy()  # (articles, cells)
        self.by_seed = np.stack([run.mean().to_numpy() for run in runs])
        # what each article adds to a mean: the influence function of a ratio of two sums over
        # articles; adds up to zero. Shape: (runs, articles, cells)
        shares = [(run - run.mean()).groupby(article).sum() for run in runs]
        self._influence = np.stack([share.to_numpy() for share in shares]) / self._counts.sum(0)

    def estimate(self, cells: np.ndarray, baseline: "ClusteredScores | None" = None) -> Estimate:
        """Mean over cells, or its difference from a baseline's.

        A difference is paired by article. It is not paired by seed: two samplers with one seed are
        two trainings. (Hybrid batches share some with the baselines of their seed; what their runs
        have in common for it, where it moves both alike, makes the difference steadier than it is
        taken for.)

        Parameters
        ----------
        cells
            Which cells are averaged with equal weights, or the weight of each. They hold two
            articles at least. Shape: (cells,), boolean or float.
        baseline
            Scores of the same questions in the same cells.

        Source
        ------
        Runs and articles are crossed, runs are nested in samplers: the design of reader studies
        (Obuchowski and Rockette, 1995; Hillis, 2014), a run for a reader, an article for a case.
        The runs' own variance holds the interaction of run and article, as does the variance of
        the articles' means; it is taken out of the latter so as to count once.
        """
        samplers = [self] if baseline is None else [self, baseline]
        if baseline is not None and not self._is_laid_out_as(baseline):
            raise ValueError("the baseline has other questions, articles or cells")
        num_articles = int(self._counts[:, cells != 0].any(1).sum())
        if num_articles < 2:
            raise ValueError(f"the chosen cells hold {num_articles} articles; it takes two")
        influences = [_mean(one._influence, cells) for one in samplers]  # (runs, articles)
        means = [_mean(one.by_seed, cells) for one in samplers]  # (runs,)
        differences = means[0] if baseline is None else np.subtract.outer(*means)
        total = influences[0].mean(0) - (0 if baseline is None else influences[1].mean(0))
        shared = np.sum(total**2) - sum(map(_interaction, influences))
        correction = num_articles / (num_articles - 1)
        return Estimate(
            mean=float(differences.mean()),
            articles=Component(max(0.0, float(correction * shared)), num_articles - 1),
            seeds=tuple(
                between_seeds(mean)
                for one, mean in zip(samplers, means, strict=True)
                if one.is_trained
            ),
            lowest_seed=float(differences.min()),
            highest_seed=float(differences.max()),
        )

    def _is_laid_out_as(self, other: "ClusteredScores") -> bool:
        return (
            self.cells.equals(other.cells)
            and self._articles.equals(other._articles)
            and np.array_equal(self._counts, other._counts)
        )


def _mean(values: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """Mean over the last axis, of shape (cells,)."""
    return values[..., cells].mean(-1) if cells.dtype == bool else values @ cells


def _interaction(influence: np.ndarray) -> float:
    """Variance of the mean over runs by what one run does in one article; (runs, articles)."""
    num_runs = len(influence)
    return float(influence.var(0, ddof=1).sum()) / num_runs if num_runs > 1 else 0.0
