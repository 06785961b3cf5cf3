"""What was fixed before the runs: margins, alpha and families of tests, of ``margins.yaml``."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from study import strict_yaml

FILE = Path(__file__).with_name("margins.yaml")
EXPECTATIONS = ("better", "not worse")
_ENTRIES = {
    "alpha", "margins", "relative_margins", "smaller_is_better", "starts", "benchmarks", "unseen",
    "endpoints", "families",
}  # fmt: skip
_TEST = {"sampler", "against", "measures", "expects"}
_OPTIONS = {"by_unseen_language", "starts"}


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

    Parameters
    ----------
    alpha
        Of each two-sided test, of each one-sided test against a margin, and of each family.
    margins, relative_margins
        By metric: in its unit, or as a share of the baseline's mean.
    smaller_is_better
        Metrics.
    families
        Tests by family: a claim, or the controls.
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

        Raises
        ------
        ValueError
            If no margin was fixed for this metric.
        """
        if metric in self.margins:
            return self.margins[metric]
        if metric in self.relative_margins:
            return self.relative_margins[metric] * abs(baseline)
        raise ValueError(f"{FILE.name} has no margin for {metric!r}")


def load(file: Path = FILE) -> Plan:
    """Read and check the plan.

    Raises
    ------
    ValueError
        If an entry is missing, unknown or out of its range; the message names it.
    """
    content = strict_yaml.load(file)
    if not isinstance(content, dict) or set(content) != _ENTRIES:
        found = sorted(content) if isinstance(content, dict) else content
        raise ValueError(f"{file.name} must have exactly {sorted(_ENTRIES)}, got {found}")
    for name in ("margins", "relative_margins"):
        for metric, margin in content[name].items():
            if not 0 < margin < 1:
                raise ValueError(f"{file.name}: {name} of {metric} must be in (0, 1), got {margin}")
    if not 0 < content["alpha"] < 0.5:
        raise ValueError(f"{file.name}: alpha must be in (0, 0.5), got {content['alpha']}")
    families = {
        family: tuple(
            test for entry in entries for test in _tests(f"{file.name}: {family}", entry, content)
        )
        for family, entries in content["families"].items()
    }
    return Plan(
        content["alpha"],
        content["margins"],
        content["relative_margins"],
        frozenset(content["smaller_is_better"]),
        families,
    )


def _tests(place: str, entry: Mapping[str, Any], plan: Mapping[str, Any]) -> Iterator[PlannedTest]:
    if not _TEST <= set(entry) <= _TEST | _OPTIONS:
        raise ValueError(f"{place}: a test has {sorted(_TEST)}, got {sorted(entry)}")
    if entry["expects"] not in EXPECTATIONS:
        raise ValueError(f"{place}: expects must be of {EXPECTATIONS}, got {entry['expects']!r}")
    unplanned = set(entry["measures"].values()) - set(plan["margins"] | plan["relative_margins"])
    if unplanned:
        raise ValueError(f"{place}: no margin for {', '.join(sorted(unplanned))}")
    starts = entry.get("starts", plan["starts"])
    if not set(starts) <= set(plan["starts"]):
        raise ValueError(f"{place}: starts must be of {plan['starts']}, got {starts}")
    for start, benchmark, against in product(starts, plan["benchmarks"], entry["against"]):
        languages = plan["unseen"][benchmark] if entry.get("by_unseen_language") else [""]
        for (setting, metric), language in product(entry["measures"].items(), languages):
            yield PlannedTest(
                start, benchmark, entry["sampler"], against, setting, metric, language,
                entry["expects"],
            )  # fmt: skip


PLAN = load()
