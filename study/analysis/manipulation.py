"""What a change of the training languages does to the pairs that it should move.

Each language is its own control: the same questions, before and after the change.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from study.analysis.pair_counts import Array, PairCounts, group_of, pair_terms
from study.data.balanced_help import ADDED, LANGUAGES, NAME
from study.data.language_facts import distances
from study.statistics.contrasts import contrast
from study.statistics.estimates import Estimate

Counts = Mapping[tuple[str, str], Sequence[PairCounts]]  # by corpus and sampler
KINDS = LEFT_OUT, ADDED_TO = "left out", "added"


@dataclass(frozen=True)
class Change:
    """Two corpora, ``more`` with texts of a language and ``less`` without; its pairs are scored."""

    kind: str
    language: str
    more: str
    less: str

    def distance(self, kind: str) -> float:
        """How far the language is from the nearest of the others that are trained on."""
        others = [other for other in LANGUAGES if other != self.language]
        return float(distances((self.language, *others), kind)[0, 1:].min())

    def number(self, run: PairCounts) -> Array:
        """Mean logit R@1 over the pairs with the language, both directions: (1 + articles,)."""
        own = run.languages.index(self.language)
        others = [place for place in range(len(run.languages)) if place != own]
        values = pair_terms(run)["cross"]
        return np.concatenate([values[:, own, others], values[:, others, own]], axis=1).mean(axis=1)


CHANGES = (
    *(Change(LEFT_OUT, one, NAME, f"{NAME}-without-{one}") for one in LANGUAGES if one != "en"),
    *(Change(ADDED_TO, one, f"{NAME}-with-{one}", NAME) for one in ADDED),
)


def effect(counts: Counts, changes: Sequence[Change], weights: Mapping[str, float]) -> Estimate:
    """What having more does to logit R@1: with more minus with less, averaged over changes.

    Seeds are taken for independent, though runs of one seed share their draws of pairs. A run that
    a change lacks is an error. ``weights`` are those of each sampler: ``{"hybrid": 1}`` for its own
    effect, ``{"hybrid": 1, "x-x": -1}`` for what a change does to hybrid more than to X-X.
    """
    corpora = dict.fromkeys(name for change in changes for name in (change.more, change.less))
    lacking = [name for name in corpora for sampler in weights if not counts.get((name, sampler))]
    if not changes or lacking:
        raise ValueError(f"there is no run of {', '.join(lacking) or 'any change'}")
    return contrast(
        [
            group_of(weight, counts[corpus, sampler], partial(_part, changes, corpus))
            for corpus in corpora
            for sampler, weight in weights.items()
        ]
    )


def _part(changes: Sequence[Change], corpus: str, run: PairCounts) -> Array:
    """What a run of a corpus adds to the mean over changes, for or against by the change."""
    of_corpus = [one for one in changes if corpus in (one.more, one.less)]
    parts = [one.number(run) * (1 if one.more == corpus else -1) for one in of_corpus]
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
