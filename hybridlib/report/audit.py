"""One page on one encoder: the three settings and language bias, beside the published runs."""

import base64
import html
import io
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.data.registry import load_benchmark
from hybridlib.evaluation import three_settings
from hybridlib.experiments import evaluate_in_memory
from hybridlib.files import whole_file
from hybridlib.models.backbones import load_encoder
from hybridlib.models.encoder import DualEncoder, PlannedEncoder
from hybridlib.report import html as show
from hybridlib.report import stored_runs, tables
from hybridlib.report.chapters.main_results import pair_heat_map, pair_scores
from hybridlib.report.reference import DATASETS
from hybridlib.report.stored_runs import Runs
from hybridlib.store.run import Run
from hybridlib.store.runs import Store

BENCHMARKS = ("xquad-r", "mlqa-r", "cldr")  # the last is part of the package
PUBLISHED = ("raw",)
_MARK = "<!doctype html>\n<!-- written by hybridlib audit, which replaces it -->\n"
_COLUMNS = "benchmark,setting,metric,query_language,candidate_language,value,num_queries\n"
_PAGE = """<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Audit of {name}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 80rem; margin: 2rem auto; padding: 1rem }}
table {{ border-collapse: collapse; font-size: 0.85rem }}
th, td {{ padding: 0.2rem 0.6rem; text-align: right; vertical-align: top }}
thead {{ border-bottom: 1px solid }}
.results-table {{ overflow-x: auto }}
.interval {{ font-size: 0.7rem; font-weight: normal; opacity: 0.75 }}
img {{ max-width: 100% }}
</style>
</head>
<body>
<h1>Audit of {name}</h1>
{body}
</body>
</html>
"""
_INTRODUCTION = """<p>{model}: {settings}.</p>
<p>Mo.: queries and candidates of one language; Cr.: of two; Mul.: the candidates of all languages
in one pool. Rank distance is the language bias, the positions between the best and the worst of a
query's answers; own language first is the share of queries whose best answer is in their own
language. In both, lower is better. Ties go against the relevant candidate. Below a value stands its
95 % interval over articles, and over seeds where a training had several. Of each source the best
value is bold, the second underlined.</p>
"""


def audit(
    model: str,
    store: Store,
    profile: str = "scratch",
    name: str = "",
    benchmarks: Sequence[str] = (),
    compare_with: Sequence[str] = (),
    **settings: Any,
) -> Path:
    """Measure an encoder and write a page on it, ``results/{profile}/{name}.html``, and its CSV.

    Parameters
    ----------
    model
        What :func:`hybridlib.models.backbones.load_encoder` knows.
    store, profile, name
        The measurements lie in ``results/{profile}/{benchmark}/{name}``, so that a second call
        loads them; by default the name is the last part of the model's.
    benchmarks
        Those to measure on; by default XQuAD-R and MLQA-R, where they are at hand, and the one that
        is part of the package.
    compare_with
        Profiles whose runs are shown beside; by default the published ones, where they are at hand.
    settings
        Fields of :class:`hybridlib.models.text_settings.TextSettings` and ``pooling``, in place of
        the model's own.

    Returns
    -------
    The page; its CSV, which has every cell, lies beside it.

    Raises
    ------
    ConnectionError
        If a benchmark that is named, or the model, is not at hand.
    FileExistsError
        If page or CSV would replace a file that no audit wrote.
    FileNotFoundError
        If there is no such model, or no run of a profile that is named.
    ValueError
        If a name or a setting is wrong.
    """
    name = name or Path(model).resolve().name
    store.folder(profile, BENCHMARKS[-1], name)  # the names, before anything is loaded
    page = store.results / profile / f"{name}.html"
    _check_ours(page, _MARK)
    _check_ours(page.with_suffix(".csv"), _COLUMNS)
    for other in compare_with:
        if not (store.results / other).is_dir():
            raise FileNotFoundError(f"{store.results / other} holds no runs to compare with")
    shown = compare_with or PUBLISHED
    found, missing = _load(benchmarks)
    encoder = load_encoder(model, **settings)
    planned = PlannedEncoder(encoder.identity, lambda: encoder)
    body = _introduction(model, encoder, missing)
    scores = []
    for benchmark in found:
        folder = store.folder(profile, benchmark.name, name)
        run = evaluate_in_memory.evaluate(planned, benchmark, store, folder)
        others = {
            other: stored_runs.runs(store, other, benchmark.name)
            for other in shown
            if store.folder(other, benchmark.name).is_dir()
        }
        body += _section(name, benchmark, run, others)
        scores.append(run.scores.assign(benchmark=benchmark.name))
    with whole_file(page.with_suffix(".csv")) as sink:
        pd.concat(scores).set_index("benchmark").to_csv(sink)
    with whole_file(page) as sink:
        sink.write((_MARK + _PAGE.format(name=name, body=body)).encode())
    return page


def _check_ours(file: Path, beginning: str) -> None:
    is_ours = file.is_file() and file.read_bytes().startswith(beginning.encode())
    if file.is_symlink() or (file.exists() and not is_ours):
        raise FileExistsError(
            f"{file} is not of an audit and is not replaced. Way out: move it elsewhere, or choose "
            "another --name"
        )


def _load(names: Sequence[str]) -> tuple[list[RetrievalBenchmark], list[str]]:
    """Load the benchmarks that are named, or those at hand; say what is not."""
    if names:
        return [load_benchmark(name) for name in names], []
    found, missing = [], []
    for name in BENCHMARKS:
        try:
            found.append(load_benchmark(name))
        except ConnectionError as error:
            missing.append(f"{name} is not measured: {error}.")
            print(missing[-1], file=sys.stderr)
    return found, missing


def _introduction(model: str, encoder: DualEncoder, missing: Sequence[str]) -> str:
    used = asdict(encoder.settings) | {"pooling": encoder.pooling}
    settings = ", ".join(f"{name} {value!r}" for name, value in used.items())
    text = _INTRODUCTION.format(model=html.escape(model), settings=html.escape(settings))
    return text + "".join(f"<p>{html.escape(sentence)}</p>" for sentence in missing)


def _section(name: str, benchmark: RetrievalBenchmark, run: Run, others: Mapping[str, Runs]) -> str:
    scores = stored_runs.scores({name: run})
    for profile, runs in others.items():
        scores |= {f"{label}, {profile}": one for label, one in stored_runs.scores(runs).items()}
    file = f"{name}-{benchmark.name}"
    languages = html.escape(", ".join(benchmark.query_languages))
    parts = [f"<h2>{html.escape(DATASETS.get(benchmark.name, benchmark.name))}</h2>"]
    parts += [f"<p>{len(benchmark.queries):,} queries in {languages}, and "]
    parts += [f"{len(benchmark.candidates):,} candidates.</p>"]
    parts += [show.show(tables.headline(scores, benchmark.name), file).data]
    parts += ["<h3>Every measure</h3>"]
    parts += [show.show_plain(three_settings.summarize(run.scores), f"{file}-measures").data]
    for metric in tables.BIAS:
        parts += [f"<h3>{metric.capitalize()} by the query's language</h3>"]
        table = tables.by_language(scores, benchmark.name, "", "multilingual", metric)
        csv = f"{file}-{metric.replace(' ', '-')}"
        parts += [show.show_by_language(table, csv, metric).data]
    parts += ["<h3>mAP by the languages of query and candidates</h3>"]
    for panels in [pair_scores(runs) for runs in others.values()] or [{}]:
        parts += [_image(pair_heat_map({name: run.scores} | panels))]
    parts += ["<h3>What was measured on what</h3>"]
    measured = {name: run}
    for profile, runs in others.items():
        measured |= {f"{profile}/{other}": theirs for other, theirs in runs.items()}
    sources = stored_runs.provenance(measured)
    parts += [show.show_plain(sources, f"{file}-provenance").data]
    return "\n".join(parts)


def _image(figure: Figure) -> str:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg")
    plt.close(figure)
    svg = base64.b64encode(buffer.getvalue()).decode()
    alt = "Heat maps of mAP, a panel an encoder, a row a query language, a column a candidate one"
    return f'<img alt="{alt}" src="data:image/svg+xml;base64,{svg}">'
