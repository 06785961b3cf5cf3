"""Languages that training has and languages that it lacks, by sampler."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from IPython.display import HTML

from book.shared import comparisons, html
from book.shared.comparisons import Groups, Measures
from book.shared.figure import show_figure
from book.shared.samplers import color
from book.shared.stored_runs import Place
from hybridlib.training.parameters import UNTRAINED

METRIC = "mAP"
SEEN = ("de", "en", "es", "ru", "tr", "zh")


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
    """Monolingual gain or loss in each language, seen ones first."""
    parts = roles(groups)
    languages = parts["monolingual, seen"][2] + parts["monolingual, unseen"][2]
    measures = {language: ("monolingual", METRIC, [language]) for language in languages}
    table = against_start(groups, measures, "language")
    table.insert(2, "kind", np.where(table["language"].isin(SEEN), "seen", "unseen"))
    return table


def figure(place: Place) -> HTML:
    """Draw the gain or loss of each sampler by language, seen ones left of the line."""
    table = by_language(place.scores)
    figure, axis = plt.subplots(figsize=(9, 4.2), layout="constrained")
    languages = list(dict.fromkeys(table["language"]))
    samplers = list(dict.fromkeys(table["sampler"]))
    for number, sampler in enumerate(samplers):
        part = table[table["sampler"] == sampler]
        x = part["language"].map(languages.index) + 0.12 * (number - (len(samplers) - 1) / 2)
        axis.vlines(x, part["low"], part["high"], color=color(sampler), alpha=0.5)
        axis.scatter(x, part["difference"], color=color(sampler), s=16, label=sampler)
    num_seen = table.loc[table["kind"] == "seen", "language"].nunique()
    axis.axvline(num_seen - 0.5, color="#999999", linewidth=1)
    axis.axhline(0, color="#999999", linewidth=1)
    axis.set(xticks=range(len(languages)), xticklabels=languages)
    axis.set_ylabel("monolingual mAP, minus untrained")
    figure.legend(loc="outside lower center", ncols=len(samplers), frameon=False)
    sns.despine(figure)
    return show_figure(
        figure,
        f"{place.name}-unseen",
        caption="Monolingual mAP minus that of the untrained start, with 95 % intervals; right of "
        "the line are languages without a text in training.",
        alt="Monolingual mAP minus that of the untrained start by language, a point and interval a "
        "sampler; languages of the training left of a line, unseen ones right",
        data=table,
    )


def numbers(place: Place) -> HTML:
    """Scores by role, and the differences from the start by role and by language."""
    groups, of_role, name = place.scores, roles(place.scores), place.name
    means = comparisons.estimates(groups, of_role).drop(columns="seeds")
    return html.joined(
        html.show_plain(comparisons.wide(means), f"{name}-roles", index=True, numbers=means),
        html.show_plain(against_start(groups, of_role, "role"), f"{name}-roles-differences"),
        html.show_plain(by_language(groups), f"{name}-unseen-by-language"),
    )
