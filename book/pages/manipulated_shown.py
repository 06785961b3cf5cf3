"""What the page on changed training languages says and draws."""

import math

import matplotlib.pyplot as plt
import seaborn as sns
from matplotlib.figure import Figure

from book.pages.manipulated import TERMS, Effects
from book.pages.typology_shown import interval
from book.shared.figure import name_points
from book.shared.samplers import color, labels, spoken
from book.shared.sentences import listed
from study.analysis.manipulation import KINDS
from study.statistics.margins import PLAN


def answer(effects: Effects) -> list[str]:
    """Whether what is changed is worth the same under all samplers; then a sentence a change.

    A difference is told if it holds after Holm's correction, and by the seeds' own differences.
    """
    name, sentences = spoken(effects.sampler), []
    main = effects.average[effects.average["measure"] == TERMS["cross"]]
    worth = effects.worth[effects.worth["measure"] == TERMS["cross"]]
    for kind, rows in main.groupby("change", sort=False):
        own = worth[worth["change"] == kind].set_index("sampler")["worth"]
        under = [f"{one.mean:+.2f} under {label}" for label, one in own.items()]
        more = [
            f"{row['difference']:+.2f} against {row['against']}"
            + (f" ({interval(row['low'], row['high'])}; p after Holm {row['p, Holm']:.3f})"
               if math.isfinite(row["high"]) else "")
            for _, row in rows.iterrows()
        ]  # fmt: skip
        first = rows.iloc[0]
        sentences.append(
            f"{kind[0].upper()}{kind[1:]} ({first['languages']}): {listed(under)}, in logits of "
            f"R@1; difference {listed(more)}."
        )
    if absent := [kind for kind in KINDS if kind not in effects.changes]:
        sentences.append(f"Without runs here, but counted in the correction: {listed(absent)}.")
    if not main["high"].lt(math.inf).all():
        sentences.append("A difference of one seed has no interval.")
    told = main[(main["p, Holm"] <= PLAN.alpha) & (main["p, by seed"] <= PLAN.alpha)]
    others = " or ".join(dict.fromkeys(main["against"]))
    not_shown = f"not shown to be worth more or less than under {others}"
    if told.empty and (worth["p, Holm"] > PLAN.alpha).all():
        not_shown += ", nor to be worth anything under any sampler"
    words = [
        f"worth {'more' if more > 0 else 'less'} than under {against} ({change})"
        for more, against, change in told[["difference", "against", "change"]].to_numpy()
    ]
    rest = [] if len(told) == len(main) else [f"else {not_shown}" if words else not_shown]
    said = ", and ".join(filter(None, ["; ".join(words), *rest]))
    return [f"what is changed in training is, under {name}, {said}.", *sentences]


def means_in_words(effects: Effects) -> str:
    """The mean differences of every change, in a sentence."""
    main = effects.average[effects.average["measure"] == TERMS["cross"]]
    parts = []
    for kind, rows in main.groupby("change", sort=False):
        values = zip(rows["difference"], rows["against"], strict=True)
        parts.append(f"{kind} {listed([f'{value:+.2f} ({name})' for value, name in values])}")
    return f"Mean differences in logits: {'; '.join(parts)}."


def draw(effects: Effects) -> Figure:
    """Draw each language's difference over its distance, a panel a change; the mean is a line.

    Its interval is a band.
    """
    kinds = list(effects.changes)
    columns = min(2, len(kinds))
    rows = -(-len(kinds) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(9, 3.6 * rows), squeeze=False, sharey=True,
                                layout="constrained")  # fmt: skip
    for spare in axes.ravel()[len(kinds) :]:
        spare.set_visible(False)
    table, average = effects.by_language, effects.average
    for axis, kind in zip(axes.ravel(), kinds, strict=False):
        for number, baseline in enumerate(labels()[name] for name in effects.baselines):
            chosen = (table["change"] == kind) & (table["against"] == baseline)
            part, shade = table[chosen], color(baseline)
            x = part["distance"] + 0.004 * number
            has_interval = part["high"].lt(math.inf)
            axis.vlines(x[has_interval], part["low"][has_interval], part["high"][has_interval],
                        color=shade, alpha=0.5)  # fmt: skip
            axis.scatter(x, part["difference"], color=shade, label=f"against {baseline}", zorder=3)
            (mean,) = average[
                (average["change"] == kind)
                & (average["against"] == baseline)
                & (average["measure"] == TERMS["cross"])
            ].itertuples()
            axis.axhline(mean.difference, color=shade, linestyle=":", linewidth=1)
            if math.isfinite(mean.high):
                axis.axhspan(mean.low, mean.high, color=shade, alpha=0.08, linewidth=0, zorder=0)
        axis.axhline(0, color="#888888", alpha=0.5, zorder=0)
        axis.margins(x=0.15)
        low, high = axis.get_xlim()
        wider = max(0.0, 0.05 - (high - low) / 2)  # one language: its two points lie side by side
        axis.set_xlim(low - wider, high + wider)
        axis.set(title=kind, xlabel=f"{effects.kind} distance")
    figure.supylabel(f"effect on {spoken(effects.sampler)} minus on the other, logits", fontsize=10)
    figure.legend(
        *axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=2, frameon=False
    )
    sns.despine(figure)
    figure.draw_without_rendering()  # the layout moves points
    for axis, kind in zip(axes.ravel(), kinds, strict=False):
        part = table[table["change"] == kind]
        name_points(axis, part["distance"].to_numpy(), part["difference"].to_numpy(),
                    part["language"].tolist())  # fmt: skip
    return figure
