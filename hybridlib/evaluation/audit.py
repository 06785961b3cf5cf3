"""One page on any encoder: the three settings and its language bias, by language."""

import html
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.evaluation import three_settings
from hybridlib.evaluation.ranking import embeddings, rank_relevant
from hybridlib.evaluation.three_settings import MEASURES
from hybridlib.files import check_replaceable, check_writable, whole_folder
from hybridlib.models.encoder import DualEncoder

PAGE, SCORES = "audit.html", "audit.csv"
_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Audit of {name}</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 1rem }}
th, td {{ padding: 0.2rem 0.8rem; text-align: right; font-variant-numeric: tabular-nums }}
.table {{ overflow-x: auto }}
</style>
<h1>Audit of {name}</h1>
<p>{settings}.</p>
<p>Mo.: queries and candidates of one language. Cr.: of two, the mean over the others. Mul.: the
candidates of all languages in one pool. Rank distance is the positions between the best and the
worst of a query's answers there. Own language first is the share of queries whose best answer is in
their own language. In both, lower is better. Ties go against the relevant candidate.</p>
{sections}
"""


def audit(
    encoder: DualEncoder, name: str, benchmarks: Mapping[str, RetrievalBenchmark], folder: Path
) -> pd.DataFrame:
    """Measure an encoder; write a page on it and a CSV with every cell into a folder.

    ``name`` and the keys of ``benchmarks`` are titles on the page. The folder holds the two files
    afterwards; an earlier audit is replaced, anything else there is a FileExistsError. The table
    has the index benchmark and query language, ``mean`` last, and the columns of :data:`MEASURES`.
    """
    check_replaceable(folder, PAGE, [SCORES])  # before the work
    check_writable(folder)
    scores = {
        title: three_settings.score(rank_relevant(data, *embeddings(encoder, data)))
        for title, data in benchmarks.items()
    }
    tables = {title: by_language(found) for title, found in scores.items()}
    used = asdict(encoder.settings) | {"pooling": encoder.pooling, "revision": encoder.revision}
    settings = ", ".join(f"{key} {value!r}" for key, value in used.items())
    sections = [
        f"<h2>{html.escape(title)}</h2><p>{len(data.queries):,} queries, {len(data.candidates):,} "
        f"candidates.</p><div class='table'>{written(tables[title]).to_html(border=0)}</div>"
        for title, data in benchmarks.items()
    ]
    page = _PAGE.format(
        name=html.escape(name), settings=html.escape(settings), sections="\n".join(sections)
    )
    with whole_folder(folder, PAGE, [SCORES]) as scratch:
        pd.concat(scores, names=["benchmark"]).droplevel(1).to_csv(scratch / SCORES)
        (scratch / PAGE).write_text(page, encoding="utf-8")
    return pd.concat(tables, names=["benchmark"])


def by_language(scores: pd.DataFrame) -> pd.DataFrame:
    """A row a query language and their mean, columns of :data:`MEASURES`, from scores."""
    rows = three_settings.by_query_language(scores)
    wide = rows.pivot(index="query_language", columns=["setting", "metric"], values="value")
    present = {column: cell for column, cell in MEASURES.items() if cell in wide}
    table = wide[list(present.values())].set_axis(list(present), axis=1)
    return pd.concat([table, table.mean().to_frame("mean").T])


def written(table: pd.DataFrame) -> pd.DataFrame:
    """Numbers as they are read: shares with three digits, positions with one."""
    forms = {column: "{:,.1f}" if column == "rank distance" else "{:.3f}" for column in table}
    return pd.DataFrame({name: table[name].map(form.format) for name, form in forms.items()})
