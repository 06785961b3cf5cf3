"""What a change of the training corpus does to some languages, by sampler."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from hybridlib.analysis.typology import PairCounts, replicated
from hybridlib.data.language_facts import distances
from hybridlib.statistics.contrasts import Interval, Replicated, contrast


def involves(languages: Sequence[str], chosen: Sequence[str]) -> NDArray[np.bool_]:
    """Which ordered pairs of two languages have one of the chosen ones in them.

    Raises
    ------
    ValueError
        If a chosen language is none of the benchmark's.
    """
    if lacking := [language for language in chosen if language not in languages]:
        raise ValueError(
            f"the benchmark has {', '.join(languages)}, not {', '.join(map(repr, lacking))}"
        )
    is_chosen = np.isin(languages, chosen)
    return (is_chosen[:, None] | is_chosen) & ~np.eye(len(languages), dtype=bool)


Condition = Mapping[str, Sequence[PairCounts]]
"""Runs of each sampler, one a seed, trained on one corpus."""


def effect(
    condition: Condition,
    reference: Condition,
    samplers: Mapping[str, float],
    chosen: Mapping[str, float],
) -> Interval:
    """What a change of the training corpus does to the pairs with some languages.

    The mean reciprocal rank of cross-lingual pairs (mAP, one answer being relevant), condition
    minus reference.

    Parameters
    ----------
    condition, reference
        As full and reduced corpus, for the harm that the reduction does.
    samplers
        Weight of each: ``{"hybrid": 1}`` for hybrid's own effect, ``{"hybrid": 1, "x-x": -1}`` for
        how much more of it hybrid has than X-X.
    chosen
        Weight of the pairs with each language, as ``{"tr": 1}``.

    Raises
    ------
    ValueError
        If a sampler has no run, or a language is none of the benchmark's.
    """
    groups = []
    for sampler, weight in samplers.items():
        for sign, runs in ((weight, condition), (-weight, reference)):
            if sampler not in runs:
                raise ValueError(f"there is no run of {sampler!r}; there is {', '.join(runs)}")
            groups.append((sign, [_pair_means(run, chosen) for run in runs[sampler]]))
    return contrast(groups)


def _pair_means(run: PairCounts, chosen: Mapping[str, float]) -> Replicated:
    means = run.reciprocal / np.maximum(run.asked, 1)
    parts = [
        weight * means[:, involves(run.languages, [language])].mean(axis=1)
        for language, weight in chosen.items()
    ]
    return replicated(np.sum(parts, axis=0))


def nearest_distance(language: str, others: Sequence[str], kind: str = "syntactic") -> float:
    """Distance from a language to the nearest of others, itself left out."""
    left = [other for other in others if other != language]
    return float(distances([language, *left], kind)[0, 1:].min())
