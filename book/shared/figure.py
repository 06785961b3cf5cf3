"""How a figure looks in the book: in the page's own colours, with words, and to take along."""

import re
from collections.abc import Sequence
from html import escape
from io import BytesIO, StringIO

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from adjustText import adjust_text
from IPython.display import HTML
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from book.shared.downloads import csv_link, download
from book.shared.html import anchor

_INK = re.compile(r"(fill|stroke): #(?:000000|333333|555555)")
_IDS = re.compile(r'(\bid="|href="#|url\(#)')


def show_figure(
    figure: Figure, name: str, caption: str, alt: str, data: pd.DataFrame | None = None
) -> HTML:
    """A figure that follows light and dark, with an anchor, caption and downloads; closes it.

    Parameters
    ----------
    figure
        What was drawn; black and dark grey become the page's colour of text.
    name
        Of its anchor and files.
    caption, alt
        Its answer or how to read it, and what there is to see for who cannot.
    data
        The numbers that it draws, if it draws any.
    """
    picture = BytesIO()
    figure.savefig(picture, format="png", dpi=110)
    svg = _svg(figure, name)
    plt.close(figure)  # or the notebook shows it once more
    links = [download(f"{name}.png", "image/png", picture.getvalue())]
    if data is not None:
        links.append(csv_link(data, name))
    drawn = svg[svg.index("<svg") :].replace(
        "<svg ", f'<svg role="img" aria-label="{escape(alt)}" '
    )
    link = f'<a class="anchor" href="#{anchor(name)}" aria-label="Link to this figure">#</a>'
    return HTML(
        f'<figure class="drawn" id="{anchor(name)}"><div class="drawing">{drawn}</div>'
        f"<figcaption>{escape(caption)} {link}</figcaption>"
        f'<p class="csv">{" · ".join(links)}</p></figure>'
    )


def name_points(axis: Axes, x: ArrayLike, y: ArrayLike, names: Sequence[str]) -> None:
    """Write names beside points, over no other name or point where there is a place; draw it last.

    Parameters
    ----------
    axis
        Whose limits stay as they are.
    x, y
        Of the points.
    names
        One a point.
    """
    axis.autoscale_view()
    axis.set(xlim=axis.get_xlim(), ylim=axis.get_ylim())
    places = zip(np.asarray(x), np.asarray(y), names, strict=True)
    texts = [axis.text(*place, fontsize=8) for place in places]
    line = {"arrowstyle": "-", "color": "0.6", "lw": 0.5}
    adjust_text(texts, x, y, ax=axis, iter_lim=200, arrowprops=line)


def _svg(figure: Figure, name: str) -> str:
    """As text, without a date, whose ids begin with its name: a page holds several figures."""
    width, height = figure.get_size_inches() * 72
    sink = StringIO()
    with mpl.rc_context({"svg.hashsalt": name}):
        for legend in (*figure.legends, *(axis.get_legend() for axis in figure.axes)):
            if legend is not None:
                legend.get_frame().set_alpha(0)
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        figure.savefig(sink, format="svg", transparent=True, metadata=nothing)
    svg = _INK.sub(r"\1: currentColor", sink.getvalue())
    svg = _IDS.sub(rf"\g<1>{anchor(name)}-", svg)
    # on a phone it is scrolled: its words would be too small
    widths = f"max-width: {width:g}pt; min-width: min({width:g}pt, 38rem)"
    size = f'viewBox="0 0 {width:g} {height:g}" fill="currentColor" style="{widths}"'
    return re.sub(r'width="[\d.]+pt" height="[\d.]+pt" viewBox="[^"]+"', size, svg, count=1)
