"""What a change of the training languages does to the pairs that it should move.

Each language is its own control: the same questions, before and after the change.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from study.analysis.pair_counts import Array, PairCounts, group_of, pair_terms
from study.data.balanced_help import ADDED, FAR, LANGUAGES, NAME, NEAR, NUM_LEFT
from study.data.language_facts import distances
from study.statistics.contrasts import contrast
from study.statistics.estimates import Estimate

Counts = Mapping[tuple[str, str], Sequence[PairCounts]]  # by corpus and sampler
UNSEEN = ("ar", "el", "hi", "th", "vi")  # XQuAD-R's languages without a text in the six
KINDS = (
    "left out",
    f"cut to {NUM_LEFT} pairs",
    "added",
    "swapped: de es for tr zh",  # near languages for far ones
)


@dataclass(frozen=True)
class Change:
    """Two corpora that differ in what they offer one language, whose pairs are scored.

    ``more`` offers it more than ``less``. ``near`` and ``far`` are the languages that are trained
    on in the one and in the other, the scored one aside; ``others`` those of the scored pairs,
    empty for all of the benchmark.
    """

    kind: str
    language: str
    more: str
    less: str
    near: tuple[str, ...]
    far: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    def distance(self, kind: str) -> float:
        """How far the language is from the nearest that is left in training.

        Where other languages are trained on: how much nearer the near ones are.
        """
        nearest = [
            distances((self.language, *part), kind)[0, 1:].min()
            for part in (self.near, self.far)
            if part
        ]
        return float(nearest[0] if len(nearest) == 1 else nearest[1] - nearest[0])

    def number(self, run: PairCounts, term: str) -> Array:
        """Mean of a term over the pairs with the language, both directions: (1 + articles,)."""
        others = [
            run.languages.index(other)
            for other in self.others or run.languages
            if other != self.language and other in run.languages
        ]
        own = run.languages.index(self.language)
        values = pair_terms(run)[term]
        return np.concatenate([values[:, own, others], values[:, others, own]], axis=1).mean(axis=1)


def _changes() -> Iterator[Change]:
    for language in [language for language in LANGUAGES if language != "en"]:
        left = tuple(other for other in LANGUAGES if other != language)
        yield Change(KINDS[0], language, NAME, f"{NAME}-without-{language}", left)
        yield Change(KINDS[1], language, NAME, f"{NAME}-{NUM_LEFT}-{language}", left)
    for language in ADDED:
        yield Change(KINDS[2], language, f"{NAME}-with-{language}", NAME, LANGUAGES)
    near, far = (f"{NAME}-only-{'-'.join(languages)}" for languages in (NEAR, FAR))
    for language in UNSEEN:
        yield Change(KINDS[3], language, near, far, NEAR, FAR, UNSEEN)


CHANGES = tuple(_changes())


def effect(
    counts: Counts, changes: Sequence[Change], weights: Mapping[str, float], term: str = "cross"
) -> Estimate:
    """What having more does: score with more minus score with less, averaged over changes.

    Seeds are taken for independent. Runs of one seed share their draws of pairs, which may make the
    effect steadier than it is taken for or less steady: :func:`effect_by_seed` does without.

    Parameters
    ----------
    counts
        Runs, one a seed, of each corpus and sampler. One that a change needs and lacks is an error.
    changes
        At least one.
    weights
        Of each sampler: ``{"hybrid": 1}`` for its own effect, ``{"hybrid": 1, "x-x": -1}`` for what
        a change does to hybrid more than to X-X.
    term
        Of :data:`study.analysis.pair_counts.TERMS`.
    """
    corpora = _corpora(counts, changes, weights)
    return contrast(
        [
            group_of(weight, counts[corpus, sampler], partial(_part, changes, term, corpus))
            for corpus in corpora
            for sampler, weight in weights.items()
        ]
    )


def effect_by_seed(
    counts: Counts, changes: Sequence[Change], weights: Mapping[str, float], term: str = "cross"
) -> Array:
    """The number of :func:`effect` from the runs of each seed alone; all have the same seeds."""
    corpora = _corpora(counts, changes, weights)
    parts = [
        [weight * _part(changes, term, corpus, run)[0] for run in counts[corpus, sampler]]
        for corpus in corpora
        for sampler, weight in weights.items()
    ]
    return np.array([sum(of_seed) for of_seed in zip(*parts, strict=True)])


def _corpora(
    counts: Counts, changes: Sequence[Change], weights: Mapping[str, float]
) -> Sequence[str]:
    corpora = [*dict.fromkeys(name for change in changes for name in (change.more, change.less))]
    lacking = [name for name in corpora for s in weights if not counts.get((name, s))]
    if not changes or lacking:
        raise ValueError(f"there is no run of {', '.join(lacking) or 'any change'}")
    return corpora


def _part(changes: Sequence[Change], term: str, corpus: str, run: PairCounts) -> Array:
    """What a run of a corpus adds to the mean over changes, for or against by the change."""
    signs = [(change.more == corpus) - (change.less == corpus) for change in changes]
    parts = [
        sign * change.number(run, term) for change, sign in zip(changes, signs, strict=True) if sign
    ]
    return np.sum(parts, axis=0) / len(changes)


def with_runs(counts: Counts, kind: str, samplers: Sequence[str]) -> list[Change]:
    """Changes of a kind in languages of the benchmark; none if one of their runs is missing.

    The mean over those that happen to be there would be another number.
    """
    languages = {language for runs in counts.values() for language in runs[0].languages}
    changes = [one for one in CHANGES if one.kind == kind and one.language in languages]
    corpora = {corpus for change in changes for corpus in (change.more, change.less)}
    is_whole = all(counts.get((corpus, sampler)) for corpus in corpora for sampler in samplers)
    return changes if is_whole else []
