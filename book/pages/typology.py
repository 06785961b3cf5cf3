"""The research question on runs that there are: does a gain grow with typological distance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from book.shared import stored_runs
from book.shared.samplers import baselines_with_runs, labels, sampler_and_alpha
from hybridlib.training.parameters import UNTRAINED
from study.analysis import typology
from study.analysis.pair_counts import PairCounts, pair_counts
from study.data.language_facts import distances
from study.runs.profile import load_profile
from study.statistics.language_pairs import PairSlope, is_shown
from study.store.runs import Store

Counts = Mapping[str, Sequence[PairCounts]]
_OF_A_RUN = ("sampler", "seed")
TRAINING = ("both seen", "one unseen", "both unseen")


@dataclass(frozen=True)
class Compared:
    """One sampler put against another, by the counts of their runs, over a distance."""

    sampler: str
    baseline: str
    counts: Counts
    kind: str

    @property
    def runs(self) -> tuple[Sequence[PairCounts], Sequence[PairCounts]]:
        """Of the sampler, and of the baseline."""
        return self.counts[self.sampler], self.counts[self.baseline]

    @property
    def languages(self) -> tuple[str, ...]:
        """Of the benchmark."""
        return self.runs[0][0].languages

    @cached_property
    def slopes(self) -> pd.DataFrame:
        """As :func:`study.analysis.typology.slopes`."""
        return typology.slopes(*self.runs, self.kind)

    @cached_property
    def main(self) -> pd.Series:
        """The row that counts: the gap's slope, every language with its intercept."""
        rows = self.slopes
        return rows[(rows["term"] == "gap") & rows["within"]].iloc[0]

    @cached_property
    def left_out(self) -> pd.Series:
        """Slope without each language."""
        return typology.leave_one_out(*self.runs, self.kind).set_index("language")["slope"]

    @cached_property
    def permuted(self) -> np.ndarray:
        """The gap's slope, then those under permuted labels."""
        fit = PairSlope(distances(self.languages, self.kind))
        return fit.permuted(typology.gain(*self.runs))

    @property
    def verdict(self) -> str:
        """In words: more robust to distance, less, or neither shown."""
        if not is_shown(*(self.main[name] for name in ("p", "low", "high"))):
            return "neither shown to be more nor less robust than"
        return "more robust than" if self.main["slope"] > 0 else "less robust than"


def counts(store: Store, profile: str, benchmark: str) -> dict[str, list[PairCounts]]:
    """Count what the runs of each sampler found.

    Raises
    ------
    ValueError
        If runs of a sampler differ in more than their seed.
    """
    training = load_profile(profile).training
    varied = [n for n, values in training.items() if len(values) > 1 and n not in _OF_A_RUN]
    if varied:
        raise ValueError(
            f"profile {profile} varies {', '.join(varied)}; take one whose runs of a sampler "
            "differ in their seed alone"
        )
    found: dict[str, list[PairCounts]] = {}
    for name, run in stored_runs.runs(store, profile, benchmark).items():
        sampler, _ = sampler_and_alpha(name)
        found.setdefault(sampler, []).append(pair_counts(run.ranks, sampler != UNTRAINED))
    return found


def compare(counts: Counts, sampler: str, baselines: str, kind: str) -> list[Compared]:
    """Put a sampler against each of some others, their names joined by commas.

    Raises
    ------
    ValueError
        If one of them has no run.
    """
    names = baselines_with_runs(sampler, baselines, counts)
    return [Compared(sampler, baseline, counts, kind) for baseline in names]


def training_texts(store: Store, profile: str, benchmark: str) -> pd.Series:
    """Training texts in each language of a benchmark, as the page on data counts them."""
    benchmark = benchmark.removesuffix("-every-3")
    folder = store.folder(profile, "data", benchmark)
    folder = folder if folder.is_dir() else store.folder("study", "data", benchmark)
    return store.load(folder).scores.set_index("language")["training_texts"]


def by_resource(compared: Sequence[Compared], texts: pd.Series) -> pd.DataFrame:
    """Gain of pairs with and without a language of low resource, said in three ways."""
    parts = []
    for one in compared:
        for definition, is_low in typology.low_resource(one.languages, texts).items():
            low = [name for name, flag in zip(one.languages, is_low, strict=True) if flag]
            part = typology.by_resource(*one.runs, is_low, one.kind)
            part.insert(0, "against", labels()[one.baseline])
            part.insert(1, "low-resource means", f"{definition}: {', '.join(low) or 'none'}")
            parts.append(part)
    return pd.concat(parts, ignore_index=True)


def slope_table(compared: Sequence[Compared]) -> pd.DataFrame:
    """Slopes of every comparison, one below the other."""
    tables = [one.slopes.assign(against=labels()[one.baseline]) for one in compared]
    table = pd.concat(tables, ignore_index=True)
    table["languages"] = np.where(table.pop("within"), "an intercept each", "none (plain)")
    return table[["against", "term", "languages", "slope", "low", "high", "p"]]


def left_out_table(compared: Sequence[Compared]) -> pd.DataFrame:
    """Slope of the gap without each language: a row a language, a column a baseline."""
    columns = {f"against {labels()[one.baseline]}": one.left_out for one in compared}
    return pd.DataFrame(columns).rename_axis("without").reset_index()


def pair_table(compared: Sequence[Compared], texts: pd.Series) -> pd.DataFrame:
    """A row a pair and baseline, with what the figure shows."""
    tables = []
    for one in compared:
        table = typology.pair_table(*one.runs, one.kind)
        unseen = table[["language", "other"]].isin(texts.index[texts == 0]).sum(axis=1)
        table.insert(2, "training", np.array(TRAINING)[unseen])
        table.insert(0, "against", labels()[one.baseline])
        tables.append(table)
    return pd.concat(tables, ignore_index=True)
