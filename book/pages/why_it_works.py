"""What of hybrid batching helps: X-X examples at all, or whole batches of them."""

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from book.pages.answer import LOOKS
from book.pages.claims import chance
from book.shared.comparisons import Groups, described, interval
from book.shared.reference import DATASETS
from book.shared.samplers import of_sampler, short
from book.shared.sentences import in_words, listed
from book.shared.tables import BIAS, HEADLINE, HYBRID, cells, compare
from study.statistics.margins import PLAN

OWN_FIRST = BIAS[1]
MEASURES = {**HEADLINE, OWN_FIRST: ("multilingual", OWN_FIRST)}
_X_X, _X_Y = of_sampler("x-x"), of_sampler("x-y")
_HALF, _ALL = (of_sampler("hybrid-by-example", alpha) for alpha in (0.5, 1.0))
PAIRS = {
    "whole batches, half of them X-X": (HYBRID, _HALF),
    "whole batches, all of them X-X": (_X_X, _ALL),
    "X-X in whole batches": (_X_X, _X_Y),
    "X-X by example": (_ALL, _X_Y),
}
"""Two curves from X-Y, X-X added as whole batches or as examples of mixed ones: between them at one
share of X-X, and within each from none to all."""


def differences(groups: Mapping[str, Groups]) -> pd.DataFrame:
    """Each pair that was trained, on each benchmark: a row a measure, with margin and verdict.

    Parameters
    ----------
    groups
        Scores by benchmark and label.
    """
    rows: list[dict[str, Any]] = []
    for benchmark, of_samplers in groups.items():
        for what, (one, other) in PAIRS.items():
            if not {one, other} <= set(of_samplers):
                continue
            for measure, cell in MEASURES.items():
                found = compare(of_samplers[one], of_samplers[other], *cell)
                row = {"benchmark": DATASETS.get(benchmark, benchmark), "what": what}
                row |= {"one": one, "other": other, "measure": measure}
                rows.append(row | described(found) | {"margin": found.margin})
    return pd.DataFrame(rows)


def own_language_first(
    groups: Mapping[str, Groups], ranks: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """How often the own language comes first, and by chance: a row a benchmark and sampler.

    Parameters
    ----------
    groups, ranks
        Scores by label, and the ranks of any run, by benchmark.
    """
    rows = []
    for benchmark, of_samplers in groups.items():
        expected = chance(OWN_FIRST, ranks[benchmark])
        for sampler, scores in of_samplers.items():
            found = scores.estimate(cells(scores, *MEASURES[OWN_FIRST]))
            row = {"benchmark": DATASETS.get(benchmark, benchmark), "sampler": sampler}
            rows.append(row | interval(found) | {"chance": expected})
    return pd.DataFrame(rows)


def answers(differences: pd.DataFrame) -> list[str]:
    """A sentence for each thing looked for: what is decided alike on every benchmark."""
    found = []
    for what, part in differences.groupby("what", sort=False):
        by_measure = part.groupby("measure", sort=False)["verdict"].agg(set)
        alike = {m: next(iter(v)) for m, v in by_measure.items() if len(v) == 1}
        decided = {m: verdict for m, verdict in alike.items() if verdict != "undecided"}
        pair = f"{short(part['one'].iloc[0])} against {short(part['other'].iloc[0])}"
        words = in_words(decided, len(by_measure)) or "no measure is decided in the same way"
        found.append(f"{what[0].upper()}{what[1:]} ({pair}), on every benchmark: {words}.")
    return found


def counted(differences: pd.DataFrame) -> str:
    """How many comparisons came out how, by what is looked for."""
    parts = []
    for what, part in differences.groupby("what", sort=False):
        numbers = part["verdict"].value_counts()
        words = [f"{words} in {numbers[kind]}" for kind, (_, _, words) in LOOKS.items()
                 if kind in numbers]  # fmt: skip
        parts.append(f"{what}: {listed(words)} of {len(part)}")
    return f"With it, a sampler is, for {'; for '.join(parts)}."


def draw(differences: pd.DataFrame) -> Figure:
    """Draw every difference in units of its margin, a panel a pair, better to the right."""
    kinds = list(dict.fromkeys(differences["what"]))
    figure, axes = plt.subplots(1, len(kinds), figsize=(9, 4.6), sharey=True, layout="constrained")
    for axis, (what, part) in zip(axes, differences.groupby("what", sort=False), strict=True):
        metrics = part["measure"].map(lambda name: MEASURES[name][1])
        gain = np.where(metrics.isin(PLAN.smaller_is_better), -1, 1) / part["margin"]
        names = part["benchmark"] + ", " + part["measure"]
        axis.axvspan(-1, 1, color="#888888", alpha=0.25, lw=0)
        axis.axvline(0, color="#555555", linewidth=0.8)
        for place, row in enumerate(part.assign(gain=gain).itertuples()):
            color, marker, _ = LOOKS[row.verdict]
            ends = [row.low * row.gain, row.high * row.gain]
            axis.plot(ends, [place, place], color=color, linewidth=2)
            axis.plot(row.difference * row.gain, place, color=color, marker=marker, markersize=7)
        axis.set(yticks=range(len(names)), yticklabels=names, xlabel="gain, in margins")
        axis.set_title(f"{what}:\n{short(part['one'].iloc[0])} − {short(part['other'].iloc[0])}")
        axis.title.set_fontsize(9)
        sns.despine(ax=axis, left=True)
    axes[0].invert_yaxis()
    handles = [
        plt.Line2D([], [], color=color, marker=marker, label=words, linestyle="-")
        for color, marker, words in LOOKS.values()
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=4, frameon=False)
    return figure
