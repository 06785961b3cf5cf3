"""What the slope of a gain on distance depends on: one choice changed at a time."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from book.pages import typology
from book.shared.samplers import labels, spoken
from study.analysis.pair_counts import PairCounts
from study.analysis.typology import tested_slope
from study.data.language_facts import DISTANCES
from study.runs.profile import load_profile
from study.statistics.language_pairs import is_shown
from study.store.runs import Store

_MAIN = {"kind": "syntactic", "term": "gap", "within": True}
CHOICES: Mapping[str, Mapping[str, Any]] = {
    "as published": _MAIN,
    **{f"{kind} distance": _MAIN | {"kind": kind} for kind in DISTANCES[1:]},
    "logit R@1 itself, not its gap": _MAIN | {"term": "cross"},
    "mAP itself": _MAIN | {"term": "mAP"},
    "plain, no intercepts": _MAIN | {"within": False},
}


def table(
    store: Store, profiles: str, benchmarks: str, sampler: str, baselines: str
) -> pd.DataFrame:
    """Slopes by start, benchmark, baseline and choice; what has no run is left out.

    Parameters
    ----------
    store
        Where the runs lie.
    profiles, benchmarks, baselines
        Names, joined by commas.
    sampler
        Which is put against the baselines.

    Returns
    -------
    Columns ``start``, ``benchmark``, ``against``, ``choice`` and those of
    :func:`study.analysis.typology.tested_slope`.

    Raises
    ------
    FileNotFoundError
        If no profile has a run.
    """
    rows = [
        {"start": load_profile(profile).caption, "benchmark": benchmark} | row
        for profile in profiles.split(",")
        for benchmark in benchmarks.split(",")
        if store.folder(profile, benchmark).is_dir()
        for row in _rows(typology.counts(store, profile, benchmark), sampler, baselines)
    ]
    if not rows:
        raise FileNotFoundError(f"no run of {profiles} on {benchmarks} is stored")
    return pd.DataFrame(rows)


def _rows(
    counts: dict[str, list[PairCounts]], sampler: str, baselines: str
) -> Iterator[dict[str, object]]:
    for one in typology.compare(counts, sampler, baselines, "syntactic"):
        for choice, arguments in CHOICES.items():
            against = {"against": labels()[one.baseline], "choice": choice}
            yield {**against, **tested_slope(*one.runs, **arguments)}


def answer(table: pd.DataFrame, sampler: str) -> str:
    """How often the slope has one sign, and is shown, by interval and by p, by baseline."""
    sentences = []
    for against, rows in table.groupby("against", sort=False):
        positive = rows["slope"] > 0
        shown = is_shown(rows["p"], rows["low"], rows["high"])
        sentences.append(
            f"Against {against} the slope of {spoken(sampler)}'s gain is positive in "
            f"{positive.sum()} of {len(rows)} rows, and shown to differ from zero in "
            f"{shown.sum()}, {(shown & positive).sum()} of them positive."
        )
    return " ".join(sentences)
