"""How a table or a tab looks in the book, and what a page offers; no text in it is markup."""

import base64
import math
import re
import shlex
from collections.abc import Mapping, Sequence
from functools import partial
from html import escape
from itertools import count

import numpy as np
import pandas as pd
from IPython.display import HTML
from pandas.io.formats.style import Styler

from book.shared.numbers import digits_of, flat, written_cell
from book.shared.tables import HERE, PAPER, means
from study.statistics.margins import PLAN

_TAB_SETS = count(1)
_CSV_ALONE = "margin", "smaller is better"


def paragraph(text: str) -> HTML:
    """A paragraph of plain text."""
    return HTML(f"<p>{escape(text)}</p>")


def code(text: str) -> HTML:
    """A command."""
    return HTML(f"<pre><code>{escape(text)}</code></pre>")


def joined(*parts: HTML) -> HTML:
    """Several pieces below one another."""
    return HTML("".join(part.data for part in parts))


def heading(text: str) -> HTML:
    """A heading above one table of several."""
    return HTML(f"<h3>{escape(text)}</h3>")


def fold(summary: str, shown: HTML) -> HTML:
    """What is shown when its summary is opened; a long table can be searched there."""
    inner = f"<summary>{escape(summary)}</summary>{shown.data}"
    return HTML(f'<details class="searchable">{inner}</details>')


def tab_set(tabs: Mapping[tuple[str, str], HTML]) -> HTML:
    """Tabs by name and title, in the markup of sphinx-design; all sets of a page change together.

    One alone stands without a tab.
    """
    if len(tabs) == 1:
        return next(iter(tabs.values()))
    parts, number = [], next(_TAB_SETS)
    for place, ((name, title), shown) in enumerate(tabs.items()):
        identity = f"tab-{number}-{anchor(name)}"
        parts.append(
            f'<input {"checked" if place == 0 else ""} id="{identity}" name="tabs-{number}" '
            f'type="radio"><label class="sd-tab-label" for="{identity}" '
            f'data-sync-group="places" data-sync-id="{escape(name)}">{escape(title)}</label>'
            f'<div class="sd-tab-content docutils">{shown.data}</div>'
        )
    return HTML(f'<div class="sd-tab-set docutils">{"".join(parts)}</div>')


def show(table: pd.DataFrame, name: str, numbers: pd.DataFrame | None = None) -> HTML:
    """A table of :func:`book.shared.tables.headline`: the best of each column and source bold.

    The CSV ``name`` holds it, or ``numbers``, where that is more.
    """
    measures = table.columns.drop("seeds")
    smaller_is_better = [column in PLAN.smaller_is_better for column in measures]
    best = marks(means(table[measures]).astype(float), smaller_is_better)
    style = _marked(table, best).hide(["seeds"], axis="columns")
    return _with_csv(style, (table if numbers is None else numbers).reset_index(), name)


def show_by_language(table: pd.DataFrame, name: str, metric: str) -> HTML:
    """A table of :func:`book.shared.tables.by_language`: the best of each row and source bold.

    All of ours stands left of the paper's; intervals are shown on demand, and what differs from the
    paper's, which has other backbones, is in the CSV.
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
    return _with_csv(style, table.reset_index(), name, "on-demand")


def show_rows(table: pd.DataFrame, name: str) -> HTML:
    """A table of numbers where the largest of each row is best: bold, the second underlined."""
    numbers = table.astype(float)
    style = _marked(table, marks(numbers.T, [False] * len(numbers)).T)
    return _with_csv(style, table.reset_index(), name)


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
    """A table without marks, and its CSV: ``numbers``, where the table has them in words.

    A column without a value, as the ends of intervals of one seed, is in the CSV alone, as are
    margins. ``index``: whether the index is shown.
    """
    plain = table.reset_index() if index else table
    table = table.rename(columns=lambda name: str(name).replace("_", " "))
    words = [name for name in table if table[name].map(lambda v: isinstance(v, str)).any()]
    style = _styled(table).set_properties(subset=words, **{"text-align": "left"})
    longest = {column: table[column].astype(str).str.len().max() for column in words}
    long = [column for column in words if longest[column] > 60]
    style = style.set_properties(subset=long, **{"min-width": "11rem"})
    short = [column for column in words if longest[column] < 16]
    style = style.set_properties(subset=short, **{"white-space": "nowrap"})
    empty = [column for column in table if len(table) and table[column].map(_is_nothing).all()]
    empty += [column for column in _CSV_ALONE if column in table]
    style = style.hide(empty, axis="columns")
    return _with_csv(style if index else style.hide(), plain if numbers is None else numbers, name)


def _is_nothing(value: object) -> bool:
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def _marked(table: pd.DataFrame, best: pd.DataFrame) -> Styler:
    return _styled(table).apply(lambda _: best, axis=None, subset=best.columns)


def _styled(table: pd.DataFrame) -> Styler:
    """Its numbers written; what the rows are stands in the row of the columns' names."""
    if table.columns.nlevels == 1:
        table = table.rename_axis(columns=table.index.names[-1])
    columns = {name: partial(written_cell, digits=digits_of(table[name])) for name in table}
    return table.style.format(columns, na_rep="", escape="html").hide(names=True)


def _with_csv(style: Styler, table: pd.DataFrame, name: str, kind: str = "") -> HTML:
    style = style.format_index(lambda label: written_cell(str(label)), escape="html")
    style = style.format_index(escape="html", axis="columns")
    style = style.format_index_names(escape="html", axis="columns")
    # the class by which the theme knows a table that follows its dark mode
    html = style.set_table_attributes('class="dataframe"').set_uuid(anchor(name)).to_html()
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


def csv_link(table: pd.DataFrame, name: str) -> str:
    """Link to a table as CSV, which the page holds itself; the book has it as a file."""
    data, file = base64.b64encode(flat(table).to_csv(index=False).encode()).decode(), escape(name)
    return f'<a download="{file}.csv" href="data:text/csv;base64,{data}">{file}.csv</a>'


def csv_paragraph(table: pd.DataFrame, name: str) -> HTML:
    """A table that a page does not print, as CSV."""
    return HTML(f'<p class="csv">{len(table)} rows: {csv_link(table, name)}</p>')


def papermill(notebook: str) -> str:
    """The command that makes a page again."""
    return f"papermill --cwd . build/notebooks/{notebook}.ipynb build/{notebook}.ipynb"


def how_made(
    notebook: str, parameters: Mapping[str, object], runs: pd.DataFrame | None = None
) -> HTML:
    """The box at a page's end: how to make it again, and from which runs.

    ``runs`` are of :func:`book.shared.stored_runs.provenance`.
    """
    given = "".join(f" -p {name} {shlex.quote(str(value))}" for name, value in parameters.items())
    parts = [f"Made by <code>notebooks/{escape(notebook)}.py</code>. Again, or with other values:"]
    parts.append(code(papermill(notebook) + given).data)
    if runs is not None and len(runs):
        table = show_plain(runs, f"{notebook}-provenance")
        parts.append(fold(f"Runs that it shows: {len(runs)}", table).data)
    return HTML(f'<aside class="made" aria-label="How this page was made">{"".join(parts)}</aside>')
