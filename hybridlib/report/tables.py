"""Tables of results: what was measured here, the paper's numbers, and what differs."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from hybridlib.data.registry import STREAMED_BENCHMARKS
from hybridlib.report import reference, samplers
from hybridlib.statistics.intervals import Estimate, Resamples

Resampled = Mapping[str, Resamples]

HERE, PAPER, DIFFERENCE = "here", "paper", "difference"
HYBRID = "Hybrid, α = 0.5"
DISTANCE = "rank distance"
HEADLINE = {  # column: (setting, metric)
    "Mo. mAP": ("monolingual", "mAP"),
    "Cr. mAP": ("cross-lingual", "mAP"),
    "Mul. mAP": ("multilingual", "mAP"),
    DISTANCE: ("multilingual", DISTANCE),
}
MIRACL_HEADLINE = {name: ("monolingual", name) for name in ("nDCG@10", "R@100")}
SMALLER_IS_BETTER = (DISTANCE, "own language first")


def headline(resampled: Resampled, benchmark: str) -> pd.DataFrame:
    """Tables 1 and 2: ours, then the paper's, one row a sampler.

    Returns
    -------
    Index ``source`` and ``sampler``; columns of ``HEADLINE``, or on MIRACL of ``MIRACL_HEADLINE``,
    whose cells are an :class:`Estimate` in our rows and a number in the paper's, and ``seeds``.
    """
    measures = headline_cells(benchmark)
    rows = {
        (HERE, sampler): {
            column: resamples.estimate(cells(resamples, setting, metric))
            for column, (setting, metric) in measures.items()
        }
        | {"seeds": len(resamples.by_seed)}
        for sampler, resamples in resampled.items()
    }
    columns = {cell: column for column, cell in measures.items()}
    for row in reference.headline(benchmark).itertuples():
        sampler = samplers.labels()[row.sampler]
        column = columns.get((row.setting, row.metric))
        if column:
            rows.setdefault((f"paper, {row.model}", sampler), {})[column] = row.value
    table = pd.DataFrame.from_dict(rows, orient="index")
    table.index = pd.MultiIndex.from_tuples(rows, names=["source", "sampler"])
    return table


def headline_cells(benchmark: str) -> Mapping[str, tuple[str, str]]:
    """Setting and metric of each column of a benchmark's headline table."""
    return MIRACL_HEADLINE if benchmark in STREAMED_BENCHMARKS else HEADLINE


def cells(
    resamples: Resamples, setting: str, metric: str, query_language: str | None = None
) -> np.ndarray:
    """Which cells belong to a setting and metric, and to a language. Shape: (cells,)."""
    level = resamples.cells.get_level_values
    chosen = (level("setting") == setting) & (level("metric") == metric)
    return chosen & (level("query_language") == query_language) if query_language else chosen


def means(table: pd.DataFrame) -> pd.DataFrame:
    """The same table with each estimate as its mean."""
    return table.map(lambda value: value.mean if isinstance(value, Estimate) else value)


def hybrid_against(resampled: Resampled) -> pd.DataFrame:
    """What hybrid batches gain over each other sampler, paired by question and seed.

    Returns
    -------
    One row a baseline; columns of ``HEADLINE``, whose cells are an :class:`Estimate` of hybrid
    minus baseline. Empty without a hybrid run.
    """
    others = {name: other for name, other in resampled.items() if name != HYBRID}
    rows = {
        name: {
            column: resampled[HYBRID].estimate(cells(other, *cell), other)
            for column, cell in HEADLINE.items()
        }
        for name, other in others.items()
        if HYBRID in resampled
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("hybrid minus")


def direction(difference: Estimate, column: str) -> str:
    """Read a difference: better, worse, or level where its interval holds zero.

    Examples
    --------
    >>> direction(Estimate(-9.0, -12.0, -6.0, -9.0, -9.0), "rank distance")
    'better'
    """
    if difference.low <= 0 <= difference.high:
        return "level"
    return "better" if (difference.low > 0) != (column in SMALLER_IS_BETTER) else "worse"


def answer(differences: pd.DataFrame) -> str:
    """Say in which measures hybrid is better, level or worse than each baseline."""
    parts = []
    for baseline, row in differences.iterrows():
        found: dict[str, list[str]] = {}
        for column, difference in row.items():
            found.setdefault(direction(difference, str(column)), []).append(str(column))
        words = [f"{how} in {', '.join(columns)}" for how, columns in found.items()]
        parts.append(f"against {baseline}: {'; '.join(words)}")
    return "Hybrid " + ". Hybrid ".join(parts) + "." if parts else "There is no hybrid run."


def values_to_glue(table: pd.DataFrame) -> dict[str, float]:
    """Numbers of a headline table that prose refers to, by ``sampler/column``.

    Hybrid's are those of alpha 0.5, the paper's choice.
    """
    here = table.loc[HERE].rename(index={HYBRID: "Hybrid"})
    return {
        f"{sampler}/{column}".lower().replace(" ", "-"): float(value)
        for column in HEADLINE
        for sampler, value in means(here)[column].items()
    }


def by_language(
    resampled: Resampled, benchmark: str, model: str, setting: str, metric: str
) -> pd.DataFrame:
    """A block of tables 3 to 8, 12 or 13: one row a language and the mean, ours and the paper's.

    Parameters
    ----------
    resampled
        Of each sampler.
    benchmark, model
        Of the paper's numbers, as in ``xquad-r`` and ``XLM-R``.
    setting, metric
        As in :func:`hybridlib.evaluation.three_settings.score`.

    Returns
    -------
    Columns sampler and kind: ``here`` (estimates) and, where the paper has them, ``paper`` and
    ``difference``, here minus paper. There is no mean of ours where a language of the paper's is
    missing.
    """
    paper = reference.by_language(benchmark, model, setting, metric)
    columns = {}
    for sampler, resamples in resampled.items():
        level = resamples.cells.get_level_values
        languages = sorted(level("query_language").unique())
        mine = {
            language: resamples.estimate(cells(resamples, setting, metric, language))
            for language in languages
        }
        if set(paper.index) - {"mean", "median"} <= set(languages):
            mine["mean"] = resamples.estimate(cells(resamples, setting, metric))
        columns[(sampler, HERE)] = pd.Series(mine)
        name = sampler.partition(",")[0]
        if name in paper:
            columns[(sampler, PAPER)] = paper[name]
            here = means(columns[(sampler, HERE)].to_frame()).iloc[:, 0].astype(float)
            columns[(sampler, DIFFERENCE)] = here - paper[name]
    every = pd.DataFrame(columns)
    last = [name for name in ("mean", "median") if name in every.index]
    return every.loc[[*every.index.difference(last), *last]].rename_axis("query language")


def written(estimate: Estimate) -> str:
    """An estimate and its interval, in the book's digits."""
    digits = ",.0f" if max(abs(estimate.low), abs(estimate.high)) >= 2 else ".3f"
    mean, low, high = (format(v, digits) for v in (estimate.mean, estimate.low, estimate.high))
    return f"{mean} ({low} to {high})"
