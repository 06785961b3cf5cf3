"""What taking a language away, or adding one, does under each sampler."""

import math
from collections.abc import Sequence
from functools import cached_property

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from hybridlib.analysis.manipulation import KINDS, Change, Counts, effect, with_runs
from hybridlib.analysis.pair_counts import PairCounts, pair_counts
from hybridlib.experiments.profile import load_profile
from hybridlib.report import stored_runs
from hybridlib.report.chapters.typology_shown import interval
from hybridlib.report.figure import name_points
from hybridlib.report.samplers import baselines_with_runs, color, labels, spoken
from hybridlib.report.tables import listed
from hybridlib.statistics.estimates import Estimate
from hybridlib.statistics.margins import PLAN
from hybridlib.statistics.multiplicity import holm
from hybridlib.store.runs import Store

TERMS = {"cross": "logit R@1", "mAP": "mAP"}


def counts(store: Store, profiles: str, benchmark: str) -> Counts:
    """Count what the runs of each corpus and sampler found; profiles are joined by commas.

    Raises
    ------
    FileNotFoundError
        If no profile has a run on the benchmark.
    """
    found: dict[tuple[str, str], list[PairCounts]] = {}
    for profile in profiles.split(","):
        parameters = load_profile(profile).runs()
        folder = store.folder(profile, benchmark)
        runs = stored_runs.runs(store, profile, benchmark) if folder.is_dir() else {}
        for name in [name for name in runs if name in parameters and parameters[name].num_steps]:
            key = parameters[name].corpus, parameters[name].sampler
            found.setdefault(key, []).append(pair_counts(runs[name].ranks))
    if not found:
        raise FileNotFoundError(f"no run of {profiles} on {benchmark} is stored")
    return found


class Effects:
    """What each change does to one sampler more than to each of some others.

    Parameters
    ----------
    counts
        Of :func:`counts`.
    sampler, baselines
        Names; the baselines joined by commas.
    kind
        Of distance.
    """

    def __init__(self, counts: Counts, sampler: str, baselines: str, kind: str) -> None:
        self.counts, self.sampler, self.kind = counts, sampler, kind
        self.baselines = baselines_with_runs(sampler, baselines, (name for _, name in counts))
        found = {k: with_runs(counts, k, (sampler, *self.baselines)) for k in KINDS}
        self.changes = {kind: changes for kind, changes in found.items() if changes}
        if not self.changes:
            raise ValueError(
                f"of no change all runs are there: {', '.join(map(' '.join, sorted(counts)))}"
            )

    def rows(self, changes: Sequence[Change], term: str) -> list[dict[str, object]]:
        """One row a baseline: effects of the changes' mean on both samplers, and the difference."""
        rows = []
        for baseline in self.baselines:
            own, other, more = (
                effect(self.counts, changes, weights, term)
                for weights in ({self.sampler: 1}, {baseline: 1}, {self.sampler: 1, baseline: -1})
            )
            rows.append(
                {
                    "against": labels()[baseline],
                    "measure": TERMS[term],
                    labels()[self.sampler]: own.mean,
                    "baseline": other.mean,
                    "difference": more.mean,
                    "low": more.low,
                    "high": more.high,
                    "p": _two_sided(more),
                }
            )
        return rows

    @cached_property
    def average(self) -> pd.DataFrame:
        """The tests: the mean over a change's languages, Holm over the changes of a measure."""
        rows = [
            {"change": kind, "languages": " ".join(change.language for change in changes)} | row
            for term in TERMS
            for kind, changes in self.changes.items()
            for row in self.rows(changes, term)
        ]
        table = pd.DataFrame(rows)
        table["p, Holm"] = table.groupby("measure")["p"].transform(holm)
        return table

    @cached_property
    def by_language(self) -> pd.DataFrame:
        """The picture: each language by itself, beside its distance."""
        rows = [
            {"change": kind, "language": change.language, "distance": change.distance(self.kind)}
            | row
            for kind, changes in self.changes.items()
            for change in changes
            for row in self.rows([change], "cross")
        ]
        return pd.DataFrame(rows)


def _two_sided(estimate: Estimate) -> float:
    return min(1.0, 2 * min(estimate.p_above(0), (-estimate).p_above(0)))


def answer(effects: Effects) -> tuple[str, str]:
    """Whether a sampler depends on a language's own texts as others do; a sentence a change."""
    name, sentences = spoken(effects.sampler), []
    own = labels()[effects.sampler]
    main = effects.average[effects.average["measure"] == TERMS["cross"]]
    for kind, rows in main.groupby("change", sort=False):
        under = [
            f"{row['baseline']:+.2f} under {row['against']}"
            + (f" (difference {row['difference']:+.2f}, {interval(row['low'], row['high'])}, "
               f"p = {row['p, Holm']:.3f})" if math.isfinite(row["high"]) else "")
            for _, row in rows.iterrows()
        ]  # fmt: skip
        first = rows.iloc[0]
        sentences.append(
            f"{kind.capitalize()} ({first['languages']}): {first[own]:+.2f} logits of R@1 under "
            f"{name}, {', '.join(under)}."
        )
    if not main["high"].lt(math.inf).all():
        sentences.append("A difference of one seed has no interval.")
    told = main[main["p, Holm"] <= PLAN.alpha]
    words = [
        f"{'more' if more > 0 else 'less'} than under {against} ({change})"
        for more, against, change in told[["difference", "against", "change"]].to_numpy()
    ]
    found = f"{'; '.join(words)}, and else " if words else ""
    others = " or ".join(dict.fromkeys(main["against"]))
    headline = f"what training texts in a language or near it are worth under {name} is {found}"
    return f"{headline}not shown to differ from that under {others}.", " ".join(sentences)


def means_in_words(effects: Effects) -> str:
    """The mean differences of every change, in a sentence."""
    main = effects.average[effects.average["measure"] == TERMS["cross"]]
    parts = []
    for kind, rows in main.groupby("change", sort=False):
        values = zip(rows["difference"], rows["against"], strict=True)
        parts.append(f"{kind} {listed([f'{value:+.2f} ({name})' for value, name in values])}")
    return f"Mean differences in logits: {'; '.join(parts)}."


def draw(effects: Effects) -> Figure:
    """Draw each language's difference over its distance, a panel a change, the mean as a line."""
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
            mean = average[
                (average["change"] == kind)
                & (average["against"] == baseline)
                & (average["measure"] == TERMS["cross"])
            ]["difference"].item()
            axis.axhline(mean, color=shade, linestyle=":", linewidth=1)
        axis.axhline(0, color="#888888", alpha=0.5, zorder=0)
        axis.margins(x=0.15)
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
