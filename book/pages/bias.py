"""Whether an encoder prefers a language: rank distances, what comes first, other measures."""

from collections.abc import Mapping
from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from IPython.display import HTML
from matplotlib.figure import Figure

from book.pages.results import model
from book.shared import comparisons, html, stored_runs, tables
from book.shared.comparisons import Groups
from book.shared.figure import show_figure
from book.shared.numbers import number
from book.shared.samplers import color
from book.shared.stored_runs import Place, by_label, clustered, ranks_of
from hybridlib.evaluation import metrics, three_settings

MEASURES: Mapping[str, tuple[str, str]] = {
    name: ("multilingual", name)
    for name in ("rank distance", "own language first", "language preference rate", "TLR@20")
}
_LESS_IS_MORE = ("TLR@20",)  # recall in other languages: less of it is more preference


def curves(place: Place) -> HTML:
    """Draw the share of queries whose rank distance is at most x, a curve a sampler."""
    shares = np.linspace(0, 1, 401)
    table = pd.DataFrame(
        {name: np.quantile(of_run, shares) for name, of_run in rank_distances(place).items()},
        index=pd.Index(shares, name="share of queries"),
    )
    figure, axis = plt.subplots(figsize=(8, 3.6), layout="constrained")
    for name, values in table.items():
        axis.step(values + 1, shares, where="post", color=color(str(name)), label=name, lw=2)
    axis.set(xscale="log", xlabel="rank distance + 1, positions", ylabel="share of queries")
    axis.legend(frameon=False)
    sns.despine(figure)
    return show_figure(
        figure,
        f"{place.name}-rank-distances",
        caption="The share of queries with at most this rank distance: further left is less bias.",
        alt="Cumulative share of queries over the rank distance on a logarithmic axis, a curve a "
        "sampler: the further left, the less bias",
        data=table.reset_index(),
    )


def rank_distances(place: Place) -> dict[str, np.ndarray]:
    """Rank distance of every query of each sampler, all seeds together. Shape: (queries,)."""
    return {
        name: np.concatenate(
            [
                metrics.rank_distance(three_settings.rank_matrix(run.ranks, "rank_in_pool"))
                for run in group
            ]
        )
        for name, group in by_label(place.runs).items()
    }


def by_language(place: Place) -> HTML:
    """Tables 7 and 8, and how often the own language comes first."""
    parts = []
    for metric, name in (
        (tables.DISTANCE, "rank-distance"),
        ("own language first", "own-language"),
    ):
        rows = tables.by_language(
            place.scores,
            place.benchmark,
            model(place),
            "multilingual",
            metric,
            place.scores_on_all,
        )
        parts.append(html.heading(metric.capitalize()))
        parts.append(html.show_by_language(rows, f"{place.name}-{name}", metric))
    return html.joined(*parts)


def one_query(place: Place) -> HTML:
    """Draw the answers of a typical query, a row a sampler."""
    example = typical_example(place)
    return show_figure(
        draw_example(example),
        f"{place.name}-one-query",
        caption="One query, whose rank distance is near every sampler's median: a dot an answer.",
        alt="The parallel answers of one query on a logarithmic rank axis, a row a sampler, with "
        "the rank distance of each",
        data=example,
    )


def typical_example(place: Place) -> pd.DataFrame:
    """Ranks of a typical query: in each run its rank distance is near the run's median.

    Returns
    -------
    Columns ``run`` (label), ``question``, ``query_language``, ``candidate_language``,
    ``rank_in_pool``.
    """
    parts = [ranks_of(of[0]).assign(run=name) for name, of in by_label(place.runs).items()]
    every = pd.concat(parts, ignore_index=True)
    ranks = every.groupby(["question", "query_language", "run"])["rank_in_pool"]
    distance = np.log1p(ranks.max() - ranks.min()).unstack("run")
    question, language = (distance - distance.median()).abs().max(axis=1).idxmin()
    chosen = (every["question"] == question) & (every["query_language"] == language)
    return every.loc[
        chosen, ["run", "question", "query_language", "candidate_language", "rank_in_pool"]
    ]


def draw_example(ranks: pd.DataFrame) -> Figure:
    """Draw one query's parallel answers in the multilingual ranking."""
    runs = list(ranks["run"].unique())
    figure, axis = plt.subplots(figsize=(9, 0.7 * len(runs) + 1.1), layout="constrained")
    for row, name in enumerate(runs):
        place = ranks.loc[ranks["run"] == name, "rank_in_pool"].to_numpy()
        axis.plot([place.min(), place.max()], [row, row], color=color(name), lw=6, alpha=0.3)
        axis.scatter(place, np.full(len(place), row), color=color(name), s=26, zorder=3)
        axis.annotate(
            f"rank distance {number(float(place.max() - place.min()))}",
            (place.max(), row), xytext=(8, 8), textcoords="offset points", fontsize=9,
            ha="right" if place.max() > 300 else "left",
        )  # fmt: skip
    axis.set(xscale="log", yticks=range(len(runs)), yticklabels=runs, ylim=(len(runs) - 0.4, -0.7))
    axis.set_xlabel("rank in the pool of all languages")
    sns.despine(ax=axis, left=True)
    return figure


def measures(place: Place) -> HTML:
    """Four measures of preference, how they agree over runs, and which pairs they order apart."""
    groups = preferences(place)
    means, name = comparisons.estimates(groups, MEASURES), f"{place.name}-preference"
    parts = [html.show_plain(comparisons.wide(means), name, index=True, numbers=means)]
    table, apart = correlations(by_run(groups)), disagreements(groups)
    parts.append(html.show_plain(table, f"{place.name}-correlations", index=True))
    if len(apart):
        parts.append(html.show_plain(apart, f"{place.name}-disagreements"))
    return html.joined(*parts)


def correlations(by_run: pd.DataFrame) -> pd.DataFrame:
    """Rank correlations (Spearman) over runs, each measure turned so that more is more preference.

    Raises
    ------
    ValueError
        If there are fewer than three runs.
    """
    if len(by_run) < 3:
        raise ValueError(f"a correlation takes three runs or more, got {len(by_run)}")
    signs = [-1 if name in _LESS_IS_MORE else 1 for name in MEASURES]
    return (by_run[list(MEASURES)] * signs).corr("spearman")


def preferences(place: Place) -> Groups:
    """Scores of every measure by sampler."""
    return clustered(
        by_label(place.runs), lambda run: three_settings.question_preferences(ranks_of(run))
    )


def by_run(groups: Groups) -> pd.DataFrame:
    """Every measure of every run: a row a sampler and seed, a column a measure."""
    rows = []
    for sampler, scores in groups.items():
        for run, means in enumerate(scores.by_seed):
            values = {
                name: float(means[tables.cells(scores, *cell)].mean())
                for name, cell in MEASURES.items()
            }
            rows.append({"sampler": sampler, "run": run} | values)
    return pd.DataFrame(rows)


def disagreements(groups: Groups) -> pd.DataFrame:
    """Pairs of samplers that two measures order differently, each with an interval without zero.

    Returns
    -------
    Columns ``one``, ``other`` (samplers), ``more preference by`` and ``less preference by``
    (measures, of the first sampler).
    """
    rows = []
    for one, other in combinations(groups, 2):
        signs = {}
        for name, cell in MEASURES.items():
            chosen = tables.cells(groups[one], *cell)
            difference = groups[one].estimate(chosen, groups[other])
            if difference.low > 0 or difference.high < 0:
                signs[name] = np.sign(difference.mean) * (-1 if name in _LESS_IS_MORE else 1)
        more = [name for name, sign in signs.items() if sign > 0]
        less = [name for name, sign in signs.items() if sign < 0]
        if more and less:
            rows.append((one, other, ", ".join(more), ", ".join(less)))
    columns = ["one", "other", "more preference by", "less preference by"]
    return pd.DataFrame(rows, columns=columns)


def top_ten(place: Place) -> HTML:
    """How many times its share of the pool the query's own language has in the top ten."""
    kind = f"{place.benchmark}-top-10"
    if not place.store.folder(place.profile, kind).is_dir():
        return html.paragraph("The languages of the top ten were not measured here.")
    rows = {}
    for sampler, group in by_label(stored_runs.runs(place.store, place.profile, kind)).items():
        mix = pd.concat([run.scores for run in group])
        own = mix[mix["query_language"] == mix["candidate_language"]]
        times = own["top_share"] / own["pool_share"]
        rows[sampler] = times.groupby(own["query_language"]).mean()
    table = pd.DataFrame(rows).T
    table = table.assign(mean=table.mean(axis=1)).rename_axis(columns=None)
    return html.show_plain(table, f"{place.name}-top-ten", index=True)


def content(place: Place) -> HTML:
    """What the embeddings of a benchmark's questions tell of their language."""
    kind = f"{place.benchmark}-questions"
    if not place.store.folder(place.profile, kind).is_dir():
        return html.paragraph(
            "What the embeddings tell of a text's language was not measured here."
        )
    groups = stored_runs.scores(stored_runs.runs(place.store, place.profile, kind))
    cells = next(iter(groups.values())).cells.droplevel(["query_language", "candidate_language"])
    found = comparisons.estimates(groups, {metric: (of, metric) for of, metric in cells.unique()})
    wide = comparisons.wide(found)
    return html.show_plain(wide, f"{place.name}-content", index=True, numbers=found)
