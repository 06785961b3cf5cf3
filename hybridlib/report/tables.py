"""Tables of the book; each one downloads as CSV."""

import base64
from collections.abc import Sequence

import numpy as np
import pandas as pd
from IPython.display import HTML
from pandas.io.formats.style import Styler

from hybridlib import protocol
from hybridlib.data.parallel import Key, ParallelPairs
from hybridlib.report import reference, stored

SETTING_LABELS = {"monolingual": "Mo.", "cross-lingual": "Cr.", "multilingual": "Mul."}
HEADLINE = ("Mo. mAP", "Cr. mAP", "Mul. mAP", "rank distance")
HERE = "here"


def headline(runs: stored.Runs, benchmark: str) -> pd.DataFrame:
    """Tables 1 and 2: ours, then the paper's, one row a sampler, means over seeds.

    Returns
    -------
    Index ``source`` and ``sampler``; columns of ``HEADLINE``, and ``seeds``.
    """
    parts = [
        protocol.summarize(run.scores).assign(source=HERE, sampler=stored.label(name), run=name)
        for name, run in runs.items()
    ]
    paper = reference.headline(benchmark)
    paper["sampler"] = paper["sampler"].map(stored.SAMPLER_LABELS)
    paper["source"] = "paper, " + paper["model"]
    rows = pd.concat([*parts, paper.assign(run="paper")])
    short = rows["setting"].map(SETTING_LABELS) + " " + rows["metric"]
    rows["column"] = short.where(rows["metric"] != "rank distance", "rank distance")
    keys = ["source", "sampler"]
    table = rows.pivot_table(index=keys, columns="column", values="value", sort=False)
    table = table[list(HEADLINE)]
    table["seeds"] = rows[rows["source"] == HERE].groupby(keys)["run"].nunique()
    return table.rename_axis(columns=None)


def answer(table: pd.DataFrame) -> str:
    """Say in how many measures hybrid comes first, here and in the paper, and what does here."""
    ahead = table[list(HEADLINE)] * [-1 if column == HEADLINE[-1] else 1 for column in HEADLINE]
    counts = []
    for source, rows in ahead.groupby(level=0, sort=False):
        rows = rows.droplevel(0)
        hybrid = rows[rows.index.str.startswith("Hybrid")].max()
        place = "here" if source == HERE else f"in the {source}"
        counts.append(f"{place} {int((hybrid >= rows.max()).sum())} of {len(HEADLINE)}")
    best = ahead.loc[HERE].idxmax()
    firsts = [f"{column}: {best[column]}" for column in HEADLINE]
    return (
        f"Measures in which hybrid comes first or level: {', '.join(counts)}. "
        f"First here in {'; '.join(firsts)}."
    )


def values_to_glue(table: pd.DataFrame) -> dict[str, float]:
    """Numbers of a headline table that prose refers to, by ``sampler/column``.

    Hybrid's are those of alpha 0.5, the paper's choice.
    """
    here = table.loc[HERE].rename(index={"Hybrid, α = 0.5": "Hybrid"})
    return {
        f"{sampler}/{column}".lower().replace(" ", "-"): float(value)
        for column in HEADLINE
        for sampler, value in here[column].items()
    }


def by_language(runs: stored.Runs, setting: str, metric: str) -> pd.DataFrame:
    """A block of tables 3 to 8: one row a query language and the mean, one column a sampler."""
    columns = {}
    for name, scores in stored.pair_scores(runs).items():
        chosen = scores[(scores["setting"] == setting) & (scores["metric"] == metric)]
        columns[name] = protocol.by_query_language(chosen).set_index("query_language")["value"]
    table = pd.DataFrame(columns)
    table.loc["mean"] = table.mean(skipna=False)
    return table.rename_axis("query language")


def corpus_sizes(pairs: ParallelPairs) -> pd.DataFrame:
    """Pairs of each corpus by language, and in all."""
    rows = []
    for code, corpus in enumerate(pairs.corpora):
        present = pairs.rows[pairs.corpus_of_pair == code] >= 0
        counts = dict(zip(pairs.languages, present.sum(0), strict=True))
        rows.append({"corpus": corpus, "pairs": len(present)} | counts)
    return pd.DataFrame(rows)


def examples(pairs: ParallelPairs, languages: Sequence[str]) -> pd.DataFrame:
    """First pair of each corpus that has the languages."""
    columns = [pairs.languages.index(language) for language in languages]
    complete = (pairs.rows[:, columns] >= 0).all(1)
    rows = []
    for code, corpus in enumerate(pairs.corpora):
        first = int(np.flatnonzero(complete & (pairs.corpus_of_pair == code))[0])
        for language in languages:
            query, passage = pairs[Key(first, language, language)]
            rows.append((corpus, language, query, passage))
    return pd.DataFrame(rows, columns=["corpus", "language", "query", "passage"])


def show(table: pd.DataFrame, name: str, lower_is_better: Sequence[str] = HEADLINE[-1:]) -> HTML:
    """Table with the best value of a column bold and the second underlined, and its CSV.

    Parameters
    ----------
    table
        Numbers. With two index levels the best is sought within each value of the first; with one,
        within each row.
    name
        Of the CSV file.
    lower_is_better
        Columns where the smallest value is best.
    """
    columns = table.columns.difference(["seeds"], sort=False)
    best = marks(table[columns], lower_is_better)
    style = table.style.format(_format, na_rep="").apply(lambda _: best, axis=None, subset=columns)
    return _with_csv(_html(style), table.reset_index(), name)


def marks(table: pd.DataFrame, lower_is_better: Sequence[str]) -> pd.DataFrame:
    """Style of each cell: bold for the best, underlined for the second; see :func:`show`."""
    columns = table.columns
    smaller_is_better = table[columns] * np.where(columns.isin(lower_is_better), 1, -1)
    if table.index.nlevels > 1:
        places = smaller_is_better.groupby(level=0).rank(method="min")
    else:
        places = smaller_is_better.rank(axis=1, method="min")
    styles = {1: "font-weight: bold", 2: "text-decoration: underline"}
    return places.map(lambda place: styles.get(place, ""))


def show_plain(table: pd.DataFrame, name: str) -> HTML:
    """Table without marks, and its CSV."""
    words = table.select_dtypes(exclude="number").columns
    style = table.style.format(_format, na_rep="").hide()
    style = style.set_properties(subset=words, **{"text-align": "left"})
    return _with_csv(_html(style), table, name)


def _html(style: Styler) -> str:
    # the class by which the theme knows a table that follows its dark mode
    return style.set_table_attributes('class="dataframe"').to_html()


def _with_csv(html: str, table: pd.DataFrame, name: str) -> HTML:
    csv = base64.b64encode(table.to_csv(index=False).encode()).decode()
    link = f'<a download="{name}.csv" href="data:text/csv;base64,{csv}">{name}.csv</a>'
    return HTML(f'<div class="results-table">{html}</div><p class="csv">CSV: {link}</p>')


def _format(value: object) -> str:
    if isinstance(value, float) and not value.is_integer():
        return f"{value:,.1f}" if abs(value) >= 10 else f"{value:.3f}"
    return f"{value:,.0f}" if isinstance(value, float | int | np.integer) else str(value)
