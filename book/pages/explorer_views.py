"""The explorer's views in Vega-Altair, bound to the page's own select boxes."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from book.pages.explorer import BINS, CHOICES
from book.pages.explorer_matrices import View, difference, matrix, rows
from book.shared.samplers import color

_SHAPES = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"]


def views(found: Mapping[str, Any]) -> dict[str, View]:
    """The views by the name of their place in the page; each is bound to the page's select boxes.

    Parameters
    ----------
    found
        Of :func:`book.pages.explorer.contents`.
    """
    chosen = found["chosen"]
    labels = list(dict.fromkeys(row["sampler"] for row in found["cells"]))
    shapes = [_SHAPES[number % len(_SHAPES)] for number in range(len(labels))]
    legend = alt.Legend(
        values=alt.ExprRef("[first, second]"), symbolOpacity=1, orient="top", columnPadding=24
    )
    # a sampler looks the same whatever it is compared with
    colors = alt.Scale(domain=labels, range=[color(label) for label in labels])
    looks = (
        alt.Color("sampler:N", scale=colors, legend=legend),
        alt.Shape("sampler:N", scale=alt.Scale(domain=labels, range=shapes), legend=legend),
    )
    parameters = [
        *(
            alt.param(
                name=name, value=chosen[name], bind=alt.BindDirect(element=f"#explorer-{name}")
            )
            for name in CHOICES
        ),
        alt.param(name="limits", value=found["limits"]),
        alt.param(name="place", expr="start + ' ' + benchmark"),
    ]
    autosize = alt.AutoSizeParams(type="fit-x", contains="padding")
    drawn = {
        "first": matrix("first"),
        "second": matrix("second"),
        "difference": difference(),
        "histogram": _histogram(looks),
        "answers": _answers(looks),
    }
    return {
        name: chart.add_params(*parameters)
        .properties(width="container", autosize=autosize)
        .configure(background="transparent", font="system-ui, sans-serif")
        .configure_view(stroke=None)
        .configure_text(color="currentColor")
        .configure_title(color="currentColor", anchor="start", fontSize=14)
        .configure_axis(
            labelColor="currentColor", titleColor="currentColor", domain=False, ticks=False,
            gridColor="currentColor", gridOpacity=0.15, labelAngle=0, labelFontSize=11,
            titleFontWeight="normal",
        )
        .configure_legend(
            labelColor="currentColor", titleColor="currentColor", orient="bottom", title=None,
            labelFontSize=12, labelLimit=0,
        )
        for name, chart in drawn.items()
    }  # fmt: skip


def _histogram(looks: Sequence[Any]) -> View:
    bars = (
        rows("cells")
        .transform_filter("datum.query === query && datum.candidate === candidate")
        .transform_calculate(count="datum.counts[measure]", bin=f"sequence({BINS})")
        .transform_flatten(["count", "bin"])
        .transform_joinaggregate(all="sum(count)", groupby=["sampler"])
        .transform_calculate(
            share="datum.count / datum.all",
            low=f"datum.bin / {BINS}",
            high=f"(datum.bin + 1) / {BINS}",
        )
        .mark_bar()
        .encode(
            alt.X("low:O", title="score of a question, from", axis=alt.Axis(format=".1f")),
            alt.Y("share:Q", title="share of questions, all seeds", axis=alt.Axis(format=".0%")),
            alt.XOffset("order:O", scale=alt.Scale(domain=[1, 2])),
            looks[0],
            tooltip=[
                alt.Tooltip("sampler:N"),
                alt.Tooltip("low:Q", title="score from", format=".1f"),
                alt.Tooltip("high:Q", title="to", format=".1f"),
                alt.Tooltip("count:Q", title="questions, all seeds", format=","),
                alt.Tooltip("share:Q", format=".1%"),
            ],
        )
    )
    return bars.properties(
        height=235,
        description="Histogram of single questions' scores for the chosen pair of languages, a bar "
        "a bin and sampler",
    )


def _answers(looks: Sequence[Any]) -> View:
    base = (
        rows("answers")
        .transform_filter("datum.question === question && datum.query === query")
        .transform_flatten(["candidates", "ranks"], ["candidate", "of_seeds"])
        .transform_calculate(seed="sequence(length(datum.of_seeds))")
        .transform_flatten(["of_seeds", "seed"], ["rank", "seed"])
    )
    y = alt.Y("candidate:N", title="answer in", axis=alt.Axis(grid=True, tickBand="extent"))
    offset = alt.YOffset("order:O", scale=alt.Scale(domain=[1, 2]))
    scale = alt.Scale(type="log", domainMin=1, nice=False, padding=10)
    axis = alt.Axis(format=",", values=[10**power for power in range(7)])
    rank = alt.X(
        "rank:Q",
        title="rank in the multilingual pool (the best is on the left)",
        scale=scale,
        axis=axis,
    )
    seeds = base.mark_point(filled=True, size=40, opacity=0.75).encode(
        rank, y, offset, *looks,
        tooltip=["sampler:N", alt.Tooltip("candidate:N", title="answer in"),
                 alt.Tooltip("rank:Q", format=","), alt.Tooltip("seed:Q")],
    )  # fmt: skip
    middle = base.transform_aggregate(
        rank="median(rank)", groupby=["candidate", "sampler", "order"]
    )
    middle = middle.mark_tick(thickness=3, size=11).encode(
        rank, y, offset, looks[0],
        tooltip=["sampler:N", alt.Tooltip("candidate:N", title="answer in"),
                 alt.Tooltip("rank:Q", title="median over seeds", format=",.1f")],
    )  # fmt: skip
    return alt.layer(seeds, middle).properties(
        height=alt.Step(26, **{"for": "position"}),
        description="Ranks of one question's answers in the multilingual pool: a row the answer's "
        "language, a mark a seed, a bar the median over seeds",
    )
