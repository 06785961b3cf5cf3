"""How a table or a sentence looks in the book, and a table's CSV; no text in it is markup."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape

import numpy as np
import pandas as pd
from IPython.display import HTML
from pandas.io.formats.style import Styler

from book.shared.downloads import csv_link
from book.shared.reference import DATASETS
from book.shared.table_cells import written_column
from book.shared.tables import HERE, PAPER, means
from study.statistics.margins import PLAN
from study.store.run import Run

_BENCHMARKS = DATASETS | {
    "xquad-r-every-3": "a third of XQuAD-R",
    "sib-200": "SIB-200",
    "cldr": "the embedded questions",
}


def say(answer: str, more: str = "") -> HTML:
    """A paragraph that begins in bold, or has nothing in bold where the answer is empty."""
    bold = answer and f"<strong>{escape(answer)}</strong>"
    return HTML(f"<p>{' '.join(filter(None, [bold, escape(more)]))}</p>")


def say_on(benchmark: str, answer: str, more: str = "") -> HTML:
    """An answer in bold, with the benchmark that it is of; what follows is not bold."""
    return say(f"On {benchmark_in_words(benchmark)}: {answer}", more)


def benchmark_in_words(benchmark: str) -> str:
    """How a sentence calls a benchmark."""
    return _BENCHMARKS.get(benchmark, benchmark)


def say_missing(planned: Iterable[str], runs: Mapping[str, Run]) -> HTML:
    """Which of the planned runs the store has not yet; nothing if it has all of them."""
    names = list(planned)
    missing = [name for name in names if name not in runs]
    if not missing:
        return HTML("")
    listed = ", ".join(missing[:3]) + (", ..." if len(missing) > 3 else "")
    return say(
        f"Incomplete: {len(missing)} of {len(names)} planned runs are missing ({listed}).",
        "Take nothing here for a result before all are stored.",
    )


def heading(text: str) -> HTML:
    """A heading above one table of several."""
    return HTML(f"<h3>{escape(text)}</h3>")


def show(table: pd.DataFrame, name: str) -> HTML:
    """A headline table: the best of each column and source bold, the second underlined; its CSV.

    Parameters
    ----------
    table
        Of :func:`book.shared.tables.headline`.
    name
        Of the CSV file.
    """
    measures = table.columns.difference(["seeds"], sort=False)
    numbers = means(table[measures]).astype(float)
    best = marks(numbers, [column in PLAN.smaller_is_better for column in measures])
    return _render(table, name, best)


def show_by_language(table: pd.DataFrame, name: str, metric: str) -> HTML:
    """A table of :func:`book.shared.tables.by_language`: the best of each row and source bold.

    All of ours stands left of the paper's; intervals are shown on demand, and what differs from the
    paper's, which has other backbones, is in the CSV.

    Parameters
    ----------
    table, metric
        The table and what it holds.
    name
        Of the CSV file.
    """
    sources = {
        source: table.xs(source, axis="columns", level=1)
        for source in (HERE, PAPER)
        if source in table.columns.get_level_values(1)
    }
    smaller_is_better = [metric in PLAN.smaller_is_better] * len(table)
    best = {
        source: marks(means(part).astype(float).T, smaller_is_better).T
        for source, part in sources.items()
    }
    if len(sources) > 1:
        style = _marked(pd.concat(sources, axis=1), pd.concat(best, axis=1))
    else:
        style = _marked(sources[HERE], best[HERE])
    return _with_csv(_html(style), table.reset_index(), name, "on-demand")


def show_rows(table: pd.DataFrame, name: str) -> HTML:
    """A table of numbers where the largest of each row is best: bold, the second underlined."""
    numbers = table.astype(float)
    return _render(table, name, marks(numbers.T, [False] * len(numbers)).T)


def show_tests(tests: pd.DataFrame, name: str) -> HTML:
    """The tests of a claim to unfold, and their CSV.

    Parameters
    ----------
    tests
        Of :func:`book.pages.claims.examine`.
    name
        Of the CSV file.
    """
    return fold(f"{len(tests)} tests", show_plain(tests, name))


def fold(summary: str, shown: HTML) -> HTML:
    """What is shown when its summary is opened; a long table can be searched there."""
    inner = f"<summary>{escape(summary)}</summary>{shown.data}"
    return HTML(f'<details class="searchable">{inner}</details>')


def marks(numbers: pd.DataFrame, smaller_is_better: Sequence[bool]) -> pd.DataFrame:
    """Style of each cell: bold for the best of its column, underlined for the second.

    With two index levels the best is sought within each value of the first.
    """
    signed = numbers * np.where(smaller_is_better, 1, -1)
    grouped = signed.groupby(level=0) if signed.index.nlevels > 1 else signed
    styles = {1: "font-weight: bold", 2: "text-decoration: underline"}
    return grouped.rank(method="min").map(lambda place: styles.get(place, ""))


def show_plain(
    table: pd.DataFrame, name: str, index: bool = False, numbers: pd.DataFrame | None = None
) -> HTML:
    """Table without marks, and its CSV.

    Parameters
    ----------
    table, name
        What is shown, and the name of the CSV file.
    index
        Whether the index is shown.
    numbers
        What the CSV holds, where the table holds them in words.

    A column without a value, as the ends of intervals of one seed, is in the CSV alone.
    """
    words = [name for name in table if table[name].map(lambda v: isinstance(v, str)).any()]
    style = _styled(table)
    style = style.set_properties(subset=words, **{"text-align": "left"})
    long = [column for column in words if table[column].astype(str).str.len().max() > 60]
    style = style.set_properties(subset=long, **{"min-width": "11rem"})
    plain = table.reset_index() if index else table
    content = plain if numbers is None else numbers
    empty = [column for column in table if len(table) and table[column].map(_is_nothing).all()]
    style = style.hide(empty, axis="columns")
    return _with_csv(_html(style if index else style.hide()), content, name)


def _is_nothing(value: object) -> bool:
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def _render(table: pd.DataFrame, name: str, best: pd.DataFrame) -> HTML:
    style = _marked(table, best)
    style = style.hide([column for column in table if column == "seeds"], axis="columns")
    return _with_csv(_html(style), table.reset_index(), name)


def _marked(table: pd.DataFrame, best: pd.DataFrame) -> Styler:
    return _styled(table).apply(lambda _: best, axis=None, subset=best.columns)


def _styled(table: pd.DataFrame) -> Styler:
    """Its numbers written; what the rows are stands in the row of the columns' names."""
    if table.columns.nlevels == 1:
        table = table.rename_axis(columns=table.index.names[-1])
    columns = {name: written_column(table[name]) for name in table}
    style = table.style.format(columns, na_rep="", escape="html")
    return style.hide(names=True)


def _html(style: Styler) -> str:
    style = style.format_index(escape="html").format_index(escape="html", axis="columns")
    style = style.format_index_names(escape="html", axis="columns")
    # the class by which the theme knows a table that follows its dark mode
    return style.set_table_attributes('class="dataframe"').to_html()


def _with_csv(html: str, table: pd.DataFrame, name: str, kind: str = "") -> HTML:
    classes, link = f"results-table {kind}".strip(), csv_link(table, name)
    return HTML(f'<div class="{classes}" id="{anchor(name)}">{html}</div><p class="csv">{link}</p>')


def anchor(name: str) -> str:
    """Where a page has a table or figure: its name in letters that every selector knows.

    Examples
    --------
    >>> anchor("raw-xquad-r-multilingual-R@10")
    'raw-xquad-r-multilingual-R-10'
    """
    return re.sub(r"[^\w-]+", "-", name, flags=re.ASCII)
