"""Languages that training has and languages that it lacks, by sampler."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from IPython.display import HTML
from matplotlib.figure import Figure

from book.shared import comparisons, html
from book.shared.comparisons import Groups, described, interval
from book.shared.figure import show_figure
from book.shared.samplers import color
from book.shared.stored_runs import Place
from book.shared.tables import cells, compare
from hybridlib.training.parameters import UNTRAINED

METRIC = "mAP"
SEEN = ("de", "en", "es", "ru", "tr", "zh")


def roles(
    groups: Groups, seen: Sequence[str] = SEEN
) -> dict[str, tuple[str, list[str], list[str]]]:
    """Setting, query and candidate languages of each role that unseen languages can play.

    Raises
    ------
    ValueError
        If the benchmark has no seen or no unseen language.
    """
    every = next(iter(groups.values())).cells.get_level_values("query_language").unique()
    known = [language for language in every if language in seen]
    unseen = [language for language in every if language not in seen]
    if not known or not unseen:
        raise ValueError(f"of {', '.join(every)}, training has {', '.join(known) or 'none'}")
    found = {
        "monolingual, seen": ("monolingual", known, known),
        "monolingual, unseen": ("monolingual", unseen, unseen),
        "seen to seen": ("cross-lingual", known, known),
        "unseen query, seen candidates": ("cross-lingual", unseen, known),
        "seen query, unseen candidates": ("cross-lingual", known, unseen),
        "unseen to unseen": ("cross-lingual", unseen, unseen),
        "all languages, seen query": ("multilingual", known, ["all"]),
        "all languages, unseen query": ("multilingual", unseen, ["all"]),
    }
    alone = {"seen to seen": known, "unseen to unseen": unseen}
    return {role: role_of for role, role_of in found.items() if len(alone.get(role, "ab")) > 1}


def by_role(groups: Groups, seen: Sequence[str] = SEEN) -> pd.DataFrame:
    """Mean average precision of each sampler in each role.

    Returns
    -------
    Columns ``group``, ``measure`` (the role), ``mean``, ``low``, ``high``.
    """
    return pd.DataFrame(
        [
            {"group": label, "measure": role}
            | interval(scores.estimate(cells(scores, setting, METRIC, queries, candidates)))
            for label, scores in groups.items()
            for role, (setting, queries, candidates) in roles(groups, seen).items()
        ]
    )


def against_start(groups: Groups, seen: Sequence[str] = SEEN) -> pd.DataFrame:
    """What each sampler gains or loses in a role against the untrained start.

    Returns
    -------
    Columns ``sampler``, ``role`` and what :func:`book.shared.comparisons.described` gives.
    """
    start = groups[UNTRAINED]
    return pd.DataFrame(
        [
            {"sampler": label, "role": role}
            | described(compare(scores, start, setting, METRIC, queries, candidates))
            for label, scores in groups.items()
            if label != UNTRAINED
            for role, (setting, queries, candidates) in roles(groups, seen).items()
        ]
    )


def by_language(groups: Groups, seen: Sequence[str] = SEEN) -> pd.DataFrame:
    """Monolingual gain or loss against the untrained start in each language, seen ones first.

    Returns
    -------
    Columns ``sampler``, ``language``, ``kind`` (seen or unseen) and what
    :func:`book.shared.comparisons.described` gives.
    """
    parts, start = roles(groups, seen), groups[UNTRAINED]
    return pd.DataFrame(
        [
            {"sampler": label, "language": language, "kind": kind}
            | described(compare(scores, start, "monolingual", METRIC, [language]))
            for label, scores in groups.items()
            if label != UNTRAINED
            for kind in ("seen", "unseen")
            for language in parts[f"monolingual, {kind}"][1]
        ]
    )


def figure(place: Place) -> HTML:
    """Draw the gain or loss by language."""
    table = by_language(place.scores)
    return show_figure(
        draw(table),
        f"{place.name}-unseen",
        caption="Monolingual mAP minus that of the untrained start, with 95 % intervals; right of "
        "the line are languages without a text in training.",
        alt="Monolingual mAP minus that of the untrained start by language, a point and interval a "
        "sampler; languages of the training left of a line, unseen ones right",
        data=table,
    )


def draw(table: pd.DataFrame) -> Figure:
    """Draw the gain or loss of each sampler by language, seen ones left of the line."""
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
    return figure


def numbers(place: Place) -> HTML:
    """Scores by role, and the differences from the start by role and by language."""
    means = by_role(place.scores)
    wide, name = comparisons.wide(means), place.name
    return html.joined(
        html.show_plain(wide, f"{name}-roles", index=True, numbers=means),
        html.show_plain(against_start(place.scores), f"{name}-roles-differences"),
        html.show_plain(by_language(place.scores), f"{name}-unseen-by-language"),
    )
