"""Gains over all pairs of many varieties, and their slope on distance by resource."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from study.analysis.pair_counts import logit
from study.data.language_facts import distances, facts_on
from study.data.sib_200 import NUM_SENTENCES
from study.statistics.contrasts import Group, contrast
from study.statistics.estimates import Estimate
from study.statistics.language_pairs import PairSlope

NUM_PERMUTATIONS = 1999  # of thousands of pairs: p is known to a thousandth or so
CLASSES = ("4 or 5", "2 or 3", "0 or 1", "none known")

Matrix = NDArray[np.float64]
Runs = Sequence[Matrix]
Pairs = Mapping[str, Sequence[tuple[str, str]]]  # couples of labels, by what they are called


def logits(pair_scores: pd.DataFrame, varieties: Sequence[str]) -> Matrix:
    """Logit of R@1 on SIB-200 between all varieties, from ``pair_scores`` of a run.

    In the order of ``varieties``, NaN on the diagonal; a pair that is missing is an error.
    """
    wide = pair_scores.pivot(index="query_variety", columns="candidate_variety", values="R@1")
    shares = wide.reindex(index=varieties, columns=varieties).to_numpy()
    lacking = np.isnan(shares) & ~np.eye(len(shares), dtype=bool)
    if lacking.any():
        one, other = np.array(varieties)[np.argwhere(lacking)[0]]
        raise ValueError(f"there is no score from {one} to {other}; evaluate the run again")
    return logit(shares * NUM_SENTENCES, NUM_SENTENCES)


def classes(varieties: Sequence[str]) -> list[str]:
    """Joshi's class of each, two together: one of :data:`CLASSES`."""
    found = facts_on(varieties)["joshi_class"]
    return [CLASSES[3] if np.isnan(one) else CLASSES[2 - int(one) // 2] for one in found]


BY_CLASS: Pairs = {
    f"the lower class {CLASSES[place]}" if place < 3 else "a language of no known class": [
        (CLASSES[place], other) for other in CLASSES[: place + 1]
    ]
    for place in range(len(CLASSES))
}
"""Pairs by the lower of two classes."""

BY_PRE_TRAINING: Pairs = {
    "both in the pre-training": [("yes", "yes")],
    "one of them": [("yes", "no")],
    "neither": [("no", "no")],
}


def pretrained(varieties: Sequence[str]) -> list[str]:
    """Whether each is a language of XLM-R's pre-training: ``yes`` or ``no``."""
    return ["yes" if one else "no" for one in facts_on(varieties)["pretrained"]]


def gains(
    first: Runs, second: Runs, is_trained: bool, varieties: Sequence[str], kind: str = "syntactic"
) -> pd.DataFrame:
    """Mean gain and its slope on distance within languages, over all pairs and by resource.

    ``first`` and ``second`` are logits of both samplers, a matrix a seed; ``is_trained`` says
    whether the second has seeds. Intervals are of 95 %, by seeds; ``p`` permutes languages inside
    their class.
    """
    apart = distances(varieties, kind)
    mean = np.mean(first, axis=0) - np.mean(second, axis=0)
    rows = []
    for labels, couples in (
        ([""] * len(varieties), {"all": [("", "")]}),
        (classes(varieties), BY_CLASS),
        (pretrained(varieties), BY_PRE_TRAINING),
    ):
        for name, between in couples.items():
            try:
                fit = PairSlope(apart, groups=labels, between=between)
            except ValueError:  # too few varieties of this class
                continue
            level = _difference(first, second, is_trained, fit.mean)
            slope = _difference(first, second, is_trained, fit.of)
            _, p = fit.tested(np.nan_to_num(mean), NUM_PERMUTATIONS)
            numbers = (n for e in (level, slope) for n in (e.mean, e.low, e.high))
            rows.append((name, len(fit.pairs[0]), *numbers, p))
    columns = ["gain", "gain low", "gain high", "slope", "slope low", "slope high", "p"]
    return pd.DataFrame(rows, columns=["pairs", "number", *columns])


def _difference(
    first: Runs, second: Runs, is_trained: bool, number: Callable[[Matrix], Any]
) -> Estimate:
    # sentences are not told apart: seeds alone
    groups = [
        Group(weight, [np.array([number(run)]) for run in runs], trained)
        for weight, runs, trained in ((1, first, True), (-1, second, is_trained))
    ]
    return contrast(groups)
