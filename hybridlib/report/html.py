"""How a table looks in the book, and its CSV."""

import base64
from collections.abc import Sequence

import numpy as np
import pandas as pd
from IPython.display import HTML
from pandas.io.formats.style import Styler

from hybridlib.report.tables import DIFFERENCE, SMALLER_IS_BETTER, means
from hybridlib.statistics.intervals import Estimate


def show(table: pd.DataFrame, name: str) -> HTML:
    """A headline table: the best of each column and source bold, the second underlined; its CSV.

    Parameters
    ----------
    table
        Of :func:`hybridlib.report.tables.headline`.
    name
        Of the CSV file.
    """
    measures = table.columns.difference(["seeds"], sort=False)
    numbers = means(table[measures]).astype(float)
    best = marks(numbers, [column in SMALLER_IS_BETTER for column in measures])
    return _render(table, name, best)


def show_by_language(table: pd.DataFrame, name: str, metric: str) -> HTML:
    """A table of :func:`hybridlib.report.tables.by_language`: the best of each row and source bold.

    Parameters
    ----------
    table, metric
        The table and what it holds.
    name
        Of the CSV file.
    """
    numbers = means(table).astype(float)
    best = pd.DataFrame("", index=table.index, columns=table.columns)
    kinds = table.columns.get_level_values(1)
    for kind in set(kinds) - {DIFFERENCE}:
        part = numbers.loc[:, kinds == kind].droplevel(1, axis=1)
        styles = marks(part.T, [metric in SMALLER_IS_BETTER] * len(table)).T
        best.loc[:, kinds == kind] = styles.to_numpy()
    return _render(table, name, best)


def show_rows(table: pd.DataFrame, name: str) -> HTML:
    """A table of numbers where the largest of each row is best: bold, the second underlined."""
    numbers = table.astype(float)
    return _render(table, name, marks(numbers.T, [False] * len(numbers)).T)


def show_claims(rows: pd.DataFrame, name: str) -> HTML:
    """Each claim with its verdict and test, and its findings to unfold; all findings as CSV.

    Parameters
    ----------
    rows
        Of :func:`hybridlib.report.chapters.claims.adjudicate`.
    name
        Of the CSV file.
    """
    signs = {True: "speaks for it", False: "speaks against it", None: "cannot be tested here"}
    parts = []
    for row in rows.itertuples():
        items = "".join(f"<li>{f.statement}: <em>{signs[f.holds]}</em></li>" for f in row.evidence)
        parts.append(
            f"<h3>{row.number}. {row.claim}</h3><p><strong>{row.verdict.capitalize()}.</strong> "
            f"Test: {row.test}.</p><details><summary>{len(row.evidence)} findings</summary>"
            f"<ul>{items}</ul></details>"
        )
    flat = rows.explode("evidence", ignore_index=True)
    flat["holds"] = flat["evidence"].map(lambda finding: signs[finding.holds])
    flat["evidence"] = flat["evidence"].map(lambda finding: finding.statement)
    return _with_csv("".join(parts), flat, name)


def marks(numbers: pd.DataFrame, smaller_is_better: Sequence[bool]) -> pd.DataFrame:
    """Style of each cell: bold for the best of its column, underlined for the second.

    With two index levels the best is sought within each value of the first.
    """
    signed = numbers * np.where(smaller_is_better, 1, -1)
    grouped = signed.groupby(level=0) if signed.index.nlevels > 1 else signed
    styles = {1: "font-weight: bold", 2: "text-decoration: underline"}
    return grouped.rank(method="min").map(lambda place: styles.get(place, ""))


def show_plain(table: pd.DataFrame, name: str, index: bool = False) -> HTML:
    """Table without marks, and its CSV; ``index`` says whether its index is shown."""
    words = [column for column in table if not pd.api.types.is_numeric_dtype(table[column])]
    style = table.style.format(_format, na_rep="", escape="html")
    style = style.set_properties(subset=words, **{"text-align": "left"})
    long = [column for column in words if table[column].astype(str).str.len().max() > 60]
    style = style.set_properties(subset=long, **{"min-width": "16rem"})
    plain = table.reset_index() if index else table
    return _with_csv(_html(style if index else style.hide()), plain, name)


def _render(table: pd.DataFrame, name: str, best: pd.DataFrame) -> HTML:
    style = table.style.format(_format, na_rep="")
    style = style.apply(lambda _: best, axis=None, subset=best.columns)
    style = style.hide([column for column in table if column == "seeds"], axis="columns")
    differences = [column for column in table if DIFFERENCE in column]
    style = style.format(_signed, na_rep="", subset=differences) if differences else style
    return _with_csv(_html(style), table.reset_index(), name)


def _html(style: Styler) -> str:
    # the class by which the theme knows a table that follows its dark mode
    return style.set_table_attributes('class="dataframe"').to_html()


def _with_csv(html: str, table: pd.DataFrame, name: str) -> HTML:
    csv = base64.b64encode(_flat(table).to_csv(index=False).encode()).decode()
    link = f'<a download="{name}.csv" href="data:text/csv;base64,{csv}">{name}.csv</a>'
    return HTML(f'<div class="results-table">{html}</div><p class="csv">CSV: {link}</p>')


def _flat(table: pd.DataFrame) -> pd.DataFrame:
    """The table with one column for each number of an estimate."""
    flat: dict[str, pd.Series] = {}
    for column in table.columns:
        name = " ".join(filter(None, column)) if isinstance(column, tuple) else str(column)
        values = table[column]
        flat[name] = values.map(lambda v: v.mean if isinstance(v, Estimate) else v)
        if values.map(lambda v: isinstance(v, Estimate)).any():
            for part in ("low", "high", "lowest_seed", "highest_seed"):
                label = f"{name} {part.replace('_', ' ')}"
                flat[label] = values.map(lambda v, part=part: getattr(v, part, np.nan))
    return pd.DataFrame(flat)


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else ''}{_format(value)}"


def _format(value: object) -> str:
    if isinstance(value, Estimate):
        low, high = _format(value.low), _format(value.high)
        seeds = f"{_format(value.lowest_seed)} to {_format(value.highest_seed)}"
        spread = f"<br>seeds {seeds}" if value.lowest_seed != value.highest_seed else ""
        return f'{_format(value.mean)}<div class="interval">{low} to {high}{spread}</div>'
    if isinstance(value, float) and not value.is_integer() and abs(value) < 100:
        return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3f}"
    return f"{value:,.0f}" if isinstance(value, float | int | np.integer) else str(value)
