"""From stored ranks to the gain of each pair of languages, and its slope on a distance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hybridlib.data.language_facts import distances
from hybridlib.statistics.contrasts import Replicated, contrast
from hybridlib.statistics.language_pairs import PairSlope, permutation_p, without_each

TERMS = ("gap", "cross", "own")
CORRECTION = 0.5  # added to hits and to misses, so that all or none has a logit

Array = NDArray[np.float64]


@dataclass(frozen=True)
class PairCounts:
    """What one run found between two languages, over all articles and without each in turn.

    All have the shape (1 + articles, query languages, candidate languages), the sum over all
    articles first: ``asked`` questions that are asked in both languages and have an answer in the
    candidate language, those ``found`` at rank 1 from the query language, those found at rank 1
    from the candidate language itself (``own``), and the sum of their ``reciprocal`` ranks.
    """

    languages: tuple[str, ...]
    asked: Array
    found: Array
    own: Array
    reciprocal: Array


def pair_counts(ranks: pd.DataFrame) -> PairCounts:
    """Count hits by article.

    Parameters
    ----------
    ranks
        Of one run, with ``question``, ``article``, ``query_language``, ``candidate_language`` and
        ``rank_in_language``: what :func:`hybridlib.evaluation.ranking.rank_relevant` returns.

    Raises
    ------
    ValueError
        If there are fewer than two languages, or no article is named.
    """
    languages = tuple(sorted({*ranks["query_language"], *ranks["candidate_language"]}))
    if len(languages) < 2:
        raise ValueError(f"pairs need two languages or more, got {', '.join(languages) or 'none'}")
    if "article" not in ranks:
        raise ValueError("ranks have no column article: they are of an old run, evaluate it again")
    question, first = np.unique(ranks["question"], return_index=True)
    article, articles = pd.factorize(ranks["article"].iloc[first], sort=True)
    places = tuple(
        pd.Categorical(ranks[name], categories=names).codes
        for name, names in (
            ("question", question),
            ("query_language", languages),
            ("candidate_language", languages),
        )
    )
    # (questions, query languages, candidate languages), NaN where there is no query or no answer
    rank = np.full((len(question), len(languages), len(languages)), np.nan)
    rank[places] = ranks["rank_in_language"]
    own = np.einsum("qbb->qb", rank)[:, None, :]
    asked = np.isfinite(rank) & np.isfinite(own)
    per_question = asked, asked & (rank == 1), asked & (own == 1), np.where(asked, 1 / rank, 0)
    sums = []
    for values in per_question:
        by_article = np.zeros((len(articles), *values.shape[1:]))
        np.add.at(by_article, article, values)
        total = by_article.sum(axis=0)
        sums.append(np.concatenate([total[None], total - by_article]))
    return PairCounts(languages, *sums)


def pair_terms(counts: PairCounts) -> dict[str, Array]:
    """The gap between two languages and its terms, in logits.

    ``cross`` is logit R@1 from query language a to candidate language b, ``own`` that from b to b
    on the same questions, which has the same pool, and ``gap`` their difference: what it costs to
    ask in another language.

    Returns
    -------
    By name of :data:`TERMS`, each of shape (1 + articles, query languages, candidate languages).
    """
    cross, own = (_logit(hits, counts.asked) for hits in (counts.found, counts.own))
    return {"gap": cross - own, "cross": cross, "own": own}


def _logit(hits: Array, asked: Array) -> Array:
    return np.log((hits + CORRECTION) / (asked - hits + CORRECTION))


def gain(first: Sequence[PairCounts], second: Sequence[PairCounts], term: str = "gap") -> Array:
    """First sampler's term minus the second's, each the mean over its seeds.

    Returns
    -------
    In logits, positive where the first is better. Shape: (query languages, candidate languages).
    """
    _check_languages([*first, *second])
    means = [
        np.mean([pair_terms(run)[term][0] for run in runs], axis=0) for runs in (first, second)
    ]
    return means[0] - means[1]


def _check_languages(runs: Sequence[PairCounts]) -> tuple[str, ...]:
    if len({run.languages for run in runs}) != 1:
        found = sorted({" ".join(run.languages) for run in runs})
        raise ValueError(f"runs must have the same languages, got {found or 'no run'}")
    return runs[0].languages


def slopes(
    first: Sequence[PairCounts], second: Sequence[PairCounts], kind: str = "syntactic"
) -> pd.DataFrame:
    """Slope of the gain on a distance, within languages and plain, for the gap and its terms.

    Returns
    -------
    Columns ``term``, ``within`` (whether languages have intercepts), ``slope`` (logits for a
    distance of 1) with ``low`` and ``high`` (95 %, articles and seeds, for these languages), and
    ``p`` (two-sided, languages' labels permuted).
    """
    apart = distances(_check_languages([*first, *second]), kind)
    rows = []
    for term in TERMS:
        for within in (True, False):
            fit = PairSlope(apart, within)
            groups = [
                (weight, [replicated(fit.of(pair_terms(run)[term])) for run in runs])
                for weight, runs in ((1.0, first), (-1.0, second))
            ]
            found = contrast(groups)
            p = permutation_p(fit.permuted(gain(first, second, term)))
            rows.append((term, within, found.mean, found.low, found.high, p))
    return pd.DataFrame(rows, columns=["term", "within", "slope", "low", "high", "p"])


def replicated(values: Array) -> Replicated:
    """Part the values of (1 + articles,) into that over all articles and those without each."""
    return Replicated(float(values[0]), values[1:])


def leave_one_out(
    first: Sequence[PairCounts], second: Sequence[PairCounts], kind: str = "syntactic"
) -> pd.DataFrame:
    """Slope of the gap within languages, without each language in turn.

    Returns
    -------
    Columns ``language`` and ``slope``.
    """
    languages = _check_languages([*first, *second])
    found = without_each(gain(first, second), distances(languages, kind))
    return pd.DataFrame({"language": languages, "slope": found})


def pair_table(
    first: Sequence[PairCounts], second: Sequence[PairCounts], kind: str = "syntactic"
) -> pd.DataFrame:
    """One row a pair of languages: both terms of the gain, averaged over both directions.

    Returns
    -------
    Columns ``language``, ``other``, ``distance``, ``gap``, ``cross``, ``own`` (logits), and ``x``
    and ``y``: distance and gap without what each language has by itself.
    """
    languages = _check_languages([*first, *second])
    fit = PairSlope(distances(languages, kind))
    rows, columns = fit.pairs
    names = np.array(languages)
    table = {"language": names[rows], "other": names[columns], "distance": fit.distances[fit.pairs]}
    for term in TERMS:
        values = gain(first, second, term)
        table[term] = (values[rows, columns] + values[columns, rows]) / 2
    table["x"], table["y"] = fit.added_variable(gain(first, second))
    return pd.DataFrame(table)
