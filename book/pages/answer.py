"""Hybrid batches against X-X and X-Y, from every start on every benchmark: the landing page.

``python -m book.pages.answer`` draws the README's picture anew.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pandas as pd
from IPython.display import HTML
from matplotlib.figure import Figure

from book.shared import comparisons, html, samplers
from book.shared.figure import forest, show_figure, svg_of
from book.shared.numbers import number
from book.shared.stored_runs import Place, benchmark_in_words, places
from book.shared.tables import BASELINES, DISTANCE, HYBRID

PICTURE = Path("book/static/answer.svg")
GLYPHS = {"better": "▲", "worse": "▼", "as good": "■", "open": "○"}
_COLUMNS = {
    "Mo. mAP": "within one language",
    "Cr. mAP": "across two",
    "Mul. mAP": "over all at once",
    DISTANCE: "language bias",
}


def differences(places: Sequence[Place]) -> pd.DataFrame:
    """Hybrid minus X-X and X-Y: a row a start, benchmark, sampler and measure."""
    parts = []
    for place in places:
        table = comparisons.against(place.scores, [(HYBRID, other) for other in BASELINES])
        parts.append(
            table.assign(start=place.planned.title, benchmark=benchmark_in_words(place.benchmark))
        )
    return pd.concat(parts, ignore_index=True)


def at_a_glance(table: pd.DataFrame) -> HTML:
    """Each difference with its verdict as a glyph: a tab a start, a row a benchmark and sampler."""
    tabs = {}
    for place, (start, part) in enumerate(table.groupby("start", sort=False)):
        name = f"answer-{html.anchor(str(start))}"
        shown = html.show_plain(in_glyphs(part), name, numbers=part)
        tabs[(f"start-{place}", str(start))] = shown
    return html.tab_set(tabs)


def in_glyphs(table: pd.DataFrame) -> pd.DataFrame:
    """:func:`differences` of one start: a row a benchmark and sampler, a column a measure."""
    signed = partial(number, sign="+")
    rows = table.assign(
        hybrid="against " + table["other"].map(samplers.short) + ", " + table["benchmark"],
        words=table["verdict"].map(GLYPHS) + " " + table["difference"].map(signed),
        measure=table["measure"].map(_COLUMNS),
    )
    wide = rows.pivot(index="hybrid", columns="measure", values="words")
    wide = wide.loc[rows["hybrid"].unique(), list(_COLUMNS.values())]
    return wide.reset_index().rename_axis(columns=None)


def figure(table: pd.DataFrame) -> HTML:
    """Draw every difference: a panel a measure."""
    return show_figure(
        partial(draw, table),
        "hybrid-against",
        caption="Hybrid minus another sampler, better to the right: means over seeds with 95 % "
        "intervals over articles and seeds. The grey band is the margin: .01 mAP, or 5 % of the "
        "rank distance.",
        alt="Forest of differences, hybrid minus each other sampler: a panel a measure, a row a "
        "start, benchmark and sampler; the margin as a band, the verdict by colour and shape",
        data=table,
    )


def draw(table: pd.DataFrame, columns: int = 4) -> Figure:
    """Draw :func:`differences`, a row a start, benchmark and sampler."""
    place = table["start"] + ", " + table["benchmark"]
    rows = table.assign(place=place, against="− " + table["other"].map(samplers.short))
    return forest(rows, "measure", ["place", "against"], columns)


def picture(table: pd.DataFrame) -> str:
    """The figure for the README, in black on white: it has no page whose colours it could take."""
    return svg_of(draw(table), "answer").replace('style="', 'style="background: white; ', 1)


if __name__ == "__main__":
    PICTURE.write_text(picture(differences(places("e5", "mlqa-r,xquad-r"))), encoding="utf-8")
