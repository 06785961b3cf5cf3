"""Languages that training has and languages that it lacks, by sampler."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from book.shared.comparisons import Groups, described, interval
from book.shared.samplers import color, short
from book.shared.sentences import listed
from book.shared.tables import HYBRID, cells, compare
from hybridlib.training.parameters import UNTRAINED

METRIC = "mAP"
_AGAINST_START = {
    "better": "beat",
    "worse": "do worse than",
    "equivalent": "do as well as",
    "undecided": "cannot be told from",
}


def roles(groups: Groups, seen: Sequence[str]) -> dict[str, tuple[str, list[str], list[str]]]:
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


def by_role(groups: Groups, seen: Sequence[str]) -> pd.DataFrame:
    """Mean average precision of each sampler in each role.

    Returns
    -------
    Columns ``group``, ``measure`` (the role), ``mean``, ``low``, ``high``.
    """
    rows = []
    for label, scores in groups.items():
        for role, (setting, queries, candidates) in roles(groups, seen).items():
            chosen = cells(scores, setting, METRIC, queries, candidates)
            rows.append({"group": label, "measure": role} | interval(scores.estimate(chosen)))
    return pd.DataFrame(rows)


def against_start(groups: Groups, seen: Sequence[str]) -> pd.DataFrame:
    """What each sampler gains or loses in a role against the untrained start.

    Returns
    -------
    Columns ``sampler``, ``role``, ``difference``, ``low``, ``high`` and ``verdict``.
    """
    rows = []
    for label, scores in groups.items():
        if label == UNTRAINED:
            continue
        for role, (setting, queries, candidates) in roles(groups, seen).items():
            found = compare(scores, groups[UNTRAINED], setting, METRIC, queries, candidates)
            rows.append({"sampler": label, "role": role} | described(found))
    return pd.DataFrame(rows)


def by_language(groups: Groups, seen: Sequence[str]) -> pd.DataFrame:
    """Monolingual gain or loss against the untrained start in each language.

    Returns
    -------
    Columns ``sampler``, ``language``, ``kind`` (seen or unseen), ``difference``, ``low``, ``high``
    and ``verdict``; seen languages first.
    """
    parts = roles(groups, seen)
    kinds = [
        (language, kind)
        for kind in ("seen", "unseen")
        for language in parts[f"monolingual, {kind}"][1]
    ]
    rows = []
    for label, scores in groups.items():
        if label == UNTRAINED:
            continue
        for language, kind in kinds:
            found = compare(scores, groups[UNTRAINED], "monolingual", METRIC, [language])
            row = {"sampler": label, "language": language, "kind": kind}
            rows.append(row | described(found))
    return pd.DataFrame(rows)


def answer(differences: pd.DataFrame) -> tuple[str, str]:
    """Gains and losses in unseen languages against the untrained start: within one, across two."""
    within, *across = (
        _gains(differences[differences["role"] == role], words)
        for role, words in {
            "monolingual, unseen": "within a language without a training text",
            "unseen query, seen candidates": "asked in such a language about seen ones",
            "seen query, unseen candidates": "asked in a seen language about such ones",
        }.items()
    )
    return within, " ".join(f"{text[0].upper()}{text[1:]}" for text in across)


def _gains(rows: pd.DataFrame, where: str) -> str:
    """Whether all gain, and the best, the worst and hybrid by their means."""
    verdicts = [
        f"{number} of {len(rows)} samplers {words} the untrained start"
        for verdict, words in _AGAINST_START.items()
        if (number := (rows["verdict"] == verdict).sum())
    ]
    by_gain = rows.set_index("sampler")["difference"].sort_values(ascending=False)
    named = dict.fromkeys([by_gain.index[0], HYBRID, by_gain.index[-1]])
    gains = [f"{by_gain[name]:+.3f} ({short(name)})" for name in named if name in by_gain.index]
    return f"{where}, {', '.join(verdicts)}; mAP changes by {listed(gains)}."


def unseen_means(table: pd.DataFrame) -> pd.Series:
    """Mean gain or loss over the unseen languages by sampler, of :func:`by_language`."""
    unseen = table[table["kind"] == "unseen"]
    return unseen.groupby("sampler", sort=False)["difference"].mean()


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
