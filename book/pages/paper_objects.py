"""Every table, figure and claim of the paper: where it is here, its value and ours, the command."""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from book.pages import claims, data
from book.pages import cost as costs
from book.pages.findings import Evidence
from book.pages.paper_entry import (
    A_MINUTE,
    COMPARED,
    NOT_RUN,
    REDRAWN,
    REMEASURED,
    Entry,
    papermill,
    snakemake,
)
from book.pages.paper_tables import FIGURES, SCORE_TABLES, ScoreTable
from book.shared import reference, sentences, stored_runs, tables
from book.shared.tables import BASELINES, HYBRID, Scores
from study.runs.profile import PROFILES, Profile, load_profile
from study.store.runs import Store

_NO_RUN = "no run"
PAPER_PROFILES = {"XLM-R": "paper-xlm-r", "LaBSE": "paper-labse"}
_VERDICTS = {  # of hybrid
    "better": "better than {}",
    "worse": "worse than {}",
    "equivalent": "as good as {}",
    "undecided": "undecided against {}",
}
_SHORT = dict(stored_runs.SETTINGS)


def starts(store: Store, preferred: str) -> list[Profile]:
    """Published profiles with runs on a benchmark of the paper, the preferred one first.

    Raises
    ------
    ValueError
        If there is no profile of the preferred one's name.
    """
    names = [preferred, *sorted(file.stem for file in PROFILES.glob("*.yaml"))]
    every = [load_profile(name) for name in dict.fromkeys(names)]
    return [one for one in every if one.published and list(_benchmarks(store, one))]


def _benchmarks(store: Store, profile: Profile) -> Iterator[str]:
    for benchmark in profile.benchmarks:
        if benchmark in reference.DATASETS and store.folder(profile.name, benchmark).is_dir():
            yield benchmark


def scores(
    store: Store, found: Sequence[Profile], evidence: Evidence
) -> dict[tuple[str, str], Scores]:
    """Scores of each start on each benchmark, by name; those that the claims have are not reread.

    Parameters
    ----------
    store
        Where the runs lie.
    found
        Of :func:`starts`.
    evidence
        Of :func:`book.pages.claims.gather`.
    """
    known = {
        (profile, benchmark): evidence.scores[start, benchmark]
        for start, profile in claims.STARTS.items()
        for benchmark in reference.DATASETS
        if (start, benchmark) in evidence.scores
    }
    return {
        (one.name, benchmark): known.get((one.name, benchmark))
        or stored_runs.scores(stored_runs.runs(store, one.name, benchmark))
        for one in found
        for benchmark in _benchmarks(store, one)
    }


def entries(
    found: Sequence[Profile],
    measured: Mapping[tuple[str, str], Scores],
    evidence: Evidence,
    hours: pd.DataFrame,
) -> list[Entry]:
    """List tables 1 to 13, figures 1 and 2 and the eleven claims, in this order.

    Parameters
    ----------
    found, measured
        Of :func:`starts` and :func:`scores`.
    evidence
        Of :func:`book.pages.claims.gather`.
    hours
        Of :func:`book.pages.cost.hours`, for the paper's profile.
    """
    listed = [
        _score_entry(table, benchmark, model, found, measured, hours)
        for table in SCORE_TABLES
        for benchmark in table.benchmarks
        for model in table.models
    ]
    listed += _sizes(evidence)
    listed.sort(key=lambda one: int(one.name.removeprefix("table ")))
    for number, what, heading in FIGURES:
        words = ("a drawing", "drawn by code", REDRAWN, papermill("method"), A_MINUTE, REDRAWN)
        listed.append(Entry(f"figure {number}", what, "method", heading, *words))
    return [*listed, *_claims(evidence)]


def _score_entry(
    table: ScoreTable,
    benchmark: str,
    model: str,
    found: Sequence[Profile],
    measured: Mapping[tuple[str, str], Scores],
    hours: pd.DataFrame,
) -> Entry:
    short = f"{_SHORT[table.setting]} {table.metric}" if table.metric == "mAP" else table.metric
    value = table.paper(benchmark, model)
    name, dataset = f"table {table.number}", reference.DATASETS[benchmark]
    what, paper = f"{table.what}, {dataset}, {model}", f"{short} {_number(value)}"
    beside = [
        one.name
        for one in found
        if one.paper_model == model and HYBRID in measured.get((one.name, benchmark), {})
    ]
    if not beside:
        place = f"paper-miracl-{model}-{table.metric}".lower()
        page, shown = ("miracl", place) if benchmark == "miracl" else ("cost", "cost-hours")
        again = snakemake(PAPER_PROFILES[model], benchmark)
        takes = f"{_hours(hours, model, benchmark):,.0f} GPU hours"
        return Entry(name, what, page, shown, paper, _NO_RUN, NOT_RUN, again, takes, NOT_RUN)
    of_samplers = measured[beside[0], benchmark]
    hybrid = of_samplers[HYBRID]
    cell = (table.setting, table.metric)
    ours = sentences.written(hybrid.estimate(tables.cells(hybrid, *cell)))
    verdict = "; ".join(
        _VERDICTS[tables.compare(hybrid, of_samplers[baseline], *cell).verdict].format(baseline)
        for baseline in BASELINES
        if baseline in of_samplers
    )
    page, shown = table.place(beside[0], benchmark)
    parameters = {"profile": beside[0], "benchmark": benchmark, "model": model}
    again = papermill(table.notebook, **({} if page == "miracl" else parameters))
    return Entry(name, what, page, shown, paper, ours, verdict, again, A_MINUTE, REMEASURED)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 2 else f"{value:.3f}"


def _hours(hours: pd.DataFrame, model: str, benchmark: str) -> float:
    """GPU hours of every run from a model, its training with the evaluation on a benchmark."""
    mine = hours[hours["backbone"] == model.lower()]
    is_miracl = mine["part"].str.startswith("MIRACL")
    is_lareqa = mine["part"].str.startswith("XQuAD-R")
    return float(mine.loc[~(is_lareqa if benchmark == "miracl" else is_miracl), costs.ALL].sum())


def _sizes(evidence: Evidence) -> Iterator[Entry]:
    """Tables 9 to 11: what is counted here, or compared with what others publish."""
    again = papermill("data")
    sets = data.training_data()
    there = int(sets["corpus"].notna().sum())
    verdict = "can be rebuilt" if there == len(sets) else "cannot be rebuilt"
    yield Entry(
        "table 9", "training data", "data", "paper-table-9", f"{len(sets)} sets",
        f"{there} to be had", verdict, again, A_MINUTE, COMPARED,
    )  # fmt: skip
    sizes = reference.lareqa_sizes()
    for benchmark, run in evidence.counts.items():
        dataset = reference.DATASETS[benchmark]
        theirs = sizes.loc[sizes["dataset"] == dataset, "candidates"].sum()
        yield Entry(
            "table 10", f"queries and candidates, {dataset}", "data", f"{benchmark}-sizes",
            f"{theirs:,} candidates", f"{run.scores['candidates'].sum():,}",
            data.beside_paper(run.scores, sizes, dataset).verdict.rstrip("."),
            again, A_MINUTE, REMEASURED,
        )  # fmt: skip
    miracl = reference.miracl_sizes()
    differs = miracl.loc[miracl["queries_paper"] != miracl["queries_miracl"], "language"]
    verdict = f"differs in {', '.join(differs)}" if len(differs) else "every count is MIRACL's"
    yield Entry(
        "table 11", "queries and candidates, MIRACL", "data", "paper-table-11",
        f"{miracl['queries_paper'].sum():,} queries",
        f"{miracl['queries_miracl'].sum():,}, MIRACL's", verdict, again, A_MINUTE, COMPARED,
    )  # fmt: skip


def _claims(evidence: Evidence) -> Iterator[Entry]:
    again = papermill("claims")
    for (number, text), rows in claims.protocol(evidence).groupby(["number", "claim"], sort=False):
        verdict = "; ".join(dict.fromkeys(rows["verdict"]))
        facts = f"{len(rows)} {'fact' if len(rows) == 1 else 'facts'}"
        words = ("claims", "protocol", "stated", facts, verdict)
        yield Entry(f"claim {number}", text, *words, again, A_MINUTE)
    for row in claims.adjudicated(evidence)[0].itertuples(index=False):
        words = ("claims", f"claim-{row.number}", "claimed", row.reason, row.verdict)
        yield Entry(f"claim {row.number}", row.claim, *words, again, A_MINUTE)
