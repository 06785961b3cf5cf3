"""What a sentence says of numbers: estimates, verdicts, lists."""

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from book.shared.samplers import label, short
from book.shared.tables import BASELINES, DISTANCE
from hybridlib.training.parameters import TrainingParameters
from study.statistics.estimates import Estimate

WHERE = {
    "Mo. mAP": "within one language",
    "Cr. mAP": "across two",
    "Mul. mAP": "over all at once",
    DISTANCE: "in language bias",
    "own language first": "in putting the own language first less often",
}
_VERDICTS = {
    "better": "better {}",
    "worse": "worse {}",
    "equivalent": "as good {}",
    "undecided": "not decided {}",
}


def answer(differences: pd.DataFrame) -> str:
    """Say where hybrid is better, worse or as good as each of the paper's two baselines.

    Parameters
    ----------
    differences
        Of :func:`hybrid_against`.
    """
    parts = []
    for baseline in [name for name in BASELINES if name in differences.index]:
        verdicts = {column: one.verdict for column, one in differences.loc[baseline].items()}
        parts.append(f"Against {baseline}, hybrid batches are {in_words(verdicts)}.")
    text = " ".join(parts) or "No hybrid run."
    return text[0].lower() + text[1:]  # it goes on behind a place and a colon


def answer_from_each(differences: Mapping[str, pd.DataFrame]) -> str:
    """Say of several starts together what is shown from each of them, and what turns round.

    Parameters
    ----------
    differences
        Of :func:`hybrid_against`, by the title of the start.
    """
    parts, is_all = [], True
    in_all = set.intersection(*({*table.index} for table in differences.values()))
    for baseline in [name for name in BASELINES if name in in_all]:
        verdicts = pd.DataFrame(
            {
                start: table.loc[baseline].map(lambda one: one.verdict)
                for start, table in differences.items()
            }
        )
        agree = verdicts.eq(verdicts.iloc[:, 0], axis=0).all(axis=1)
        shown = verdicts[agree].iloc[:, 0].loc[lambda verdict: verdict != "undecided"]
        words = in_words(shown.to_dict(), len(verdicts))
        parts.append(
            f"Against {baseline}, hybrid batches are {words}."
            if words
            else f"Against {baseline}, nothing is shown from all of them."
        )
        turned = verdicts[verdicts.eq("better").any(axis=1) & verdicts.eq("worse").any(axis=1)]
        for measure, of_starts in turned.iterrows():
            starts = of_starts.groupby(of_starts).groups
            where = f"{WHERE[measure][0].upper()}{WHERE[measure][1:]}"
            parts.append(
                f"{where} they are better from {listed(starts['better'])} and worse from "
                f"{listed(starts['worse'])}."
            )
        is_all &= len(shown) + len(turned) == len(verdicts)
    if not is_all:
        parts.append("The rest differs by start or is not decided.")
    text = " ".join(parts) or "No other sampler is trained from all of them."
    return text[0].lower() + text[1:]


def in_words(verdicts: Mapping[str, str], num_measures: int | None = None) -> str:
    """Verdicts by measure, best first.

    Parameters
    ----------
    verdicts
        By column of ``HEADLINE``, or own language first.
    num_measures
        How many were looked at, if some are left out: "all" is said of all of them alone.

    Examples
    --------
    >>> in_words({"Mo. mAP": "worse", "Cr. mAP": "undecided", "Mul. mAP": "undecided"})
    'worse within one language; not decided across two and over all at once'
    """
    found: dict[str, list[str]] = {verdict: [] for verdict in _VERDICTS}
    for column, verdict in verdicts.items():
        found[verdict].append(WHERE[column])
    parts = []
    for verdict, where in found.items():
        everywhere = len(where) == (num_measures or len(verdicts)) > 1
        if where:
            words = "in all measures" if everywhere else listed(where)
            words = "in any measure" if everywhere and verdict == "undecided" else words
            parts.append(_VERDICTS[verdict].format(words))
    return "; ".join(parts)


def rates(title: str, parameters: Mapping[str, TrainingParameters]) -> str:
    """Say which learning rate each sampler has, where they differ from a start; nothing else.

    Parameters
    ----------
    title
        Of the start.
    parameters
        Of its runs, by name.
    """
    by_rate: dict[float, dict[str, None]] = {}  # a sampler once, in the order of the runs
    for name, one in parameters.items():
        if one.num_steps:
            by_rate.setdefault(one.learning_rate, {})[short(label(name))] = None
    if len(by_rate) < 2:
        return ""
    words = "; ".join(f"{rate:g} for {listed([*names])}" for rate, names in sorted(by_rate.items()))
    return f"From {title} not only the batches differ but the learning rate: {words}."


def listed(words: Sequence[str]) -> str:
    """Words joined by commas, and the last by "and"."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def written(estimate: Estimate) -> str:
    """An estimate and its interval, in the book's digits; one run alone has no interval."""
    ends = [estimate.low, estimate.high] if math.isfinite(estimate.high) else []
    digits = ",.0f" if max(map(abs, [estimate.mean, *ends])) >= 2 else ".3f"
    interval = " to ".join(format(end, digits) for end in ends) or "one run"
    return f"{estimate.mean:{digits}} ({interval})"
