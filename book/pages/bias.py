"""Whether an encoder prefers a language: rank distances, what comes first, other measures."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from itertools import combinations

import numpy as np
import pandas as pd
import seaborn as sns
from IPython.display import HTML
from matplotlib.figure import Figure

from book.pages.results import language_table
from book.shared import comparisons, html, tables
from book.shared.comparisons import Groups
from book.shared.figure import grid, show_figure
from book.shared.numbers import number
from book.shared.samplers import color, is_trained
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
    table = pd.DataFrame(index=pd.Index(shares, name="share of queries"))
    for name, group in by_label(place.runs).items():
        matrices = [three_settings.rank_matrix(run.ranks, "rank_in_pool") for run in group]
        distances = np.concatenate([metrics.rank_distance(matrix) for matrix in matrices])
        table[name] = np.quantile(distances, shares)
    return show_figure(
        partial(draw_curves, table),
        f"{place.name}-rank-distances",
        caption="The share of queries with at most this rank distance: further left is less bias.",
        alt="Cumulative share of queries over the rank distance on a logarithmic axis, a curve a "
        "sampler: the further left, the less bias",
        data=table.reset_index(),
    )


def draw_curves(table: pd.DataFrame, columns: int = 2) -> Figure:
    """Draw a step curve a column, over the index."""
    figure, (axis,) = grid(1, columns, 4)
    for name, values in table.items():
        axis.step(values + 1, table.index, where="post", color=color(str(name)), label=name, lw=2)
    axis.set(xscale="log", xlabel="rank distance + 1, positions", ylabel="share of queries")
    figure.legend(loc="outside lower center", ncols=columns, frameon=False)
    sns.despine(figure)
    return figure


def by_language(place: Place) -> HTML:
    """Tables 7 and 8, and how often the own language comes first."""
    return html.joined(
        language_table(place, "multilingual", "rank distance", "Rank distance", "rank-distance"),
        language_table(
            place, "multilingual", "own language first", "Own language first", "own-language"
        ),
    )


def one_query(place: Place) -> HTML:
    """The answers of a typical query, a row a sampler."""
    ranks = typical_example(place)
    return show_figure(
        partial(draw_query, ranks),
        f"{place.name}-one-query",
        caption="One query, whose rank distance is near every sampler's median: a dot an answer.",
        alt="The parallel answers of one query on a logarithmic rank axis, a row a sampler, with "
        "the rank distance of each",
        data=ranks,
    )


def draw_query(ranks: pd.DataFrame, columns: int = 2) -> Figure:
    """Draw the ranks of answers, a row a run."""
    runs = list(ranks["run"].unique())
    figure, (axis,) = grid(1, columns, 0.7 * len(runs) + 1.1)
    for row, name in enumerate(runs):
        of_run = ranks.loc[ranks["run"] == name, "rank_in_pool"].to_numpy()
        axis.plot([of_run.min(), of_run.max()], [row, row], color=color(name), lw=6, alpha=0.3)
        axis.scatter(of_run, np.full(len(of_run), row), color=color(name), s=26, zorder=3)
        axis.annotate(
            f"rank distance {number(float(of_run.max() - of_run.min()))}",
            (of_run.max(), row), xytext=(8, 8), textcoords="offset points", fontsize=9,
            ha="right" if of_run.max() > 300 else "left",
        )  # fmt: skip
    axis.set(xscale="log", yticks=range(len(runs)), yticklabels=runs, ylim=(len(runs) - 0.4, -0.7))
    axis.set_xlabel("rank in the pool of all languages")
    sns.despine(ax=axis, left=True)
    return figure


def typical_example(place: Place) -> pd.DataFrame:
    """Ranks of a typical query: in each ``run`` its rank distance is near the run's median."""
    parts = [ranks_of(of[0]).assign(run=name) for name, of in by_label(place.runs).items()]
    every = pd.concat(parts, ignore_index=True)
    ranks = every.groupby(["question", "query_language", "run"])["rank_in_pool"]
    distance = np.log1p(ranks.max() - ranks.min()).unstack("run")
    question, language = (distance - distance.median()).abs().max(axis=1).idxmin()
    chosen = (every["question"] == question) & (every["query_language"] == language)
    return every.loc[
        chosen, ["run", "question", "query_language", "candidate_language", "rank_in_pool"]
    ]


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
    """Spearman's, over three runs or more; of each measure more is turned into more preference."""
    if len(by_run) < 3:
        raise ValueError(f"a correlation takes three runs or more, got {len(by_run)}")
    signs = [-1 if name in _LESS_IS_MORE else 1 for name in MEASURES]
    return (by_run[list(MEASURES)] * signs).corr("spearman")


def preferences(place: Place) -> Groups:
    """Scores of every measure by sampler."""
    return clustered(
        by_label(place.runs),
        lambda run: three_settings.question_preferences(ranks_of(run)),
        is_trained,
    )


def by_run(groups: Groups) -> pd.DataFrame:
    """Every measure of every run: a row a sampler and seed, a column a measure."""
    rows = []
    for sampler, scores in groups.items():
        cells = {name: tables.cells(scores, *cell) for name, cell in MEASURES.items()}
        for run, means in enumerate(scores.by_seed):
            values = {name: means[chosen].mean() for name, chosen in cells.items()}
            rows.append({"sampler": sampler, "run": run} | values)
    return pd.DataFrame(rows)


def disagreements(groups: Groups) -> pd.DataFrame:
    """Pairs of samplers that two measures order differently, each with an interval without zero."""
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
    top = replace(place, benchmark=f"{place.benchmark}-top-10")
    if not top.has_runs:
        return html.paragraph("The languages of the top ten were not measured here.")
    rows = {}
    for sampler, group in by_label(top.runs).items():
        mix = pd.concat([run.scores for run in group])
        own = mix[mix["query_language"] == mix["candidate_language"]]
        times = own["top_share"] / own["pool_share"]
        rows[sampler] = times.groupby(own["query_language"]).mean()
    table = pd.DataFrame(rows).T
    table = table.assign(mean=table.mean(axis=1)).rename_axis("sampler", columns=None)
    words = table.map(partial(number, digits=1))
    return html.show_plain(words, f"{place.name}-top-ten", index=True, numbers=table.reset_index())


def content(place: Place) -> HTML:
    """What the embeddings of a benchmark's questions tell of their language."""
    questions = replace(place, benchmark=f"{place.benchmark}-questions")
    if not questions.has_runs:
        return html.paragraph(
            "What the embeddings tell of a text's language was not measured here."
        )
    cells = next(iter(questions.scores.values())).cells
    kinds = cells.droplevel(["query_language", "candidate_language"]).unique()
    measures = {metric: (of, metric) for of, metric in kinds}
    found = comparisons.estimates(questions.scores, measures)
    wide = comparisons.wide(found)
    return html.show_plain(wide, f"{place.name}-content", index=True, numbers=found)
