"""What taking a language away, or adding one, does under each sampler."""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from IPython.display import HTML
from matplotlib.figure import Figure
from scipy.stats import ttest_1samp

from book.shared import html, stored_runs
from book.shared.figure import show_figure
from book.shared.samplers import baselines_with_runs, color, labels
from hybridlib.training.parameters import TrainingParameters
from study.analysis.data_counts import SHARES
from study.analysis.manipulation import (
    CHANGES,
    KINDS,
    Change,
    Counts,
    effect,
    effect_by_seed,
    with_runs,
)
from study.analysis.pair_counts import PairCounts, pair_counts
from study.runs.profile import load_profile
from study.statistics.estimates import Estimate
from study.statistics.multiplicity import holm
from study.store.runs import Store

TERMS = {"cross": "logit R@1", "mAP": "mAP"}


def counts(store: Store, profiles: str, benchmark: str) -> Counts:
    """Count what the runs of each corpus and sampler found; profiles are joined by commas.

    A corpus and sampler that lacks a seed of its profile is left out.

    Raises
    ------
    FileNotFoundError
        If no profile has all seeds of a corpus and sampler on the benchmark.
    ValueError
        If runs differ in more than corpus, sampler and seed, or two are alike.
    """
    found: dict[tuple[str, str], list[PairCounts]] = {}
    kept: dict[TrainingParameters, str] = {}
    for profile in profiles.split(","):
        folder = store.folder(profile, benchmark)
        runs = stored_runs.runs(store, profile, benchmark) if folder.is_dir() else {}
        groups: dict[tuple[str, str], dict[str, TrainingParameters]] = {}
        for name, own in load_profile(profile).runs().items():
            if own.num_steps:
                groups.setdefault((own.corpus, own.sampler), {})[name] = own
        for key, group in groups.items():
            if not set(group) <= set(runs):
                continue  # without a seed it is no match for the others
            for name, own in group.items():
                place = f"{profile}/{name}"
                if own in kept:
                    raise ValueError(f"{place} and {kept[own]} are the same training")
                kept[own] = place
                found.setdefault(key, []).append(pair_counts(runs[name].ranks))
    if not found:
        raise FileNotFoundError(f"no run of {profiles} on {benchmark} is stored")
    usual = TrainingParameters()
    same = {
        replace(one, corpus=usual.corpus, sampler=usual.sampler, seed=usual.seed) for one in kept
    }
    if len(same) > 1:
        raise ValueError(f"runs of {profiles} differ in more than corpus, sampler and seed")
    return found


def exposure(store: Store, profiles: str) -> pd.DataFrame:
    """Expected share of the texts that a changed language has with more and with less of it.

    Returns
    -------
    One row a change whose two corpora have stored shares: ``change``, ``language`` and, for X-X and
    X-Y, the shares in [0, 1] with ``more`` and with ``less``; empty if there is none.
    """
    shares = {
        name: run.scores.set_index("language")
        for profile in profiles.split(",")
        if store.folder(profile, SHARES).is_dir()
        for name, run in stored_runs.runs(store, profile, SHARES).items()
    }
    rows = [
        {"change": change.kind, "language": change.language}
        | {
            f"{labels()[sampler]}, {words}": shares[corpus][sampler].get(change.language, 0.0)
            for sampler in ("x-x", "x-y")
            for words, corpus in (("more", change.more), ("less", change.less))
        }
        for change in CHANGES
        if {change.more, change.less} <= set(shares) and not change.far  # else it is in neither
    ]
    return pd.DataFrame(rows)


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
        """One row a baseline: what the changes' mean does to the sampler more than to it."""
        rows = []
        for baseline in self.baselines:
            weights = {self.sampler: 1, baseline: -1}
            more = effect(self.counts, changes, weights, term)
            by_seed = effect_by_seed(self.counts, changes, weights, term)
            rows.append(
                {
                    "against": labels()[baseline],
                    "measure": TERMS[term],
                    "difference": more.mean,
                    "low": more.low,
                    "high": more.high,
                    "p": _two_sided(more),
                    "p, by seed": ttest_1samp(by_seed, 0).pvalue if len(by_seed) > 1 else math.nan,
                }
            )
        return rows

    @cached_property
    def worth(self) -> pd.DataFrame:
        """What each change is worth under each sampler by itself, the mean over its languages."""
        rows = [
            {"change": kind, "measure": TERMS[term], "sampler": labels()[sampler], "worth": own}
            | {"p": _two_sided(own)}
            for term in TERMS
            for kind, changes in self.changes.items()
            for sampler in (self.sampler, *self.baselines)
            for own in [effect(self.counts, changes, {sampler: 1}, term)]
        ]
        return self._corrected(rows, 1 + len(self.baselines))

    @cached_property
    def average(self) -> pd.DataFrame:
        """The tests: the mean over a change's languages, Holm over the changes of a measure.

        One that has not run counts as one that shows nothing: a family is not smaller for it.
        """
        rows = [
            {"change": kind, "languages": " ".join(change.language for change in changes)} | row
            for term in TERMS
            for kind, changes in self.changes.items()
            for row in self.rows(changes, term)
        ]
        return self._corrected(rows, len(self.baselines))

    def _corrected(self, rows: Sequence[dict[str, object]], per_kind: int) -> pd.DataFrame:
        planned = len(KINDS) * per_kind
        table = pd.DataFrame(rows)
        table["p, Holm"] = table.groupby("measure")["p"].transform(
            lambda p: holm([*p, *[1.0] * (planned - len(p))])[: len(p)]
        )
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
        return pd.DataFrame(rows).drop(columns=["p", "p, by seed"])  # no tests: they share runs


def _two_sided(estimate: Estimate) -> float:
    return min(1.0, 2 * min(estimate.p_above(0), (-estimate).p_above(0)))


def figure(effects: Effects, benchmark: str) -> HTML:
    """Draw each language's difference, a panel a change."""
    return show_figure(
        draw(effects),
        f"manipulated-{benchmark}-{effects.kind}",
        caption="Below zero what is changed is worth less under the sampler than under the other; "
        "lines are intervals, dotted lines the means. Points of a panel share runs.",
        alt="A panel a change: for each language the difference of the effects on two samplers "
        "with its interval; dotted lines are the means",
        data=effects.by_language,
    )


def draw(effects: Effects) -> Figure:
    """Draw each language's difference, nearest first; the mean is a dotted line."""
    kinds = list(effects.changes)
    figure, axes = plt.subplots(
        1, len(kinds), figsize=(9, 3.6), squeeze=False, sharey=True, layout="constrained"
    )
    table, average = effects.by_language, effects.average
    for axis, kind in zip(axes[0], kinds, strict=True):
        of_kind = table[table["change"] == kind].sort_values("distance")
        languages = list(dict.fromkeys(of_kind["language"]))
        for shift, name in enumerate(labels()[name] for name in effects.baselines):
            part = of_kind[of_kind["against"] == name]
            x = part["language"].map(languages.index) + 0.15 * shift
            is_bounded = part["high"].lt(math.inf)
            axis.vlines(x[is_bounded], part["low"][is_bounded], part["high"][is_bounded],
                        color=color(name), alpha=0.5)  # fmt: skip
            axis.scatter(x, part["difference"], color=color(name), label=f"against {name}")
            is_mean = (average["change"] == kind) & (average["against"] == name)
            mean = average.loc[is_mean & (average["measure"] == TERMS["cross"]), "difference"]
            axis.axhline(mean.item(), color=color(name), linestyle=":", linewidth=1)
        axis.axhline(0, color="#888888", alpha=0.5, zorder=0)
        axis.margins(x=0.15)
        axis.set(title=kind, xticks=range(len(languages)), xticklabels=languages)
    axes[0, 0].set_ylabel(f"effect on {labels()[effects.sampler]} minus other, logits")
    legend = axes[0, 0].get_legend_handles_labels()
    figure.legend(*legend, loc="outside lower center", ncols=2, frameon=False)
    sns.despine(figure)
    return figure


def numbers(effects: Effects, benchmark: str, store: Store, profiles: str) -> HTML:
    """The tests, what each change is worth, each language, and what share of the texts it has."""
    name = f"manipulated-{benchmark}"
    parts = [
        html.show_plain(effects.average, f"{name}-average"),
        html.show_plain(effects.worth, f"{name}-worth"),
        html.show_plain(effects.by_language, f"{name}-{effects.kind}-by-language"),
    ]
    exposed = exposure(store, profiles)
    if len(exposed):
        parts.append(html.show_plain(exposed, f"{name}-exposure"))
    return html.joined(*parts)
