"""What the pages of language bias show."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from book.shared.samplers import color
from book.shared.stored_runs import Runs, by_label
from hybridlib.evaluation import metrics, three_settings


def rank_distances(runs: Runs) -> dict[str, np.ndarray]:
    """Rank distance of every query of each sampler, all seeds together. Shape: (queries,)."""
    return {
        name: np.concatenate(
            [
                metrics.rank_distance(three_settings.rank_matrix(run.ranks, "rank_in_pool"))
                for run in group
                if run.ranks is not None
            ]
        )
        for name, group in by_label(runs).items()
    }


def typical_example(runs: Runs) -> pd.DataFrame:
    """Ranks of a typical query: in each run its rank distance is near the run's median.

    Returns
    -------
    Columns ``run`` (label), ``question``, ``query_language``, ``candidate_language``,
    ``rank_in_pool``.
    """
    parts = [
        group[0].ranks.assign(run=name)
        for name, group in by_label(runs).items()
        if group[0].ranks is not None
    ]
    every = pd.concat(parts, ignore_index=True)
    ranks = every.groupby(["question", "query_language", "run"])["rank_in_pool"]
    distance = np.log1p(ranks.max() - ranks.min()).unstack("run")
    question, language = (distance - distance.median()).abs().max(axis=1).idxmin()
    chosen = (every["question"] == question) & (every["query_language"] == language)
    return every.loc[
        chosen, ["run", "question", "query_language", "candidate_language", "rank_in_pool"]
    ]


def ranking_strip(ranks: pd.DataFrame, names: Sequence[str]) -> Figure:
    """Draw one query's parallel answers in the multilingual ranking, a row a run.

    Parameters
    ----------
    ranks
        Columns ``run``, ``candidate_language``, ``rank_in_pool``, of one query.
    names
        Runs, top to bottom.
    """
    figure, axis = plt.subplots(figsize=(9, 0.7 * len(names) + 1.1))
    for row, name in enumerate(names):
        mine = ranks[ranks["run"] == name].sort_values("rank_in_pool")
        place = mine["rank_in_pool"].to_numpy()
        axis.plot([place.min(), place.max()], [row, row], color=color(name), linewidth=6, alpha=0.3)
        axis.scatter(place, np.full(len(place), row), color=color(name), s=26, zorder=3)
        axis.annotate(
            f"rank distance {place.max() - place.min():,.0f}",
            (place.max(), row),
            xytext=(8, 8),
            textcoords="offset points",
            ha="right" if place.max() > 300 else "left",
            fontsize=9,
        )
    axis.set(
        xscale="log", yticks=range(len(names)), yticklabels=names, ylim=(len(names) - 0.4, -0.7)
    )
    axis.set_xlabel("rank in the pool of all languages")
    sns.despine(ax=axis, left=True)
    figure.tight_layout()
    return figure


def spans(ranks: pd.DataFrame) -> pd.Series:
    """Rank distance of one query, as :func:`ranking_strip` draws it, by run."""
    of_run = ranks.groupby("run", sort=False)["rank_in_pool"]
    return of_run.max() - of_run.min()


def quantiles(distances: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Rank distance that so large a share of the queries does not exceed, a column a sampler."""
    shares = np.linspace(0, 1, 401)
    return pd.DataFrame(
        {name: np.quantile(values, shares) for name, values in distances.items()},
        index=pd.Index(shares, name="share of queries"),
    )


def distance_curves(table: pd.DataFrame) -> Figure:
    """Draw the share of queries whose rank distance is at most x, a curve a sampler.

    Parameters
    ----------
    table
        Of :func:`quantiles`.
    """
    figure, axis = plt.subplots(figsize=(8, 3.6))
    for name, values in table.items():
        axis.step(
            values + 1, table.index, where="post", color=color(str(name)), label=name, linewidth=2
        )
    axis.set(xscale="log", xlabel="rank distance + 1, positions", ylabel="share of queries")
    axis.legend(frameon=False)
    sns.despine(figure)
    figure.tight_layout()
    return figure
