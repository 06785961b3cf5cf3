"""Means over questions, their variance by article and by seed.

Questions of an article share candidates, and the queries of a question are translations of each
other: neither are independent observations, articles are.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from study.statistics.estimates import Estimate, check_runs, crossed


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
        two trainings, taken for independent.

        ``cells``, of shape (cells,), are booleans, which to average with equal weights, or the
        weight of each. They hold two articles at least. A ``baseline`` has the same questions and
        cells.
        """
        if baseline is not None and not (
            self.cells.equals(baseline.cells)
            and self._articles.equals(baseline._articles)
            and np.array_equal(self._counts, baseline._counts)
        ):
            raise ValueError("the baseline has other questions, articles or cells")
        num_articles = int(self._counts[:, cells != 0].any(1).sum())
        if num_articles < 2:
            raise ValueError(f"the chosen cells hold {num_articles} articles; it takes two")
        samplers = [(1, self)] if baseline is None else [(1, self), (-1, baseline)]
        return crossed(
            [sign * _mean(one.by_seed, cells) for sign, one in samplers],
            [sign * _mean(one._influence, cells) for sign, one in samplers],
            [one.is_trained for _, one in samplers],
            num_articles,
            num_articles / (num_articles - 1),
        )


def _mean(values: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """Mean over the last axis, of shape (cells,)."""
    return values[..., cells].mean(-1) if cells.dtype == bool else values @ cells
