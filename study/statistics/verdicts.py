"""What comparisons say of a claim."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from study.statistics.equivalence import Comparison
from study.statistics.margins import EXPECTATIONS, PLAN
from study.statistics.multiplicity import holm

ClaimVerdict = Literal[
    "supported", "contradicted", "partly supported", "undecided", "not testable here"
]
Outcome = Literal["shown", "refuted", "open", "not run"]


@dataclass(frozen=True)
class ClaimTest:
    """One test of a claim: a comparison, None where it has not run, and what the claim expects."""

    comparison: Comparison | None
    expects: str

    def __post_init__(self) -> None:
        if self.expects not in EXPECTATIONS:
            raise ValueError(f"expects must be of {EXPECTATIONS}, got {self.expects!r}")

    @property
    def leans_against(self) -> bool:
        """Whether the mean alone speaks against the claim, by more than half the margin."""
        one = self.comparison
        return one is not None and one.gain.mean < -one.margin / 2


@dataclass(frozen=True)
class Adjudication:
    """A claim's verdict and the outcome of each of its tests, in their order."""

    verdict: ClaimVerdict
    outcomes: tuple[Outcome, ...]

    @property
    def reason(self) -> str:
        """How many tests came out how.

        Examples
        --------
        >>> Adjudication("undecided", ("shown", "open", "open")).reason
        '1 shown, 2 open of 3 tests'
        """
        counts = Counter(self.outcomes)
        order: tuple[Outcome, ...] = ("shown", "refuted", "open", "not run")
        parts = ", ".join(f"{counts[one]} {one}" for one in order if counts[one])
        return f"{parts} of {len(self.outcomes)} tests"


def adjudicate(tests: Sequence[ClaimTest]) -> Adjudication:
    """Join the tests of a claim, all of them, those that have not run too.

    A claim says that all of its tests come out as expected, so it is

    - *contradicted* if one is refuted: the sampler is worse;
    - *supported* if all are shown;
    - *partly supported* if some are shown, all have run and no mean leans against it;
    - *not testable here* if none has run, else *undecided*.

    Outcomes are those of Holm's correction over the family, separately for what speaks for and
    against the claim; a test that has not run counts in it as one that shows nothing. So at the
    same means a wider interval or a missing run can only weaken a verdict: towards undecided, from
    supported by way of partly supported.
    """
    if not tests:
        raise ValueError("a claim has at least one test")
    outcomes = _outcomes(tests)
    has_run = [outcome != "not run" for outcome in outcomes]
    verdict: ClaimVerdict = "undecided"
    if not any(has_run):
        verdict = "not testable here"
    elif "refuted" in outcomes:
        verdict = "contradicted"
    elif set(outcomes) == {"shown"}:
        verdict = "supported"
    elif "shown" in outcomes and all(has_run) and not any(test.leans_against for test in tests):
        verdict = "partly supported"
    return Adjudication(verdict, outcomes)


def _outcomes(tests: Sequence[ClaimTest]) -> tuple[Outcome, ...]:
    p_values = [test.comparison.p_values if test.comparison else {} for test in tests]
    shown = holm([p.get(test.expects, 1.0) for p, test in zip(p_values, tests, strict=True)])
    refuted = holm([p.get("worse", 1.0) for p in p_values])

    def outcome(place: int) -> Outcome:
        if tests[place].comparison is None:
            return "not run"
        if refuted[place] <= PLAN.alpha:
            return "refuted"
        return "shown" if shown[place] <= PLAN.alpha else "open"

    return tuple(outcome(place) for place in range(len(tests)))
