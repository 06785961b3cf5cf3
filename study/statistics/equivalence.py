"""Two samplers compared: better, worse, as good or open."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from study.statistics.estimates import Estimate
from study.statistics.margins import PLAN

Verdict = Literal["better", "worse", "as good", "open"]


@dataclass(frozen=True)
class Comparison:
    """The difference of a sampler from another, and what can be said of it.

    *Better* or *worse*: a two-sided t-test of no difference. *As good*: two one-sided t-tests
    (Schuirmann, 1987), each of a difference as large as the margin. Both can hold at once, of a
    small difference known well; then the nearer one counts, zero or the margin. So the mean alone
    says which verdict can be reached, and the data only whether it is: beyond half the margin
    better or worse, within it as good. With less data a verdict can only become open.

    ``difference`` is the sampler minus the other; ``margin``, positive, the smallest that matters,
    in the metric's unit; ``smaller_is_better`` as of rank distance.
    """

    difference: Estimate
    margin: float
    smaller_is_better: bool = False

    def __post_init__(self) -> None:
        if not self.margin > 0:
            raise ValueError(f"margin must be positive, got {self.margin}")

    @property
    def p_values(self) -> Mapping[str, float]:
        """P-values for ``better``, ``worse``, ``as good`` and ``not worse``.

        1 where the mean rules it out. A sampler is *not worse* if its loss is below the margin, by
        one one-sided test, and its mean loss at most half of it.
        """
        gain = -self.difference if self.smaller_is_better else self.difference
        half = self.margin / 2
        different = min(1.0, 2 * min(gain.p_above(0), (-gain).p_above(0)))
        no_loss, no_gain = gain.p_above(-self.margin), (-gain).p_above(-self.margin)
        return {
            "better": different if gain.mean > half else 1.0,
            "worse": different if gain.mean < -half else 1.0,
            "as good": max(no_loss, no_gain) if abs(gain.mean) <= half else 1.0,
            "not worse": no_loss if gain.mean >= -half else 1.0,
        }

    @property
    def verdict(self) -> Verdict:
        """The one verdict that the mean allows, if its test rejects at alpha."""
        verdicts: tuple[Verdict, ...] = ("better", "worse", "as good")
        found = (one for one in verdicts if self.p_values[one] <= PLAN.alpha)
        return next(found, "open")
