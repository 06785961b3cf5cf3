"""Runs with the paper's own settings on MIRACL, and the paper's numbers there."""

from IPython.display import HTML

from book.pages.results import language_table
from book.shared import html, reference, tables
from book.shared.stored_runs import Place


def ours(place: Place) -> HTML:
    """Scores by language, the paper's beside them."""
    parts = [
        language_table(place, "monolingual", metric, metric, metric)
        for metric in tables.MIRACL_HEADLINE
    ]
    return html.joined(*parts)


def papers(model: str) -> HTML:
    """Tables 12 or 13: the paper's scores of a model."""
    parts = []
    for metric in tables.MIRACL_HEADLINE:
        rows = reference.by_language("miracl", model, "monolingual", metric)
        parts.append(html.heading(f"{model}, {metric}"))
        parts.append(html.show_rows(rows, f"paper-miracl-{model.lower()}-{metric}"))
    return html.joined(*parts)
