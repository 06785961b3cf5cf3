"""Slopes over pairs of languages: least squares, permutation of labels.

Values and distances are symmetric matrices of shape (languages, languages); the statistics are over
the pairs above the diagonal. *Within languages* means that every language has an intercept of its
own, so that a language that is merely hard, or merely weak in an encoder, moves no slope.
"""

from collections.abc import Iterator, Sequence
from itertools import islice, permutations
from math import factorial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from study.statistics.margins import PLAN

NUM_PERMUTATIONS = 10_000
_PERMUTATIONS_AT_A_TIME = 500

Matrix = NDArray[np.float64]


def is_shown(p: Any, low: Any, high: Any) -> Any:
    """Whether a slope counts as one: its p is at most alpha, and its interval excludes zero.

    The p is over permuted languages, the interval over articles and seeds: neither sees the chance
    of the other. Numbers, or a column of each.
    """
    return (p <= PLAN.alpha) & (low * high > 0)


class PairSlope:
    """Least-squares slope of a pair's value on its distance, linear in the values.

    Parameters
    ----------
    distances
        Must vary over the pairs beyond the intercepts. Shape: (languages, languages).
    within
        Whether every language has an intercept; else all pairs have one in common.
    groups
        Label of each language, or nothing. Permutations stay inside a group.
    between
        Couples of labels: only pairs with a language of the one group and one of the other count.

    Source
    ------
    Frisch, Waugh and Lovell's theorem; crossed intercepts as in a round-robin design.
    """

    def __init__(
        self,
        distances: Matrix,
        within: bool = True,
        groups: Sequence[str] = (),
        between: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.distances = np.asarray(distances, dtype=np.float64)
        count = len(self.distances)
        if not np.isfinite(self.distances).all():
            raise ValueError("a distance is missing; leave the language out")
        self.groups = np.asarray(groups if len(groups) else [""] * count)
        is_pair = np.triu(np.ones((count, count), dtype=bool), k=1)
        if between:
            members = {label: self.groups == label for couple in between for label in couple}
            couples = [np.outer(members[one], members[other]) for one, other in between]
            wanted = np.sum(couples, axis=0)
            is_pair &= (wanted + wanted.T) > 0
        self.pairs = np.nonzero(is_pair)
        values = self.distances[self.pairs]
        self._within = within
        self.residuals = _project_out(self._intercepts(), values)
        scale = float(self.residuals @ self.residuals)
        if scale <= 1e-12 * max(1.0, float(values @ values)):
            raise ValueError(
                f"the distance does not vary over these {len(values)} pairs of languages"
                f"{' beyond what each language has by itself' if within else ''}, so its slope "
                "cannot be had; take another distance or more languages (four or more)"
            )
        self.weights = self.residuals / scale

    def _intercepts(self) -> Matrix:
        rows, columns = self.pairs
        if not self._within:
            return np.ones((len(rows), 1))
        own = np.eye(len(self.distances))
        return own[rows] + own[columns]

    def of(self, values: Matrix) -> Matrix:
        """Slope of the values, averaged over both directions: (..., languages, languages)."""
        return self._both_directions(values) @ self.weights

    def _both_directions(self, values: Matrix) -> Matrix:
        rows, columns = self.pairs
        return (values[..., rows, columns] + values[..., columns, rows]) / 2

    def added_variable(self, values: Matrix) -> tuple[Matrix, Matrix]:
        """What is left of distance and value without the intercepts: the slope's scatter plot."""
        left = _project_out(self._intercepts(), self._both_directions(values))
        return self.residuals, left

    def permuted(self, values: Matrix, num_draws: int = NUM_PERMUTATIONS, seed: int = 0) -> Matrix:
        """Slopes under permutations of the languages' labels, the identity first.

        Every permutation once, where there are no more than ``num_draws`` (seven languages have
        5,040); else as many drawn ones.

        Source
        ------
        Mantel (1967); Krackhardt (1988): the residuals stay, the distances' rows and columns move
        together.
        """
        _, residuals = self.added_variable(values)
        rows, columns = self.pairs
        scale = self.residuals @ self.residuals  # the same for every permutation inside the groups
        slopes = [
            self.distances[order[:, rows], order[:, columns]] @ residuals / scale
            for order in _orders(self.groups, num_draws, seed)
        ]
        return np.concatenate(slopes)

    def tested(self, values: Matrix, num_draws: int = NUM_PERMUTATIONS) -> tuple[float, float]:
        """The slope, and its two-sided p by permutation."""
        slopes = self.permuted(values, num_draws)
        return float(slopes[0]), permutation_p(slopes)


def _project_out(design: Matrix, values: Matrix) -> Matrix:
    return values - design @ np.linalg.lstsq(design, values, rcond=None)[0]


def _orders(groups: NDArray, num_draws: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """Yield orders of the languages, each (some, languages), the identity first of all."""
    count = len(groups)
    if len(set(groups)) == 1 and factorial(count) <= num_draws:
        every = permutations(range(count))
        while orders := list(islice(every, _PERMUTATIONS_AT_A_TIME)):
            yield np.array(orders)
        return
    rng = np.random.default_rng(seed)
    yield np.arange(count)[None]
    for start in range(0, num_draws, _PERMUTATIONS_AT_A_TIME):
        some = np.tile(np.arange(count), (min(_PERMUTATIONS_AT_A_TIME, num_draws - start), 1))
        for label in sorted(set(groups)):
            members = np.flatnonzero(groups == label)
            some[:, members] = rng.permuted(some[:, members], axis=1)
        yield some


def permutation_p(slopes: Matrix) -> float:
    """Two-sided p of the first of permuted slopes: the share that lie as far from zero.

    The identity counts among them, so that p is never zero and never too small.
    """
    observed = abs(slopes[0]) * (1 - 1e-9) - 1e-12  # what is zero but for rounding is not apart
    return float(np.mean(np.abs(slopes) >= observed))


def without_each(values: Matrix, distances: Matrix, within: bool = True) -> Matrix:
    """Slope without each language in turn. Shape: (languages,)."""
    kept = [np.delete(np.arange(len(distances)), place) for place in range(len(distances))]
    return np.array(
        [PairSlope(distances[np.ix_(k, k)], within).of(values[np.ix_(k, k)]) for k in kept]
    )
