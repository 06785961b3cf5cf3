"""What was fixed before the runs: margins, alpha and endpoints, of ``margins.yaml``."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field

from study import strict_yaml

FILE = Path(__file__).with_name("margins.yaml")
_Share = Annotated[float, Field(gt=0, lt=1)]


class Plan(BaseModel, extra="forbid", frozen=True):
    """Margins, alpha and endpoints as they were fixed.

    ``alpha`` is that of each two-sided test, of each one-sided test against a margin, and of each
    claim over its settings. Margins are by metric: in its unit, or ``relative``, as a share of the
    baseline's mean. :mod:`study.statistics.endpoints` reads the ``endpoints``; ``unseen`` are the
    languages without a training text by benchmark.
    """

    alpha: Annotated[float, Field(gt=0, lt=0.5)]
    margins: dict[str, _Share]
    relative_margins: dict[str, _Share]
    smaller_is_better: frozenset[str]
    starts: tuple[str, ...]
    benchmarks: tuple[str, ...]
    unseen: dict[str, tuple[str, ...]]
    endpoints: dict[str, Any]

    def margin(self, metric: str, baseline: float) -> float:
        """Smallest difference that matters, in the metric's unit.

        A share is taken of the baseline's estimated mean as if it were known: its standard error,
        about a tenth of it in the study, moves a margin as much.
        """
        if metric in self.margins:
            return self.margins[metric]
        if metric in self.relative_margins:
            return self.relative_margins[metric] * abs(baseline)
        raise ValueError(f"{FILE.name} has no margin for {metric!r}")


def load(file: Path = FILE) -> Plan:
    """Read the plan; the error names file and entry if one is missing, unknown or out of range."""
    try:
        return strict_yaml.checked(Plan, strict_yaml.load(file))
    except ValueError as error:
        raise ValueError(f"{file.name}: {error}") from error


PLAN = load()
