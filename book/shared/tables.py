"""Tables of results: what was measured here, the paper's numbers, and what differs."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from book.shared import reference, samplers
from hybridlib.evaluation.three_settings import MEASURES
from study.data.registry import STREAMED_BENCHMARKS
from study.statistics.clusters import ClusteredScores
from study.statistics.equivalence import Comparison
from study.statistics.estimates import Estimate
from study.statistics.margins import PLAN

Scores = Mapping[str, ClusteredScores]

HERE, ALL, PAPER, DIFFERENCE = "here", "here, all articles", "paper", "difference"
HYBRID = samplers.of_sampler("hybrid")
BASELINES = X_X, X_Y = tuple(map(samplers.of_sampler, ("x-x", "x-y")))
DISTANCE, OWN_FIRST = "rank distance", "own language first"
HEADLINE = {name: cell for name, cell in MEASURES.items() if name != OWN_FIRST}
MIRACL_HEADLINE = {name: ("monolingual", name) for name in ("nDCG@10", "R@100")}


def headline(scores: Scores, benchmark: str, on_all: Scores | None = None) -> pd.DataFrame:
    """Tables 1 and 2: ours, ours ``on_all`` articles, as the paper's are, then the paper's.

    Index ``source`` and ``sampler``; columns of ``HEADLINE``, or on MIRACL of ``MIRACL_HEADLINE``,
    whose cells are an :class:`Estimate` in our rows and a number in the paper's, and ``seeds``.
    """
    measures = MIRACL_HEADLINE if benchmark in STREAMED_BENCHMARKS else HEADLINE
    rows = {
        (source, sampler): {
            column: one.estimate(cells(one, setting, metric))
            for column, (setting, metric) in measures.items()
        }
        | {"seeds": len(one.by_seed)}
        for source, of_source in ((HERE, scores), (ALL, on_all or {}))
        for sampler, one in of_source.items()
    }
    columns = {cell: column for column, cell in measures.items()}
    for row in reference.scores_of(benchmark, (1, 2)).itertuples():
        sampler = samplers.labels()[row.sampling]
        column = columns.get((row.setting, row.metric))
        if column:
            rows.setdefault((f"paper, {row.model}", sampler), {})[column] = row.value
    table = pd.DataFrame.from_dict(rows, orient="index")
    table.index = pd.MultiIndex.from_tuples(rows, names=["source", "sampler"])
    return table


def cells(
    scores: ClusteredScores,
    setting: str,
    metric: str,
    queries: Sequence[str] | None = None,
    candidates: Sequence[str] | None = None,
) -> np.ndarray:
    """Which cells belong to a setting and metric, and to languages. Shape: (cells,)."""
    level = scores.cells.get_level_values
    chosen = (level("setting") == setting) & (level("metric") == metric)
    if queries is not None:
        chosen &= level("query_language").isin(queries)
    if candidates is not None:
        chosen &= level("candidate_language").isin(candidates)
    return np.asarray(chosen)


def means(table: pd.DataFrame) -> pd.DataFrame:
    """The same table with each estimate as its mean."""
    return table.map(lambda value: value.mean if isinstance(value, Estimate) else value)


def compare(
    one: ClusteredScores,
    other: ClusteredScores,
    setting: str,
    metric: str,
    queries: Sequence[str] | None = None,
    candidates: Sequence[str] | None = None,
) -> Comparison:
    """One group of runs minus another in a measure, with the margin that was fixed for it."""
    chosen = cells(other, setting, metric, queries, candidates)
    difference = one.estimate(chosen, other)
    margin = PLAN.margin(metric, other.estimate(chosen).mean)
    return Comparison(difference, margin, metric in PLAN.smaller_is_better)


def cell_means(scores: Scores) -> pd.DataFrame:
    """Mean over seeds of each sampler's cells: ``sampler``, what names a cell, ``value``."""
    means = {
        sampler: pd.Series(one.by_seed.mean(axis=0), one.cells, name="value")
        for sampler, one in scores.items()
    }
    return pd.concat(means, names=["sampler"]).reset_index()


def by_language(
    scores: Scores,
    benchmark: str,
    model: str,
    setting: str,
    metric: str,
    on_all: Scores | None = None,
) -> pd.DataFrame:
    """A block of tables 3 to 8, 12 or 13: one row a language and the mean, ours and the paper's.

    Columns sampler and kind: estimates ``here`` and, with ``on_all``, ``here, all articles``, as
    the paper's are; where the paper has them, ``paper`` and ``difference``, the kind before minus
    the paper. There is no mean of ours where a language of the paper's is missing.
    """
    paper = reference.by_language(benchmark, model, setting, metric)
    columns = {}
    for sampler in scores:
        for kind, of_kind in ((HERE, scores), (ALL, on_all)) if on_all else ((HERE, scores),):
            one = of_kind[sampler]
            languages = sorted(one.cells.unique("query_language"))
            mine = {
                language: one.estimate(cells(one, setting, metric, [language]))
                for language in languages
            }
            if set(paper.index) - {"mean", "median"} <= set(languages):
                mine["mean"] = one.estimate(cells(one, setting, metric))
            columns[(sampler, kind)] = pd.Series(mine)
        name = samplers.short(sampler)
        if name in paper:
            columns[(sampler, PAPER)] = paper[name]
            ours = means(columns[(sampler, kind)].to_frame()).iloc[:, 0].astype(float)
            columns[(sampler, DIFFERENCE)] = ours - paper[name]
    every = pd.DataFrame(columns)
    last = [name for name in ("mean", "median") if name in every.index]
    return every.loc[[*every.index.difference(last), *last]].rename_axis("query language")
