"""Runs with the paper's own settings on MIRACL, and the paper's numbers there."""

from IPython.display import HTML

from book.shared import html, reference, tables
from book.shared.stored_runs import Place


def ours(place: Place) -> HTML:
    """Scores by language, the paper's beside them."""
    parts = []
    for metric in tables.MIRACL_HEADLINE:
        rows = tables.by_language(
            place.scores, place.benchmark, place.planned.paper_model, "monolingual", metric
        )
        parts.append(html.heading(metric))
        parts.append(html.show_by_language(rows, f"{place.name}-{metric}".lower(), metric))
    return html.joined(*parts)


def papers(model: str) -> HTML:
    """Tables 12 or 13: the paper's scores of a model."""
    parts = []
    for metric in tables.MIRACL_HEADLINE:
        rows = reference.by_language("miracl", model, "monolingual", metric)
        parts.append(html.heading(f"{model}, {metric}"))
        parts.append(html.show_rows(rows, f"paper-miracl-{model}-{metric}".lower()))
    return html.joined(*parts)
