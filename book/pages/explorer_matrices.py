"""The explorer's matrices: a row a query language, a column a candidate language."""

import altair as alt

View = alt.Chart | alt.LayerChart | alt.FacetChart


def rows(name: str) -> alt.Chart:
    """A chart of the rows of a table that belong to the start, benchmark and two samplers."""
    return (
        alt.Chart(alt.NamedData(name=name))
        .transform_filter(
            "datum.start === start && datum.benchmark === benchmark "
            "&& (datum.sampler === first || datum.sampler === second)"
        )
        .transform_calculate(order="datum.sampler === first ? 1 : 2")
    )


def matrix(sampler: str) -> View:
    """Scores of the ``first`` or the ``second`` sampler by language of queries and candidates."""
    base = rows("cells").transform_filter(f"datum.sampler === {sampler}")
    base = base.transform_calculate(value="datum.values[measure]")
    top = "limits[place][measure]"
    scale = alt.Scale(scheme="viridis", domainMin=0, domainMax=alt.ExprRef(top))
    tooltip = [
        alt.Tooltip("query:N", title="queries in"),
        alt.Tooltip("candidate:N", title="candidates in"),
        alt.Tooltip("value:Q", title="mean over seeds", format=".3f"),
    ]
    ticks, is_dark = f"[0, {top} / 2, {top}]", f"datum.value < 0.6 * {top}"
    return _tiles(base, scale, ticks, ".2f", is_dark, tooltip).properties(
        title=alt.TitleParams(text=alt.ExprRef(sampler)),
        description=f"Matrix of the {sampler} sampler: a row a query language, a column a "
        "candidate language, the colour their score",
    )


def difference() -> View:
    """The first sampler's scores minus the second's."""
    base = (
        rows("cells")
        .transform_calculate(
            of_first="datum.sampler === first ? datum.values[measure] : 0",
            of_second="datum.sampler === second ? datum.values[measure] : 0",
        )
        .transform_aggregate(
            of_first="sum(of_first)", of_second="sum(of_second)", groupby=["query", "candidate"]
        )
        .transform_calculate(value="datum.of_first - datum.of_second")
    )
    end = "limits[place + ' ' + first + ' ' + second][measure]"
    scale = alt.Scale(
        scheme="purplegreen", domainMin=alt.ExprRef(f"-{end}"), domainMax=alt.ExprRef(end)
    )
    tooltip = [
        alt.Tooltip("query:N", title="queries in"),
        alt.Tooltip("candidate:N", title="candidates in"),
        alt.Tooltip("of_first:Q", title="first sampler", format=".3f"),
        alt.Tooltip("of_second:Q", title="second sampler", format=".3f"),
        alt.Tooltip("value:Q", title="difference", format="+.3f"),
    ]
    ticks, is_dark = f"[-{end}, 0, {end}]", f"abs(datum.value) > 0.6 * {end}"
    return _tiles(base, scale, ticks, "+.2f", is_dark, tooltip).properties(
        title=alt.TitleParams(text=alt.ExprRef("[first, 'minus ' + second]")),
        description="Matrix of differences: a row a query language, a column a candidate language, "
        "the colour the first sampler's score minus the second's",
    )


def _tiles(
    base: alt.Chart,
    scale: alt.Scale,
    ticks: str,
    digits: str,
    is_dark: str,
    tooltip: list[alt.Tooltip],
) -> View:
    base = base.transform_calculate(
        written=f"replace(format(datum.value, '{digits}'), '0.', '.')"
    ).encode(
        alt.X("candidate:N", title="candidates in", axis=alt.Axis(orient="top")),
        alt.Y("query:N", title="queries in"),
        tooltip=tooltip,
    )
    legend = alt.Legend(gradientThickness=10, format=digits, values=alt.ExprRef(ticks))
    tile = base.mark_rect(cursor="pointer").encode(alt.Color("value:Q", scale=scale, legend=legend))
    number = base.mark_text(fontSize=9.5, cursor="pointer", aria=False)
    chosen = base.transform_filter("datum.query === query && datum.candidate === candidate")
    outline = chosen.mark_rect(fill=None, aria=False)
    return alt.layer(
        tile,
        number.encode(
            text="written:N",
            color=alt.when(is_dark).then(alt.value("white")).otherwise(alt.value("black")),
        ),
        outline.encode(strokeWidth=alt.value(4), stroke=alt.value("white")),
        outline.encode(strokeWidth=alt.value(2), stroke=alt.value("black")),
    ).properties(height=280)
