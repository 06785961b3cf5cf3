"""Languages that training has and languages that it lacks, by sampler."""

from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from IPython.display import HTML
from matplotlib.figure import Figure

from book.shared import comparisons, html
from book.shared.comparisons import Groups, Measures
from book.shared.figure import show_figure
from book.shared.samplers import color
from book.shared.stored_runs import Place
from hybridlib.training.parameters import UNTRAINED
from study.data.balanced_help import LANGUAGES as SEEN

METRIC = "mAP"
POOLS = {"monolingual": "the query's language", "multilingual": "all languages"}


def roles(groups: Groups) -> dict[str, tuple[str, str, list[str], list[str]]]:
    """Cells of each role that unseen languages can play, as :func:`book.shared.tables.cells`.

    A benchmark without a seen or without an unseen language is a ValueError.
    """
    every = next(iter(groups.values())).cells.unique("query_language")
    known = [language for language in every if language in SEEN]
    unseen = [language for language in every if language not in SEEN]
    if not known or not unseen:
        raise ValueError(f"of {', '.join(every)}, training has {', '.join(known) or 'none'}")
    found = {
        "monolingual, seen": ("monolingual", METRIC, known, known),
        "monolingual, unseen": ("monolingual", METRIC, unseen, unseen),
        "seen to seen": ("cross-lingual", METRIC, known, known),
        "unseen query, seen candidates": ("cross-lingual", METRIC, unseen, known),
        "seen query, unseen candidates": ("cross-lingual", METRIC, known, unseen),
        "unseen to unseen": ("cross-lingual", METRIC, unseen, unseen),
        "all languages, seen query": ("multilingual", METRIC, known, ["all"]),
        "all languages, unseen query": ("multilingual", METRIC, unseen, ["all"]),
    }
    alone = {"seen to seen": known, "unseen to unseen": unseen}
    return {role: role_of for role, role_of in found.items() if len(alone.get(role, "ab")) > 1}


def against_start(groups: Groups, measures: Measures, name: str) -> pd.DataFrame:
    """What each sampler gains or loses against the untrained start in measures, called ``name``."""
    pairs = [(label, UNTRAINED) for label in groups if label != UNTRAINED]
    table = comparisons.against(groups, pairs, measures).drop(columns="other")
    return table.rename(columns={"one": "sampler", "measure": name})


def by_language(groups: Groups) -> pd.DataFrame:
    """Gain or loss of the queries of each language in two ``pool``s, seen ones first."""
    parts, tables = roles(groups), []
    languages = parts["monolingual, seen"][2] + parts["monolingual, unseen"][2]
    for setting, pool in POOLS.items():
        measures = {language: (setting, METRIC, [language]) for language in languages}
        tables.append(against_start(groups, measures, "language"))
        tables[-1].insert(1, "pool", pool)
    table = pd.concat(tables, ignore_index=True)
    table.insert(3, "kind", np.where(table["language"].isin(SEEN), "seen", "unseen"))
    return table


def figure(place: Place) -> HTML:
    """The gain or loss of each sampler by language."""
    table = by_language(place.scores)
    return show_figure(
        partial(draw, table),
        f"{place.name}-unseen",
        caption="mAP minus that of the untrained start, with 95 % intervals; right of the line are "
        "languages without a text in training.",
        alt="Two panels, candidates of the query's language and of all: mAP minus that of the "
        "untrained start by language of the query, a point and interval a sampler; languages of "
        "the training left of a line, unseen ones right",
        data=table,
    )


def draw(table: pd.DataFrame, columns: int = 2) -> Figure:
    """Draw a panel a pool, seen languages left of the line."""
    figure, axes = plt.subplots(
        len(POOLS), figsize=(9 if columns > 1 else 4.5, 6.6), sharex=True, layout="constrained"
    )
    languages = list(dict.fromkeys(table["language"]))
    samplers = list(dict.fromkeys(table["sampler"]))
    num_seen = table.loc[table["kind"] == "seen", "language"].nunique()
    for axis, (pool, of_pool) in zip(axes, table.groupby("pool", sort=False), strict=True):
        for number, sampler in enumerate(samplers):
            part = of_pool[of_pool["sampler"] == sampler]
            x = part["language"].map(languages.index) + 0.12 * (number - (len(samplers) - 1) / 2)
            axis.vlines(x, part["low"], part["high"], color=color(sampler), alpha=0.7)
            axis.scatter(x, part["difference"], color=color(sampler), s=16, label=sampler)
        axis.axvline(num_seen - 0.5, color="#999999", linewidth=1)
        axis.axhline(0, color="#999999", linewidth=1)
        axis.set_title(f"candidates of {pool}", fontsize=10)
        axis.set_ylabel("mAP, minus untrained")
    above = axes[0].get_xaxis_transform()
    axes[0].text(num_seen - 0.6, 1, "seen", ha="right", va="top", transform=above)
    axes[0].text(num_seen - 0.4, 1, "unseen", ha="left", va="top", transform=above)
    axes[-1].set(xticks=range(len(languages)), xticklabels=languages)
    handles = axes[0].get_legend_handles_labels()
    figure.legend(*handles, loc="outside lower center", ncols=columns + 1, frameon=False)
    sns.despine(figure)
    return figure


def numbers(place: Place) -> HTML:
    """Scores by role, and the differences from the start by role and by language."""
    groups, of_role, name = place.scores, roles(place.scores), place.name
    means = comparisons.estimates(groups, of_role).drop(columns="seeds")
    by_role = against_start(groups, of_role, "role")
    wide = comparisons.wide(means).T.rename_axis("role").rename_axis(columns=None)
    return html.joined(
        html.show_plain(wide, f"{name}-roles", index=True, numbers=means),
        html.fold("By role", html.show_plain(by_role, f"{name}-roles-differences")),
        html.fold(
            "By language", html.show_plain(by_language(groups), f"{name}-unseen-by-language")
        ),
    )
