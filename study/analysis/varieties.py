"""Gains over all pairs of many varieties, and their slope on distance by resource."""

from collections.abc import Callable, Sequence
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
# Pairs by the lower of two classes
LOWER = (*(f"the lower class {name}" for name in CLASSES[:3]), "a language of no known class")

Matrix = NDArray[np.float64]
Runs = Sequence[Matrix]


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
    labels, is_known = classes(varieties), facts_on(varieties)["pretrained"].to_numpy(int)
    place = [CLASSES.index(label) for label in labels]
    lower, num_known = np.maximum.outer(place, place), np.add.outer(is_known, is_known)
    rows = []
    for name, groups, chosen in (
        ("all", (), lower >= 0),
        *((name, labels, lower == number) for number, name in enumerate(LOWER)),
        ("both in the pre-training", is_known, num_known == 2),
        ("one of them", is_known, num_known == 1),
        ("neither", is_known, num_known == 0),
    ):
        try:
            fit = PairSlope(apart, groups=groups, chosen=chosen)
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
    one, other = ([np.array([number(run)]) for run in runs] for runs in (first, second))
    return contrast([Group(1, one), Group(-1, other, is_trained)])
