"""Whether a claim replicates: its parts in each setting, as they were fixed before the runs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Annotated, Any, Literal, get_args

import numpy as np
from pydantic import BaseModel, BeforeValidator

from hybridlib.evaluation import three_settings
from study import strict_yaml
from study.statistics.clusters import ClusteredScores
from study.statistics.equivalence import Comparison
from study.statistics.margins import PLAN
from study.statistics.multiplicity import holm

Outcome = Literal["replicates", "reversed", "split", "open", "not run"]
MEASURES: Mapping[str, Sequence[tuple[str, str]]] = {
    **{name: [cell] for name, cell in three_settings.MEASURES.items()},
    "mean mAP": [cell for cell in three_settings.MEASURES.values() if cell[1] == "mAP"],
}
"""Settings and metric of each measure: the mean of those of several settings."""
_Measure = Literal[
    "Mo. mAP", "Cr. mAP", "Mul. mAP", "mean mAP", "rank distance", "own language first"
]


class Part(BaseModel, extra="forbid", frozen=True):
    """One part of a claim: what ``sampler`` must be, put against another or ``untrained``.

    It ``expects`` ``better``, ``not worse`` (by the margin) or ``as good`` in one measure, or in
    one of several, for the queries of ``unseen`` languages or of all, from ``starts`` or from all.
    """

    sampler: str
    against: str
    measure: Annotated[tuple[_Measure, ...], BeforeValidator(lambda m: [m] if str(m) == m else m)]
    expects: Literal["better", "not worse", "as good"]
    unseen: bool = False
    starts: tuple[str, ...] = PLAN.starts

    def p_values(self, comparisons: Sequence[Comparison]) -> tuple[float, float]:
        """P-values for the part being shown, and being shown the other way round.

        There is a comparison a measure. Of several, one must come out as expected, so the smallest
        p-value is multiplied by their number; all of them must be worse for the other way round.
        """
        shown = [one.p_values[self.expects] for one in comparisons]
        worse = [one.p_values["worse"] for one in comparisons]
        return min(1.0, len(shown) * min(shown)), max(worse)


@dataclass(frozen=True)
class Judgement:
    """What is said of a claim in one setting.

    ``p`` is Holm's adjusted p-value of what is said, of *open* the one for *replicates*; ``parts``
    are the p-values of each part being shown and being shown the other way round.
    """

    outcome: Outcome
    p: float
    parts: tuple[tuple[float, float], ...]


ENDPOINTS = strict_yaml.checked(dict[str, tuple[Part, ...]], PLAN.endpoints)
SETTINGS = tuple(product(PLAN.starts, PLAN.benchmarks))


def settle(
    claim: str, scores: Mapping[tuple[str, str], Mapping[str, ClusteredScores]]
) -> dict[tuple[str, str], Judgement]:
    """Judge a claim of :data:`ENDPOINTS` in every planned setting.

    ``scores`` are those of each sampler by its name, by start and benchmark. A setting that lacks
    one that the claim names has not run.
    """
    found = {}
    for start, benchmark in SETTINGS:
        parts = [part for part in ENDPOINTS[claim] if start in part.starts]
        here = scores.get((start, benchmark), {})
        has_run = all({part.sampler, part.against} <= set(here) for part in parts)
        unseen = PLAN.unseen[benchmark]
        found[start, benchmark] = [
            part.p_values(compared(part, here, unseen if part.unseen else ()))
            for part in parts
            if has_run
        ]
    return judge(found)


def compared(
    part: Part, scores: Mapping[str, ClusteredScores], languages: Sequence[str] = ()
) -> list[Comparison]:
    """:func:`compare` a part's samplers in each of its measures."""
    one, other = scores[part.sampler], scores[part.against]
    return [compare(measure, one, other, languages) for measure in part.measure]


def judge(settings: Mapping[Any, Sequence[tuple[float, float]]]) -> dict[Any, Judgement]:
    """Judge a claim in each setting, by the p-values of its parts; none where it has not run.

    *Replicates*: all parts are shown, p being the largest of them. *Reversed*: none is shown and
    one is shown the other way round, p being the smallest times the number of parts; with another
    one shown it is *split*. Else *open*. Holm's correction is over the settings, in each direction
    by itself; a setting that has not run counts in it as one that shows nothing.
    """
    replicates = holm([max((p for p, _ in parts), default=1.0) for parts in settings.values()])
    other_way = holm(
        [min([1.0, *(len(parts) * p for _, p in parts)]) for parts in settings.values()]
    )
    judged = {}
    both = zip(settings.items(), replicates, other_way, strict=True)
    for (setting, found), p, p_reversed in both:
        outcome: Outcome = "open" if found else "not run"
        if p <= PLAN.alpha:
            outcome = "replicates"
        elif p_reversed <= PLAN.alpha:
            p, outcome = p_reversed, "reversed"
            if any(one <= PLAN.alpha for one, _ in found):
                outcome = "split"
        judged[setting] = Judgement(outcome, float(p), tuple(found))
    return judged


def line(judged: Mapping[Any, Judgement]) -> str:
    """A claim's line, as ``replicates in 2 of 3 settings, open in 1``."""
    counts = Counter(one.outcome for one in judged.values())
    first, *rest = [f"{one} in {counts[one]}" for one in get_args(Outcome) if counts[one]]
    return ", ".join([f"{first} of {len(judged)} settings", *rest])


def compare(
    measure: str, one: ClusteredScores, other: ClusteredScores, languages: Sequence[str] = ()
) -> Comparison:
    """One sampler minus another in a measure, with the margin that was fixed for it.

    ``languages`` are those of the queries; by default all.
    """
    level, weights = other.cells.get_level_values, np.zeros(len(other.cells))
    for setting, metric in MEASURES[measure]:
        chosen = (level("setting") == setting) & (level("metric") == metric)
        if languages:
            chosen &= level("query_language").isin(languages)
        if not chosen.any():
            raise ValueError(f"no {setting} {metric} of queries in {', '.join(languages)}")
        weights += chosen / chosen.sum() / len(MEASURES[measure])
    margin = PLAN.margin(metric, other.estimate(weights).mean)
    return Comparison(one.estimate(weights, other), margin, metric in PLAN.smaller_is_better)
