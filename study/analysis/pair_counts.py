"""From stored ranks to what a run found between each pair of languages, article by article."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from study.statistics.contrasts import Group
from study.statistics.estimates import Array

TERMS = ("gap", "cross", "own", "mAP")
CORRECTION = 0.5  # added to hits and to misses, so that all or none has a logit


@dataclass(frozen=True)
class PairCounts:
    """What one run found between two languages, over all articles and without each in turn.

    All have the shape (1 + articles, query languages, candidate languages), the sum over all
    articles first: ``asked`` questions that are asked in both languages and have an answer in the
    candidate language, those ``found`` at rank 1 from the query language, those found at rank 1
    from the candidate language itself (``own``), and the sum of their ``reciprocal`` ranks. An
    encoder that is not ``is_trained`` is the same for every seed.
    """

    languages: tuple[str, ...]
    asked: Array
    found: Array
    own: Array
    reciprocal: Array
    is_trained: bool = True


Runs = Sequence[PairCounts]


def pair_counts(ranks: pd.DataFrame, is_trained: bool = True) -> PairCounts:
    """Count hits by article in the ranks of a run; ``is_trained``: whether a seed enters.

    Ranks without a question that two languages share are refused.
    """
    languages = tuple(sorted({*ranks["query_language"], *ranks["candidate_language"]}))
    question, questions = pd.factorize(ranks["question"], sort=True)
    article, articles = pd.factorize(ranks.groupby("question")["article"].first(), sort=True)
    codes = (
        pd.Categorical(ranks[name], categories=languages).codes
        for name in ("query_language", "candidate_language")
    )
    # (questions, query languages, candidate languages), NaN where there is no query or no answer
    rank = np.full((len(questions), len(languages), len(languages)), np.nan)
    rank[question, *codes] = ranks["rank_in_language"]
    own = np.einsum("qbb->qb", rank)[:, None, :]
    asked = np.isfinite(rank) & np.isfinite(own)
    if not asked.any(axis=0).all():
        one, other = np.array(languages)[np.argwhere(~asked.any(axis=0))[0]]
        raise ValueError(f"no question is asked in {one} and in {other} with an answer in {other}")
    per_question = asked, asked & (rank == 1), asked & (own == 1), np.where(asked, 1 / rank, 0)
    sums = []
    for values in per_question:
        by_article = np.zeros((len(articles), *values.shape[1:]))
        np.add.at(by_article, article, values)
        total = by_article.sum(axis=0)
        sums.append(np.concatenate([total[None], total - by_article]))
    asked, found, of_own, reciprocal = sums
    return PairCounts(languages, asked, found, of_own, reciprocal, is_trained)


def pair_terms(counts: PairCounts) -> dict[str, Array]:
    """The gap between two languages and its terms, in logits, and mAP.

    ``cross`` is logit R@1 from query language a to candidate language b, ``own`` that from b to b
    on the same questions, which has the same pool, and ``gap`` their difference: what it costs to
    ask in another language. ``mAP`` is that from a to b, the mean of 1 / rank. Each has the shape
    (1 + articles, query languages, candidate languages).
    """
    cross, own = (logit(hits, counts.asked) for hits in (counts.found, counts.own))
    with np.errstate(invalid="ignore"):  # without its only article a pair has no question
        precision = counts.reciprocal / counts.asked
    return {"gap": cross - own, "cross": cross, "own": own, "mAP": precision}


def logit(hits: Array, asked: Array | int) -> Array:
    """Logit of the share of hits, finite where it is none or all."""
    return np.log((hits + CORRECTION) / (asked - hits + CORRECTION))


def group_of(weight: float, runs: Runs, number: Callable[[PairCounts], Array]) -> Group:
    """Runs that differ in their seed, for a contrast of a number of theirs, (1 + articles,)."""
    return Group(weight, [number(run) for run in runs], runs[0].is_trained)


def common_languages(runs: Runs) -> tuple[str, ...]:
    """Languages of all runs; an error where they differ in them, or there is no run."""
    if len({run.languages for run in runs}) != 1:
        found = sorted({" ".join(run.languages) for run in runs})
        raise ValueError(f"runs must have the same languages, got {found or 'no run'}")
    return runs[0].languages
