"""The gain of one sampler over another between two languages, and its slope on a distance."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from study.analysis.pair_counts import (
    TERMS,
    Array,
    PairCounts,
    Runs,
    common_languages,
    group_of,
    pair_terms,
)
from study.data.language_facts import distances, facts_on
from study.statistics.contrasts import contrast
from study.statistics.estimates import Estimate
from study.statistics.language_pairs import PairSlope

LOW_CLASS, SMALL_WIKIPEDIA = 3, 1_000_000


def gain(first: Runs, second: Runs, term: str = "gap") -> Array:
    """First sampler's term minus the second's, each the mean over its seeds, in logits.

    Positive where the first is better. Shape: (query languages, candidate languages).
    """
    one, other = ([pair_terms(run)[term][0] for run in runs] for runs in (first, second))
    return np.mean(one, axis=0) - np.mean(other, axis=0)


def _difference(first: Runs, second: Runs, number: Callable[[PairCounts], Array]) -> Estimate:
    return contrast([group_of(1, first, number), group_of(-1, second, number)])


def tested_slope(
    first: Runs, second: Runs, kind: str = "syntactic", term: str = "gap", within: bool = True
) -> dict[str, float]:
    """Slope of the gain on a kind of distance; ``within``: whether languages have intercepts.

    ``slope`` is in the term's unit for a distance of 1, ``low`` and ``high`` are of 95 %, by
    articles and seeds for these languages, ``p`` is two-sided, languages' labels permuted.
    """
    fit = PairSlope(distances(common_languages([*first, *second]), kind), within)
    found = _difference(first, second, lambda run: fit.of(pair_terms(run)[term]))
    _, p = fit.tested(gain(first, second, term))
    return {"slope": found.mean, "low": found.low, "high": found.high, "p": p}


def slopes(first: Runs, second: Runs, kind: str = "syntactic") -> pd.DataFrame:
    """:func:`tested_slope` of the gap and of its terms, within languages and plain."""
    rows = [
        {"term": term, "within": within} | tested_slope(first, second, kind, term, within)
        for term in TERMS
        for within in (True, False)
    ]
    return pd.DataFrame(rows)


def by_resource(
    first: Runs, second: Runs, is_low: Sequence[bool], kind: str = "syntactic"
) -> pd.DataFrame:
    """Gain over pairs with a language of low resource, and over the others, a row each.

    ``is_low`` tells of each language of the runs whether it is of low resource. The ``gain`` is in
    the gap, in logits; ``slope``, within languages among these pairs, and its ``p`` are NaN where
    these pairs have none.
    """
    apart = distances(common_languages([*first, *second]), kind)
    low, groups = np.asarray(is_low), ["low" if one else "other" for one in is_low]
    has_low = low[:, None] | low
    rows = []
    for name, chosen in (("with one", has_low), ("others", ~has_low)):
        chosen &= ~np.eye(len(low), dtype=bool)
        if not chosen.any():
            continue
        found = _difference(first, second, partial(_mean_gap, chosen=chosen))
        slope = p = np.nan
        with suppress(ValueError):  # too few pairs for intercepts and a slope
            slope, p = PairSlope(apart, True, groups, chosen).tested(gain(first, second))
        rows.append((name, chosen.sum() // 2, found.mean, found.low, found.high, slope, p))
    columns = ["pairs", "number", "gain", "low", "high", "slope", "p"]
    return pd.DataFrame(rows, columns=columns)


def _mean_gap(run: PairCounts, chosen: NDArray[np.bool_]) -> Array:
    return pair_terms(run)["gap"][:, chosen].mean(axis=1)


def low_resource(languages: Sequence[str], num_texts: pd.Series) -> dict[str, list[bool]]:
    """Which languages are of low resource, in three ways; ``num_texts`` are those of training."""
    facts = facts_on(languages)
    is_small = facts["wikipedia_articles"].lt(SMALL_WIKIPEDIA)
    return {
        "no text in this training": num_texts.reindex(languages).eq(0).tolist(),
        f"Joshi's class {LOW_CLASS} or lower": facts["joshi_class"].le(LOW_CLASS).tolist(),
        f"Wikipedia of less than {SMALL_WIKIPEDIA:,} articles": is_small.tolist(),
    }


def leave_one_out(first: Runs, second: Runs, kind: str = "syntactic") -> pd.DataFrame:
    """Columns ``language`` and ``slope``, that of the gap within languages without this one."""
    languages = common_languages([*first, *second])
    apart, gained = distances(languages, kind), gain(first, second)
    is_kept = ~np.eye(len(languages), dtype=bool)
    found = [PairSlope(apart[k][:, k]).of(gained[k][:, k]) for k in is_kept]
    return pd.DataFrame({"language": languages, "slope": found})


def pair_table(first: Runs, second: Runs, kind: str = "syntactic") -> pd.DataFrame:
    """One row a pair of languages: distance and gain in each of :data:`TERMS`, both directions.

    ``x`` and ``y`` are distance and gap without what each language has by itself.
    """
    languages = common_languages([*first, *second])
    fit = PairSlope(distances(languages, kind))
    rows, columns = fit.pairs
    names = np.array(languages)
    table = {"language": names[rows], "other": names[columns], "distance": fit.distances[fit.pairs]}
    table |= {term: fit.both_directions(gain(first, second, term)) for term in TERMS}
    table["x"], table["y"] = fit.added_variable(gain(first, second))
    return pd.DataFrame(table)
