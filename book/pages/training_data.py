"""How much training data, and how even: the samplers by training corpus."""

import textwrap
from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from babel import Locale
from matplotlib.figure import Figure

from book.shared.comparisons import MEASURES, Groups, against, estimates, ranked, verdicts_in_words
from book.shared.samplers import color, label, short
from book.shared.sentences import WHERE, listed
from book.shared.stored_runs import Runs, clustered
from book.shared.tables import DISTANCE, HYBRID
from hybridlib.training.parameters import TrainingParameters
from study.store.run import Run

X_X, X_Y = label("x-x-seed0"), label("x-y-seed0")
PAIRS = [(HYBRID, X_X), (HYBRID, X_Y), (X_Y, X_X)]


def groups(runs: Runs, parameters: Mapping[str, TrainingParameters]) -> dict[str, Groups]:
    """Scores by corpus, in the profile's order, and sampler; without the untrained start."""
    found: dict[str, dict[str, list[Run]]] = {
        settings.corpus: {} for settings in parameters.values() if settings.num_steps
    }
    for name, run in runs.items():
        if parameters[name].num_steps:
            found[parameters[name].corpus].setdefault(label(name), []).append(run)
    return {corpus: clustered(samplers) for corpus, samplers in found.items() if samplers}


def means(by_corpus: Mapping[str, Groups]) -> pd.DataFrame:
    """Means and intervals: columns of :func:`comparisons.estimates` behind ``corpus``."""
    return _joined({corpus: estimates(samplers) for corpus, samplers in by_corpus.items()})


def differences(by_corpus: Mapping[str, Groups]) -> pd.DataFrame:
    """Hybrid against both, and X-Y against X-X: columns of :func:`comparisons.against`."""
    return _joined({corpus: against(samplers, PAIRS) for corpus, samplers in by_corpus.items()})


def _joined(parts: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    return pd.concat([part.assign(corpus=corpus) for corpus, part in parts.items()])[
        ["corpus", *next(iter(parts.values())).columns]
    ].reset_index(drop=True)


def orders(means: pd.DataFrame) -> pd.DataFrame:
    """Samplers, the best first: a row a corpus, a column a measure."""
    rows = {}
    for (corpus, measure), part in means.groupby(["corpus", "measure"], sort=False):
        ordered = part.sort_values("mean", ascending=measure == DISTANCE)
        rows[corpus, measure] = ", ".join(map(short, ordered["group"]))
    table = pd.Series(rows).unstack()
    return table.loc[list(dict.fromkeys(means["corpus"])), list(MEASURES)]


def contradictions(differences: pd.DataFrame) -> pd.DataFrame:
    """Comparisons that come out better on one corpus and worse on another."""
    kinds = differences.groupby(["one", "other", "measure"], sort=False)["verdict"].agg(set)
    opposed = kinds[kinds.map(lambda found: {"better", "worse"} <= found)]
    return opposed.reset_index()[["one", "other", "measure"]]


def answer(means: pd.DataFrame, differences: pd.DataFrame) -> str:
    """Whether the order of the samplers survives a change of corpus, in a few sentences."""
    table = orders(means)
    same = [measure for measure in table if len(set(table[measure])) == 1]
    changed = [measure for measure in table if measure not in same]
    kept = [f"is the same on every corpus {_where(same)}"] if same else []
    kept += [f"changes with the corpus {_where(changed)}"] if changed else []
    parts = [f"by the means the samplers' order {', and '.join(kept)}."]
    opposed = contradictions(differences)
    rows = [f"{one} against {other} in {what}" for one, other, what in opposed.to_numpy()]
    turned = f"Better on one corpus and worse on another: {'; '.join(rows)}."
    parts.append(turned if rows else "No comparison is better on one corpus and worse on another.")
    last = list(dict.fromkeys(differences["corpus"]))[-1]
    parts.append(f"On {last}: {verdicts_in_words(differences[differences['corpus'] == last])}")
    return " ".join(parts)


def _where(measures: Sequence[str]) -> str:
    return listed([WHERE[measure] for measure in measures])


def ends_in_words(means: pd.DataFrame) -> str:
    """The samplers over all languages on the first and last corpus, in a sentence."""
    table = means[means["measure"] == "Mul. mAP"]
    of_corpus = dict(iter(table.set_index("group").groupby("corpus", sort=False)["mean"]))
    names = list(of_corpus)
    parts = [
        f"{ranked(of_corpus[name])} on {name}" for name in dict.fromkeys(names[:1] + names[-1:])
    ]
    return f"Mul. mAP: {'; '.join(parts)}."


def exposure(shares: pd.DataFrame) -> str:
    """Which two languages have most of X-Y's texts, and their share under X-X.

    Parameters
    ----------
    shares
        Of :func:`study.analysis.data_counts.language_shares`.
    """
    most = shares.nlargest(2, "x-y")
    names = listed([Locale("en").languages[code] for code in most["language"]])
    return (
        f"Under X-Y {most['x-y'].sum():.0%} of the texts are in {names}, under X-X "
        f"{most['x-x'].sum():.0%}."
    )


def draw(means: pd.DataFrame) -> Figure:
    """Draw each measure over the corpora, a line a sampler."""
    figure, grid = plt.subplots(2, 2, figsize=(9, 6), sharex=True, layout="constrained")
    corpora = list(dict.fromkeys(means["corpus"]))
    samplers = list(dict.fromkeys(means["group"]))
    for axis, measure in zip(grid.ravel(), MEASURES, strict=True):
        for number, sampler in enumerate(samplers):
            part = means[(means["measure"] == measure) & (means["group"] == sampler)]
            x = part["corpus"].map(corpora.index) + 0.06 * (number - (len(samplers) - 1) / 2)
            axis.vlines(x, part["low"], part["high"], color=color(sampler), alpha=0.5)
            axis.plot(x, part["mean"], color=color(sampler), marker="o", ms=4, label=sampler)
        names = [textwrap.fill(corpus.replace("-", " "), 14) for corpus in corpora]
        axis.set(title=measure, xticks=range(len(corpora)), xticklabels=names)
    figure.legend(
        *grid[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=3, frameon=False
    )
    sns.despine(figure)
    return figure
