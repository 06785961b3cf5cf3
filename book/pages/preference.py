"""Measures of language preference: what each says, how they correlate, where they disagree."""

from collections.abc import Mapping
from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure
from scipy.stats import chi2

from book.shared import stored_runs
from book.shared.comparisons import Groups, ranked
from book.shared.samplers import color
from book.shared.stored_runs import Runs, by_label, clustered
from book.shared.tables import cells
from hybridlib.evaluation import three_settings
from study.store.run import Run
from study.store.runs import Store

MEASURES: Mapping[str, tuple[str, str]] = {
    name: ("multilingual", name)
    for name in ("rank distance", "own language first", "language preference rate", "TLR@20")
}
TOP_TEN = (
    "Of the ten candidates at the top of the pool, relevant or not, the share in the query's own "
    "language, divided by that language's share of the pool (Roy et al., 2020): 1 is none. Means "
    "over runs; no interval."
)
_LESS_IS_MORE = ("TLR@20",)  # recall in other languages: less of it is more preference


def groups(runs: Runs) -> Groups:
    """Scores of every measure by sampler."""
    return clustered(by_label(runs), _preferences)


def _preferences(run: Run) -> pd.DataFrame:
    if run.ranks is None:
        raise ValueError(f"run {run.key} has no ranks to score")
    return three_settings.question_preferences(run.ranks)


def by_run(groups: Groups) -> pd.DataFrame:
    """Every measure of every run: a row a sampler and seed, a column a measure."""
    rows = []
    for sampler, scores in groups.items():
        for number, means in enumerate(scores.by_seed):
            values = {
                name: float(means[cells(scores, *cell)].mean()) for name, cell in MEASURES.items()
            }
            rows.append({"sampler": sampler, "run": number} | values)
    return pd.DataFrame(rows)


def correlations(by_run: pd.DataFrame) -> pd.DataFrame:
    """Rank correlations (Spearman) over runs, each measure turned so that more is more preference.

    Raises
    ------
    ValueError
        If there are fewer than three runs.
    """
    if len(by_run) < 3:
        raise ValueError(f"a correlation takes three runs or more, got {len(by_run)}")
    return _turned(by_run).corr("spearman")


def _turned(by_run: pd.DataFrame) -> pd.DataFrame:
    signs = [-1 if name in _LESS_IS_MORE else 1 for name in MEASURES]
    return by_run[list(MEASURES)] * signs


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
            chosen = cells(groups[one], *cell)
            difference = groups[one].estimate(chosen, groups[other])
            if difference.low > 0 or difference.high < 0:
                signs[name] = np.sign(difference.mean) * (-1 if name in _LESS_IS_MORE else 1)
        more = [name for name, sign in signs.items() if sign > 0]
        less = [name for name, sign in signs.items() if sign < 0]
        if more and less:
            rows.append((one, other, ", ".join(more), ", ".join(less)))
    columns = ["one", "other", "more preference by", "less preference by"]
    return pd.DataFrame(rows, columns=columns)


def peer(run: Run) -> pd.Series:
    """PEER of every query that has one relevant candidate in each language, in the pool.

    The p-value of Kruskal and Wallis' test that the relevant candidates of all languages have equal
    ranks (Yang et al., 2024), weight one on relevant candidates. With one a language the ranks of
    the ranks are 1 to n in some order, one a group, and the statistic is n - 1 whatever the order.

    Returns
    -------
    Value of each query, by question and query language; queries with answers in two languages.
    """
    if run.ranks is None:
        raise ValueError(f"run {run.key} has no ranks to score")
    query = ["question", "query_language"]
    places = run.ranks.assign(place=run.ranks.groupby(query)["rank_in_pool"].rank())
    of_language = places.groupby([*query, "candidate_language"])["place"].agg(["sum", "count"])
    parts = of_language.assign(squares=of_language["sum"] ** 2 / of_language["count"])
    total = parts.groupby(query).agg({"squares": "sum", "count": "sum"})
    languages = parts.groupby(query).size()
    size = total["count"]
    statistic = 12 / (size * (size + 1)) * total["squares"] - 3 * (size + 1)
    values = pd.Series(chi2.sf(statistic, languages - 1), index=total.index)
    return values[languages > 1]


def peer_in_words(values: pd.Series) -> str:
    """The values of :func:`peer` in a paragraph: constant where each query has one a language."""
    distinct = sorted({f"{value:.3f}" for value in values})
    if len(distinct) == 1:
        return (
            f"PEER (Yang et al., 2024), the fairness of ranks over languages, is {distinct[0]} for "
            f"each of the {len(values):,} queries of whatever run: a test of equal ranks between "
            "languages sees one relevant passage in each, and any order of them is as likely as "
            "any other. It carries no signal here."
        )
    return (
        f"PEER (Yang et al., 2024), the fairness of ranks over languages, takes {len(distinct)} "
        f"values, {distinct[0]} to {distinct[-1]}: it depends on how many languages have a "
        "relevant passage, and with one in each on nothing else."
    )


def own_in_top_ten(store: Store, profile: str, benchmark: str) -> pd.DataFrame:
    """Share of the query's own language in the top ten over that in the pool, by query language.

    Returns
    -------
    A row a sampler, means over its runs; a column a query language, and ``mean``. One is no
    preference. Empty where the languages of the top ten were not measured.
    """
    kind = f"{benchmark}-top-10"
    if not store.folder(profile, kind).is_dir():
        return pd.DataFrame()
    rows = {}
    for sampler, group in by_label(stored_runs.runs(store, profile, kind)).items():
        mix = pd.concat([run.scores for run in group])
        own = mix[mix["query_language"] == mix["candidate_language"]]
        times = own["top_share"] / own["pool_share"]
        rows[sampler] = times.groupby(own["query_language"]).mean()
    table = pd.DataFrame(rows).T
    return table.assign(mean=table.mean(axis=1)).rename_axis(columns=None)


def top_ten_in_words(table: pd.DataFrame) -> str:
    """What :func:`own_in_top_ten` found, in a sentence."""
    if table.empty:
        return "The languages of the top ten were not measured for these runs."
    times = ranked(table["mean"], smaller_is_better=True)
    return f"In the top ten the own language has so many times its share of the pool: {times}."


def answer(by_run: pd.DataFrame, disagreeing: pd.DataFrame) -> str:
    """How the measures correlate, and how many pairs of samplers they order differently."""
    table = correlations(by_run).to_numpy()
    pairs = list(combinations(MEASURES, 2))
    values = [table[list(MEASURES).index(a), list(MEASURES).index(b)] for a, b in pairs]
    low, high = int(np.argmin(values)), int(np.argmax(values))
    sentence = (
        f"over {len(by_run)} runs the measures correlate between {values[low]:.2f} "
        f"({' and '.join(pairs[low])}) and {values[high]:.2f} ({' and '.join(pairs[high])})."
    )
    if not len(disagreeing):
        return f"{sentence} No two of them order two samplers differently, beyond doubt."
    cases = [
        f"{row[0]} has more preference than {row[1]} by {row[2]} and less by {row[3]}"
        for row in disagreeing.itertuples(index=False)
    ]
    pairs_in_words = "one pair" if len(cases) == 1 else f"{len(cases)} pairs"
    return f"{sentence} They disagree on {pairs_in_words} of samplers: {'; '.join(cases)}."


def draw(by_run: pd.DataFrame) -> Figure:
    """Draw every measure against rank distance, a point a run."""
    first, *others = MEASURES
    figure, axes = plt.subplots(1, len(others), figsize=(9, 3.6), layout="constrained")
    for axis, name in zip(axes, others, strict=True):
        for sampler, part in by_run.groupby("sampler", sort=False):
            axis.scatter(part[first], part[name], color=color(str(sampler)), s=24, label=sampler)
        axis.set(xlabel="rank distance, positions", ylabel=name)
    figure.legend(
        *axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3, frameon=False
    )
    sns.despine(figure)
    return figure
