"""What the pages of results show."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from book.shared.comparisons import ranked
from book.shared.samplers import color, labels, short
from book.shared.stored_runs import Runs, by_label
from book.shared.tables import HERE, means
from study.statistics.estimates import Estimate

_PANELS = 3  # in a row: labels of eleven languages can be read


def settings_and_metrics(runs: Runs) -> list[tuple[str, str]]:
    """Settings with mAP and with recall, in the order of tables 3 to 6."""
    scores = next(iter(runs.values())).scores
    every = list(scores[["setting", "metric"]].drop_duplicates().itertuples(index=False, name=None))
    return [cell for kind in ("mAP", "R@") for cell in every if cell[1].startswith(kind)]


def pair_scores(runs: Runs) -> dict[str, pd.DataFrame]:
    """Scores of each sampler, means over seeds."""
    keys = ["setting", "metric", "query_language", "candidate_language"]
    return {
        name: pd.concat([run.scores for run in group])
        .groupby(keys, sort=False)["value"]
        .mean()
        .reset_index()
        for name, group in by_label(runs).items()
    }


def pairs_in_rows(scores: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """What :func:`pair_heat_map` draws, a row a sampler and pair of languages."""
    return (
        pd.concat(scores, names=["sampler"])
        .query("metric == 'mAP' and setting != 'multilingual'")
        .reset_index("sampler")
    )


def fall_across(scores: Mapping[str, pd.DataFrame]) -> dict[str, float]:
    """Mean mAP within a language minus that across two, by sampler."""
    found = {}
    for name, frame in scores.items():
        means = frame[frame["metric"] == "mAP"].groupby("setting")["value"].mean()
        found[name] = float(means["monolingual"] - means["cross-lingual"])
    return found


def headline(table: pd.DataFrame) -> Figure:
    """Draw the headline table: a panel a measure, a row a sampler; the paper's numbers hollow."""
    columns = [column for column in table.columns if column != "seeds"]
    present = {short(name) for name in table.index.get_level_values("sampler")}
    known = [label for label in labels().values() if label in present]
    kinds = [*known, *sorted(present - set(known))]
    figure, grid = plt.subplots(2, 2, figsize=(8, 5.2), sharey=True)
    axes = grid.ravel()
    markers = {"here": "o", "paper, XLM-R": "s", "paper, LaBSE": "D"}
    for axis, column in zip(axes, columns, strict=True):
        for (source, sampler), value in table[column].items():
            row = kinds.index(short(sampler))
            face = color(sampler) if source == "here" else "none"
            if isinstance(value, Estimate):
                axis.plot([value.low, value.high], [row, row], color=color(sampler), linewidth=2)
                value = value.mean
            axis.scatter(
                value, row, s=90 if source == "here" else 40, marker=markers[source],
                facecolor=face, edgecolor=color(sampler), zorder=3,
            )  # fmt: skip
        better = "lower is better" if column == "rank distance" else "higher is better"
        axis.set_title(column, fontsize=11)
        axis.set_xlabel(better, fontsize=9)
        axis.grid(axis="y", alpha=0.3)
        axis.margins(x=0.12)
        axis.xaxis.set_major_locator(plt.MaxNLocator(4))
        sns.despine(ax=axis, left=True)
    axes[0].set(yticks=range(len(kinds)), yticklabels=kinds, ylim=(len(kinds) - 0.5, -0.5))
    sources = dict.fromkeys(table.index.get_level_values("source"))
    handles = [
        plt.Line2D([], [], color="#555555", linestyle="", marker=markers[source], label=source,
                   markerfacecolor="#555555" if source == "here" else "none")
        for source in sources
    ]  # fmt: skip
    figure.legend(handles=handles, loc="lower center", ncols=len(handles), frameon=False)
    figure.tight_layout(rect=(0, 0.06, 1, 1))
    return figure


def caption(table: pd.DataFrame) -> str:
    """What :func:`headline` shows, in words."""
    over_all = means(table.loc[HERE])["Mul. mAP"]
    filled = f"Over all languages at once, mAP: {ranked(over_all)}. Filled: this book's runs"
    if set(table.index.get_level_values("source")) == {HERE}:
        return f"{filled}, with 95 % intervals where there are several."
    hollow = "hollow: the paper's, from other backbones and data. Compare orders."
    return f"{filled} with 95 % intervals; {hollow}"


def pair_heat_map(scores: Mapping[str, pd.DataFrame]) -> Figure:
    """Draw mAP for each query and candidate language, a panel a sampler."""
    rows = -(-len(scores) // _PANELS)
    figure, axes = plt.subplots(
        rows, _PANELS, figsize=(9, 3.1 * rows), sharex=True, sharey=True, squeeze=False,
        layout="constrained",
    )  # fmt: skip
    tables = {}
    for name, frame in scores.items():
        pairs = frame[(frame["metric"] == "mAP") & (frame["setting"] != "multilingual")]
        tables[name] = pairs.pivot_table(
            index="query_language", columns="candidate_language", values="value"
        )
    low = min(float(table.min().min()) for table in tables.values())
    high = max(float(table.max().max()) for table in tables.values())
    for axis in axes.ravel()[len(tables) :]:
        axis.set_axis_off()
    for axis, (name, table) in zip(axes.ravel(), tables.items(), strict=False):
        image = sns.heatmap(
            table, ax=axis, vmin=low, vmax=high, cmap="viridis", square=True, cbar=False
        ).collections[0]
        axis.set(title=name, xlabel="", ylabel="")
        axis.tick_params(rotation=0, labelbottom=True)  # also where no panel stands below
    figure.supxlabel("candidates in")
    figure.supylabel("queries in")
    figure.colorbar(image, ax=axes, shrink=0.8, label="mAP")
    return figure
