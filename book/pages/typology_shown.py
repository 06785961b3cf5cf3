"""The answer to the research question in words, and its figure."""

import math
from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from book.pages.typology import TRAINING, Compared
from book.shared.figure import name_points
from book.shared.samplers import color, labels, spoken
from book.shared.sentences import listed
from hybridlib.data.lareqa import CHECKSUMS
from study.data.language_facts import facts_on
from study.statistics.margins import PLAN


def low_resource_in_mlqa() -> str:
    """What the question cannot be asked of, first of all."""
    languages = tuple(CHECKSUMS["mlqa-r"])
    lowest = facts_on(languages)["joshi_class"].min()
    return (
        f"MLQA has no low-resource language by Joshi's classes: its {len(languages)} languages are "
        f"of class {lowest:.0f} or 5 of 0 to 5."
    )


def answer(compared: Sequence[Compared], resource: pd.DataFrame, place: str) -> list[str]:
    """The research question in three sentences: more robust, for whom, how certain.

    Parameters
    ----------
    compared
        Of one sampler.
    resource
        Of :func:`book.pages.typology.by_resource`.
    place
        Benchmark and start, in words.
    """
    name, kind = spoken(compared[0].sampler), compared[0].kind
    first = [
        f"{one.verdict} {spoken(one.baseline)} (its gain changes by {signed(one.main['slope'])} "
        f"logits for a {kind} distance of 1, {interval(one.main['low'], one.main['high'])}, "
        f"p = {one.main['p']:.3f})"
        for one in compared
    ]
    definition = resource["low-resource means"].str.startswith("no text in this training")
    words = {"with one": "with a language without a training text", "others": "of seen languages"}
    second = [
        f"{row.gain:+.2f} ({interval(row.low, row.high)}) against {row.against} in the pairs "
        f"{words[row.pairs]}"
        for row in resource[definition].itertuples()
    ]
    third = []
    for one in compared:
        low, high = one.left_out.idxmin(), one.left_out.idxmax()
        third.append(
            f"against {spoken(one.baseline)} between {one.left_out[low]:+.2f} (without {low}) and "
            f"{one.left_out[high]:+.2f} (without {high}), where chance alone reaches "
            f"±{np.quantile(np.abs(one.permuted), 1 - PLAN.alpha):.2f}"
        )
    one = compared[0]
    seeds = ", ".join(f"{len(one.counts[n])} of {spoken(n)}" for n in _samplers(compared))
    return [
        f"On {place}, {name} is {', and '.join(first)}.",
        f"The gap between asking in another language and in the same narrows under {name} (below "
        f"zero: widens), in logits of R@1, by {'; '.join(second)}.",
        f"That rests on {len(one.permuted):,} orders of {len(one.languages)} languages and on "
        f"seeds ({seeds}). With one language left out it lies {'; '.join(third)}: other "
        f"languages would change it, more seeds only its interval.",
    ]


def slopes_in_words(compared: Sequence[Compared]) -> str:
    """The slopes, in a sentence."""
    slopes = [f"{signed(one.main['slope'])} on {spoken(one.baseline)}" for one in compared]
    return f"Slope of the gain of {spoken(compared[0].sampler)}: {listed(slopes)} (logits)."


def _samplers(compared: Sequence[Compared]) -> list[str]:
    return [compared[0].sampler, *(one.baseline for one in compared)]


def interval(low: float, high: float) -> str:
    """A 95 % interval in words."""
    ends = f"95 % {signed(low)} to {signed(high)}"
    return "one seed, no interval" if math.isinf(high) else ends


def signed(value: float) -> str:
    """Two digits and a sign, but no -0.00."""
    return f"{round(value, 2) + 0:+.2f}"


def draw(compared: Sequence[Compared], pairs: pd.DataFrame) -> Figure:
    """Added-variable plot: a point a pair, the slope within languages, the null of permutations."""
    figure, axes = plt.subplots(len(compared), 1, figsize=(9, 6 * len(compared)), squeeze=False)
    for axis, one in zip(axes[:, 0], compared, strict=True):
        table = pairs[pairs["against"] == labels()[one.baseline]]
        for words, marker in zip(TRAINING, "o^s", strict=True):
            part = table[table["training"] == words]
            axis.scatter(part["x"], part["y"], marker=marker, s=26, alpha=0.8, label=words)
        ends = np.array([table["x"].min(), table["x"].max()])
        axis.plot(ends, one.main["slope"] * ends, color=color(labels()[one.sampler]))
        axis.axhline(0, color="#888888", alpha=0.5, zorder=0)
        axis.set(
            xlabel=f"{one.kind} distance, more or less than usual for the two languages",
            ylabel=f"gain over {labels()[one.baseline]}, more or less than usual, logits",
        )
        axis.margins(y=0.45)  # the inset stands above every point
        _inset(axis, one)
        names = (table["language"] + "-" + table["other"]).tolist()
        name_points(axis, table["x"].to_numpy(), table["y"].to_numpy(), names)
    axes[0, 0].legend(frameon=False, loc="lower left", fontsize=8)
    sns.despine(figure)
    figure.tight_layout()
    return figure


def _inset(axis: Axes, one: Compared) -> None:
    inset = axis.inset_axes((0.12, 0.8, 0.3, 0.18))
    inset.hist(one.permuted, bins=40, color="0.7")
    inset.axvline(one.main["slope"], color=color(labels()[one.sampler]))
    inset.set_yticks([])
    inset.tick_params(labelsize=7)
    inset.set_title(f"slopes by chance, p = {one.main['p']:.3f}", fontsize=8)
