"""What was fixed before the runs: margins, alpha and families of tests, of ``margins.yaml``."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from study import strict_yaml

FILE = Path(__file__).with_name("margins.yaml")
EXPECTATIONS = ("better", "not worse")
_Share = Annotated[float, Field(gt=0, lt=1)]


class _Test(BaseModel, extra="forbid"):
    """A test of the file: ``against`` each of others, in each of ``measures``."""

    sampler: str
    against: list[str]
    measures: dict[str, str]  # metric by setting
    expects: Literal["better", "not worse"]
    by_unseen_language: bool = False
    starts: list[str] = []


class _File(BaseModel, extra="forbid"):
    alpha: Annotated[float, Field(gt=0, lt=0.5)]
    margins: dict[str, _Share]
    relative_margins: dict[str, _Share]
    smaller_is_better: frozenset[str]
    starts: list[str]
    benchmarks: list[str]
    unseen: dict[str, list[str]]
    endpoints: dict[str, Any]  # of study.statistics.endpoints
    families: dict[str, list[_Test]]


@dataclass(frozen=True)
class PlannedTest:
    """One test of a family: what a sampler must be, put against another.

    ``query_language`` is empty for the macro mean over all languages.
    """

    start: str
    benchmark: str
    sampler: str
    against: str
    setting: str
    metric: str
    query_language: str
    expects: str


@dataclass(frozen=True)
class Plan:
    """Margins, alpha and families as they were fixed.

    ``alpha`` is that of each two-sided test, of each one-sided test against a margin, and of each
    family of tests: a claim, or the controls. Margins are by metric: in its unit, or ``relative``,
    as a share of the baseline's mean.
    """

    alpha: float
    margins: Mapping[str, float]
    relative_margins: Mapping[str, float]
    smaller_is_better: frozenset[str]
    families: Mapping[str, tuple[PlannedTest, ...]]

    def margin(self, metric: str, baseline: float) -> float:
        """Smallest difference that matters, in the metric's unit.

        A share is taken of the baseline's estimated mean as if it were known: its error, a few
        per cent of it, changes a margin by as little.
        """
        if metric in self.margins:
            return self.margins[metric]
        if metric in self.relative_margins:
            return self.relative_margins[metric] * abs(baseline)
        raise ValueError(f"{FILE.name} has no margin for {metric!r}")


def load(file: Path = FILE) -> Plan:
    """Read the plan; the error names file and entry if one is missing, unknown or out of range."""
    try:
        content = strict_yaml.checked(_File, strict_yaml.load(file))
        families = {
            family: tuple(test for one in tests for test in _tests(family, one, content))
            for family, tests in content.families.items()
        }
    except ValueError as error:
        raise ValueError(f"{file.name}: {error}") from error
    shares = content.margins, content.relative_margins
    return Plan(content.alpha, *shares, content.smaller_is_better, families)


def _tests(family: str, test: _Test, plan: _File) -> Iterator[PlannedTest]:
    unplanned = set(test.measures.values()) - set(plan.margins | plan.relative_margins)
    if unplanned:
        raise ValueError(f"{family}: no margin for {', '.join(sorted(unplanned))}")
    starts = test.starts or plan.starts
    if not set(starts) <= set(plan.starts):
        raise ValueError(f"{family}: starts must be of {plan.starts}, got {starts}")
    for start, benchmark, against in product(starts, plan.benchmarks, test.against):
        languages = plan.unseen[benchmark] if test.by_unseen_language else [""]
        for (setting, metric), language in product(test.measures.items(), languages):
            yield PlannedTest(
                start, benchmark, test.sampler, against, setting, metric, language, test.expects
            )


PLAN = load()
