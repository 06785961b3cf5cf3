"""Hybrid batches against each other sampler, from every start on every benchmark."""

from collections.abc import Sequence

import pandas as pd
from IPython.display import HTML

from book.shared import comparisons, html, samplers
from book.shared.figure import forest, show_figure
from book.shared.numbers import with_interval
from book.shared.stored_runs import Place
from book.shared.tables import HYBRID


def differences(places: Sequence[Place]) -> pd.DataFrame:
    """Hybrid minus each other trained sampler: a row a place, sampler and measure."""
    parts = []
    for place in places:
        others = [name for name in place.scores if samplers.is_trained(name) and name != HYBRID]
        table = comparisons.against(place.scores, [(HYBRID, other) for other in others])
        parts.append(table.assign(place=place.title))
    return pd.concat(parts, ignore_index=True)


def figure(table: pd.DataFrame) -> HTML:
    """Draw every difference: a panel a measure."""
    rows = table.assign(against="− " + table["other"].map(samplers.short))
    return show_figure(
        forest(rows, "measure", ["place", "against"]),
        "hybrid-against",
        caption="Hybrid minus another sampler, better to the right: means over seeds with 95 % "
        "intervals over articles and seeds. The grey band is the margin: .01 mAP, or 5 % of the "
        "rank distance.",
        alt="Forest of differences, hybrid minus each other sampler: a panel a measure, a row a "
        "start, benchmark and sampler; the margin as a band, the verdict by colour and shape",
        data=table,
    )


def by_measure(table: pd.DataFrame) -> HTML:
    """The differences with their verdicts: a column a measure."""
    words = [
        f"{with_interval(row.difference, row.low, row.high, '+')}, {row.verdict}"
        for row in table.itertuples()
    ]
    index = ["place", "other"]
    wide = table.assign(words=words).pivot(index=index, columns="measure", values="words")
    order = list(table[index].drop_duplicates().itertuples(index=False, name=None))
    wide = wide.loc[order, list(dict.fromkeys(table["measure"]))].reset_index()
    wide = wide.rename(columns={"other": "hybrid minus"}).rename_axis(columns=None)
    return html.show_plain(wide, "hybrid-against-each-sampler", numbers=table)
