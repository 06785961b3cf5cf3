"""Slopes over pairs of languages: least squares, permutation of labels.

Values and distances are symmetric matrices of shape (languages, languages); the statistics are over
the pairs above the diagonal. *Within languages* means that every language has an intercept of its
own, so that a language that is merely hard, or merely weak in an encoder, moves no slope.
"""

from collections.abc import Iterator, Sequence
from itertools import islice, permutations
from math import factorial
from typing import Any, Literal

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

    Distances, (languages, languages), must vary over the pairs beyond the intercepts: ``within``,
    every language has its own, else all pairs have one in common. ``groups`` has a label of each
    language, or nothing; permutations stay inside a group. Only the ``chosen`` pairs count, by
    default all: booleans, symmetric, that no such permutation changes.

    Source: Frisch, Waugh and Lovell's theorem; crossed intercepts as in a round-robin design.
    """

    def __init__(
        self,
        distances: Matrix,
        within: bool = True,
        groups: Sequence[Any] = (),
        chosen: NDArray[np.bool_] | Literal[True] = True,
    ) -> None:
        self.distances, count = distances, len(distances)
        self.groups = np.asarray(groups if len(groups) else [""] * count)
        every = np.ones((count, count), dtype=bool)
        rows, columns = self.pairs = np.nonzero(np.triu(every & chosen, k=1))
        values, own = self.distances[self.pairs], np.eye(count)
        self._intercepts = own[rows] + own[columns] if within else np.ones((len(rows), 1))
        self.residuals = self._project_out(values)
        self._scale = float(self.residuals @ self.residuals)
        if self._scale <= 1e-12 * max(1.0, float(values @ values)):
            raise ValueError(
                f"the distance does not vary over these {len(values)} pairs of languages"
                f"{' beyond what each language has by itself' if within else ''}, so its slope "
                "cannot be had; take another distance or more languages (four or more)"
            )
        self.weights = self.residuals / self._scale

    def _project_out(self, values: Matrix) -> Matrix:
        intercepts = np.linalg.lstsq(self._intercepts, values, rcond=None)[0]
        return values - self._intercepts @ intercepts

    def of(self, values: Matrix) -> Matrix:
        """Slope of the values, averaged over both directions: (..., languages, languages)."""
        return self.both_directions(values) @ self.weights

    def both_directions(self, values: Matrix) -> Matrix:
        """Values of the pairs: (..., languages, languages) to (..., pairs)."""
        rows, columns = self.pairs
        return (values[..., rows, columns] + values[..., columns, rows]) / 2

    def mean(self, values: Matrix) -> float:
        """Mean over the pairs."""
        return float(self.both_directions(values).mean())

    def added_variable(self, values: Matrix) -> tuple[Matrix, Matrix]:
        """What is left of distance and value without the intercepts: the slope's scatter plot."""
        return self.residuals, self._project_out(self.both_directions(values))

    def permuted(self, values: Matrix, num_draws: int = NUM_PERMUTATIONS) -> Matrix:
        """Slopes under permutations of the languages' labels, the identity first.

        Every permutation once, where there are no more than ``num_draws`` (seven languages have
        5,040); else as many drawn ones.

        Source: Mantel (1967); Krackhardt (1988): the residuals stay, the distances' rows and
        columns move together.
        """
        _, residuals = self.added_variable(values)
        rows, columns = self.pairs
        orders = _orders(self.groups, num_draws)
        slopes = [self.distances[one[:, rows], one[:, columns]] @ residuals for one in orders]
        return np.concatenate(slopes) / self._scale  # the same for every permutation in the groups

    def tested(self, values: Matrix, num_draws: int = NUM_PERMUTATIONS) -> tuple[float, float]:
        """The slope, and its two-sided p by permutation."""
        slopes = self.permuted(values, num_draws)
        return float(slopes[0]), permutation_p(slopes)


def _orders(groups: NDArray, num_draws: int) -> Iterator[NDArray[np.int64]]:
    """Yield orders of the languages, each (some, languages), the identity first of all."""
    count = len(groups)
    if len(set(groups)) == 1 and factorial(count) <= num_draws:
        every = permutations(range(count))
        while orders := list(islice(every, _PERMUTATIONS_AT_A_TIME)):
            yield np.array(orders)
        return
    rng = np.random.default_rng(0)
    yield np.arange(count)[None]
    for start in range(0, num_draws, _PERMUTATIONS_AT_A_TIME):
        some = np.tile(np.arange(count), (min(_PERMUTATIONS_AT_A_TIME, num_draws - start), 1))
        for label in sorted(set(groups)):
            members = np.flatnonzero(groups == label)
            some[:, members] = rng.permuted(some[:, members], axis=1)
        yield some


def permutation_p(slopes: Matrix) -> float:
    """Two-sided p of the first of permuted slopes: the share, itself too, as far from zero."""
    observed = abs(slopes[0]) * (1 - 1e-9) - 1e-12  # what is zero but for rounding is not apart
    return float(np.mean(np.abs(slopes) >= observed))
