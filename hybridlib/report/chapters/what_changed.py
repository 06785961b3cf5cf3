"""Which verdicts of the first edition fell: its values beside those of the same comparison now."""

from collections.abc import Mapping

import pandas as pd

from hybridlib.report import reference, tables
from hybridlib.report.tables import HEADLINE, HYBRID, Scores


def claims_then_and_now(rows: pd.DataFrame) -> pd.DataFrame:
    """Verdicts of the findings, then and now.

    Parameters
    ----------
    rows
        Of :func:`hybridlib.report.chapters.claims.adjudicated`.
    """
    now = rows.rename(columns={"verdict": "now"})[["number", "now", "reason"]]
    then = reference.first_edition("claims").rename(columns={"verdict": "first edition"})
    return then.merge(now, on="number")[["number", "claim", "first edition", "now", "reason"]]


def differences_then_and_now(scores: Mapping[tuple[str, str], Scores]) -> pd.DataFrame:
    """Hybrid minus each other sampler, then and now, where a start has run again.

    Parameters
    ----------
    scores
        By (start, benchmark) as in the plan of tests, then label.

    Returns
    -------
    Columns ``start``, ``benchmark``, ``hybrid minus``, ``measure``, ``first edition`` (mean and
    interval), ``verdict then`` and ``now``, a comparison.
    """

    def now(row: pd.Series) -> object:
        of_samplers = scores.get((row["start"], row["benchmark"]), {})
        if not {HYBRID, row["hybrid minus"]} <= set(of_samplers):
            return None
        cell = HEADLINE[row["measure"]]
        return tables.compare(of_samplers[HYBRID], of_samplers[row["hybrid minus"]], *cell)

    then = reference.first_edition("differences")
    digits = then["mean"].abs().ge(2).map({True: "{:,.0f}", False: "{:.3f}"})
    written = [
        f"{form.format(mean)} ({form.format(low)} to {form.format(high)})"
        for form, mean, low, high in zip(
            digits, then["mean"], then["low"], then["high"], strict=True
        )
    ]
    place = ["start", "benchmark", "hybrid minus", "measure"]
    return then[place].assign(
        **{
            "first edition": written,
            "verdict then": then["verdict"],
            "now": then.apply(now, axis=1),
        }
    )


def again_in_words(table: pd.DataFrame) -> str:
    """How many of :func:`differences_then_and_now` were made again, and what became of them."""
    again = table[table["now"].notna()]
    answer = f"{len(again) or 'None'} of its {len(table)} comparisons were made again."
    if again.empty:
        return answer
    now = again["now"].map(lambda one: one.verdict)
    was_decided, is_decided = (
        side.isin(["better", "worse"]) for side in (again["verdict then"], now)
    )
    is_same = again["verdict then"] == now
    turned = was_decided & is_decided & ~is_same
    return (
        f"{answer} Of {was_decided.sum()} in which hybrid was better or worse, "
        f"{is_same.sum()} came out so again, {(was_decided & ~is_decided).sum()} are not shown "
        f"any more, {turned.sum()} turned round. Now decided: "
        f"{(~was_decided & is_decided).sum()} of {(~was_decided).sum()} that were level."
    )
