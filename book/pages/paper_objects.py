"""The paper, object by object: where each is in this book, and two commands for it."""

from collections.abc import Iterator, Sequence
from itertools import product

import pandas as pd
from IPython.display import HTML
from markupsafe import escape  # as pandas escapes a cell

from book.pages.claims import DONE, FINDINGS, judged
from book.shared import html, reference
from book.shared.numbers import number, with_interval
from book.shared.reference import DATASETS
from book.shared.stored_runs import Place
from book.shared.tables import BASELINES, DISTANCE, HYBRID, cells, compare
from study.statistics import endpoints

_MODELS = ("XLM-R", "LaBSE")
_SCORES = [  # number, what, benchmark, model, setting, metric, page, table
    *((1, "multilingual mAP", *one, "multilingual", "mAP", "results", "headline")
      for one in product(("xquad-r", "mlqa-r"), _MODELS)),
    *((2, "rank distance", *one, "multilingual", DISTANCE, "results", "headline")
      for one in product(("xquad-r", "mlqa-r"), _MODELS)),
    *((3 + place, "mAP and recall by language", *one, "multilingual", "R@10", "results",
       "multilingual-R@10")
      for place, (model, benchmark) in enumerate(product(_MODELS, ("xquad-r", "mlqa-r")))
      for one in [(benchmark, model)]),
    *((7 + place, "rank distance by language", benchmark, model, "multilingual", DISTANCE, "bias",
       "rank-distance")
      for place, benchmark in enumerate(("xquad-r", "mlqa-r")) for model in _MODELS),
    *((12 + place, "nDCG@10 by language", "miracl", model, "monolingual", "nDCG@10",
       "paper_settings", "nDCG@10")
      for place, model in enumerate(_MODELS)),
]  # fmt: skip
_OTHERS = [  # object, what, page, anchor
    ("table 9", "training data", "data", "paper-table-9"),
    ("table 10", "sizes of XQuAD-R and MLQA-R", "data", "xquad-r-sizes"),
    ("table 11", "sizes of MIRACL", "data", "paper-table-11"),
    ("figure 1", "the three settings", "method", "three-settings"),
    ("figure 2", "what meets in a batch", "method", "batches"),
]


def show(places: Sequence[Place]) -> HTML:
    """Every table, figure and claim: each place a link to it, each command as code."""
    others = [
        {"object": name, "what": what, "here": f"{page}.html#{anchor}"}
        | {"show again": html.papermill(page)}
        for name, what, page, anchor in _OTHERS
    ]
    tables = sorted([*_tables(places), *others], key=_number)
    table = pd.DataFrame([*tables, *_claims(places)]).fillna("")
    text = html.show_plain(table, "paper-objects").data
    for address in {*table["here"]} - {""}:
        page = address.partition(".")[0].replace("_", " ")
        link = f'<a href="{escape(address)}">{escape(page)}</a>'
        text = text.replace(f">{escape(address)}<", f">{link}<")
    for command in {*table["show again"], *table["compute again"]} - {""}:
        code = str(escape(command)).replace("/", "/<wbr>")  # a path may go on in the next line
        text = text.replace(f">{escape(command)}<", f"><code>{code}</code><")
    return HTML(text)


def _number(row: dict[str, str]) -> tuple[bool, int]:
    kind, number = row["object"].split()
    return kind == "figure", int(number)


def _tables(places: Sequence[Place]) -> Iterator[dict[str, str]]:
    for table, what, benchmark, model, setting, metric, page, name in _SCORES:
        row = {"object": f"table {table}", "what": f"{what}, {DATASETS[benchmark]}, {model}"}
        row["paper"] = f"{metric} {number(paper_value(table, benchmark, model, setting, metric))}"
        beside = [
            one
            for one in places
            if one.benchmark == benchmark and one.planned.paper_model == model and one.has_runs
        ]
        profile, anchor = f"paper-{model.lower()}", f"paper-{benchmark}-{model.lower()}-{name}"
        if beside:
            profile, anchor = beside[0].profile, f"{beside[0].name}-{name}"
        if beside or page == "paper_settings":  # others stand beside a run, or nowhere
            row["here"] = f"{page}.html#{html.anchor(anchor)}"
            row["show again"] = html.papermill(page)
        row["ours"] = _ours(beside[0], setting, metric) if beside else "not run"
        of_place = f"profile={profile} benchmark={benchmark}"
        row["compute again"] = f"snakemake -c2 --config {of_place} -- runs"
        yield row


def _ours(place: Place, setting: str, metric: str) -> str:
    """Hybrid's mean, and how it stands against X-X and X-Y."""
    hybrid = place.scores[HYBRID]
    found = hybrid.estimate(cells(hybrid, setting, metric))
    verdicts = [
        f"{compare(hybrid, place.scores[other], setting, metric).verdict} against {other}"
        for other in BASELINES
        if other in place.scores
    ]
    return "; ".join([with_interval(found.mean, found.low, found.high), *verdicts])


def paper_value(table: int, benchmark: str, model: str, setting: str, metric: str) -> float:
    """Hybrid's mean over languages in one of the paper's tables."""
    keys = ["model", "sampling", "setting", "metric", "language"]
    values = reference.scores_of(benchmark, [table]).set_index(keys)["value"]
    return float(values[model, "hybrid", setting, metric, "mean"])


def _claims(places: Sequence[Place]) -> Iterator[dict[str, str]]:
    found = judged(places)
    for claim, text in (DONE | FINDINGS).items():
        row = {"object": f"claim {claim}", "what": text}
        row["here"] = f"claims.html#{'protocol' if claim in DONE else 'claims'}"
        if claim in FINDINGS:
            row["ours"] = endpoints.line(found[f"claim {claim}"])
        yield row | {"show again": html.papermill("claims")}
