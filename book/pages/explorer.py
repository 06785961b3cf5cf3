"""What a reader can look into on the explorer page: any two samplers, any pair of languages."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd
from IPython.display import HTML

from book.shared import html as show
from book.shared.reference import DATASETS
from book.shared.stored_runs import Runs, by_label
from book.shared.tables import HYBRID
from hybridlib.evaluation import three_settings
from study.runs.profile import load_profile

MEASURES = tuple(three_settings.PAIR_MEASURES)
BINS, QUESTIONS = 10, 20
CHOICES = ("start", "benchmark", "first", "second", "measure", "query", "candidate", "question")


def contents(found: Mapping[tuple[str, str], Runs]) -> dict[str, Any]:
    """Everything that the page holds, from the stored runs alone.

    Parameters
    ----------
    found
        Runs by profile and benchmark.

    Returns
    -------
    ``cells`` and ``answers`` are rows of :func:`cells` and :func:`answers` with ``start`` (the
    profile) and ``benchmark``; ``menus`` has titles and, by start and benchmark, the samplers,
    languages and questions to choose from; ``limits`` where the colours end, by measure: the
    largest value of a benchmark's samplers, the largest difference of two; ``chosen`` the first
    view.

    Raises
    ------
    ValueError
        If there is only one sampler to show, or its ranks are not by pair of languages.
    """
    rows: dict[str, list[dict[str, Any]]] = {"cells": [], "answers": []}
    menus: dict[str, dict[str, Any]] = {}
    limits: dict[str, list[float]] = {}
    for (profile, benchmark), there in found.items():
        _check_comparable(there, profile, benchmark)
        menu = menus.setdefault(profile, {"title": load_profile(profile).title, "benchmarks": {}})
        where = {"start": profile, "benchmark": benchmark}
        table, asked = cells(there), questions(next(iter(there.values())).ranks)
        of_questions = answers(there, list(asked))
        rows["cells"] += [where | row for row in table.to_dict("records")]
        rows["answers"] += [where | row for row in of_questions.to_dict("records")]
        limits |= {" ".join([profile, benchmark, *key]): ends for key, ends in _limits(table)}
        menu["benchmarks"][benchmark] = {
            "title": DATASETS.get(benchmark, benchmark),
            "samplers": list(by_label(there)),
            "languages": sorted(table["query"].unique()),
            "questions": [
                {"id": name, "title": title, "languages": sorted(own["query"].unique())}
                for name, title in asked.items()
                for own in [of_questions[of_questions["question"] == name]]
            ],
        }
    return {**rows, "menus": menus, "limits": limits, "chosen": _first_view(menus)}


def _check_comparable(there: Runs, profile: str, benchmark: str) -> None:
    labels = list(by_label(there))
    if len(labels) < 2:
        raise ValueError(
            f"the explorer compares two samplers, and profile {profile!r} has only {labels[0]!r} "
            f"on {benchmark!r}; run another, or leave one of the two out of the parameters"
        )
    for name, run in there.items():
        if run.ranks is None or "rank_in_pool" not in run.ranks:
            raise ValueError(
                f"the explorer shows ranks by pair of languages, and run {name!r} of profile "
                f"{profile!r} on {benchmark!r} has none; leave {benchmark!r} out of the benchmarks"
            )


def matrices(found: Mapping[str, Any]) -> pd.DataFrame:
    """The matrices of :func:`contents` as a table: a row a start, benchmark, sampler and pair."""
    rows = pd.DataFrame(found["cells"])
    values = pd.DataFrame(rows["values"].tolist(), columns=list(MEASURES))
    return rows.drop(columns=["values", "counts"]).join(values)


def cells(runs: Runs) -> pd.DataFrame:
    """Scores of each sampler for each pair of languages, and how single questions spread.

    Returns
    -------
    Columns ``sampler``, ``query``, ``candidate``; ``values``, a number for each of ``MEASURES``,
    the mean over seeds; ``counts``, for each measure the questions of all seeds together in
    ``BINS`` equal bins from 0 to 1.
    """
    rows = []
    for sampler, group in by_label(runs).items():
        scores = pd.concat([run.scores for run in group])
        pairs = scores[scores["setting"] != "multilingual"]
        values = pairs.groupby([*three_settings.PAIR, "metric"])["value"].mean().unstack("metric")
        counts = np.sum([histograms(run.ranks) for run in group], axis=0)
        for (pair, of_pair), count in zip(values[[*MEASURES]].iterrows(), counts, strict=True):
            rows.append((sampler, *pair, of_pair.round(6).tolist(), count.tolist()))
    return pd.DataFrame(rows, columns=["sampler", "query", "candidate", "values", "counts"])


def histograms(ranks: pd.DataFrame) -> np.ndarray:
    """Count a run's questions by their score. Shape: (pairs of languages, measures, bins).

    Pairs are sorted by query language, then candidate language. A bin holds its lower end; the last
    one also 1.
    """
    pair = ranks.groupby(three_settings.PAIR).ngroup()
    matrix = three_settings.rank_matrix(ranks, "rank_in_language", of=three_settings.PAIR)
    of_row = pair[~ranks.duplicated(["question", *three_settings.PAIR])].to_numpy()
    size = of_row.max() + 1
    counts = []
    for measure in three_settings.PAIR_MEASURES.values():
        place = np.minimum((measure(matrix) * BINS).astype(int), BINS - 1)
        count = np.bincount(of_row * BINS + place, minlength=size * BINS)
        counts.append(count.reshape(size, BINS))
    return np.stack(counts, axis=1)


def questions(ranks: pd.DataFrame) -> dict[str, str]:
    """Title of each question that can be looked into, by its id.

    The rule knows no result: articles in the order of the alphabet, as many as wanted, evenly
    spread over it from the first on; of each the question with the smallest id. A benchmark
    without articles has each question for one.
    """
    titles = ranks["article"] if "article" in ranks else ranks["question"]
    first = ranks["question"].groupby(titles).min().sort_index()
    wanted = min(QUESTIONS, len(first))
    chosen = first.iloc[np.arange(wanted) * len(first) // wanted]
    return {name: str(title).replace("_", " ") for title, name in chosen.items()}


def answers(runs: Runs, questions: Sequence[str]) -> pd.DataFrame:
    """Ranks of the questions' answers in the multilingual pool.

    Returns
    -------
    Columns ``sampler``, ``question``, ``query``; ``candidates``, the answers' languages; ``ranks``,
    for each answer its rank by each seed, from 1.
    """
    rows = []
    for sampler, group in by_label(runs).items():
        every = pd.concat([run.ranks for run in group if run.ranks is not None])
        ranks, keys = every[every["question"].isin(questions)], ["question", *three_settings.PAIR]
        by_seed = ranks.groupby(keys)["rank_in_pool"].agg(list).reset_index()
        for (question, query), part in by_seed.groupby(keys[:2]):
            found = part["candidate_language"].tolist(), part["rank_in_pool"].tolist()
            rows.append((sampler, question, query, *found))
    columns = ["sampler", "question", "query", "candidates", "ranks"]
    return pd.DataFrame(rows, columns=columns)


def _limits(table: pd.DataFrame) -> Iterator[tuple[tuple[str, ...], list[float]]]:
    of_samplers = {
        sampler: np.array(rows["values"].tolist())
        for sampler, rows in table.groupby("sampler", sort=False)
    }
    yield (), np.max(list(of_samplers.values()), axis=(0, 1)).tolist()
    for pair in permutations(of_samplers, 2):
        first, second = (of_samplers[sampler] for sampler in pair)
        # two that never differ still need colours with two ends
        yield pair, np.maximum(np.abs(first - second).max(axis=0), 1e-6).round(6).tolist()


def _first_view(menus: Mapping[str, Any]) -> dict[str, str]:
    start, menu = next(iter(menus.items()))
    benchmark, of_benchmark = next(iter(menu["benchmarks"].items()))
    trained = [one for one in of_benchmark["samplers"] if one not in (HYBRID, "untrained")]
    listed = list(dict.fromkeys([HYBRID, *trained, *of_benchmark["samplers"]]))
    first, second = [one for one in listed if one in of_benchmark["samplers"]][:2]
    languages = of_benchmark["languages"]
    asked = [one for one in of_benchmark["questions"] if languages[0] in one["languages"]]
    values = (start, benchmark, first, second, "0", languages[0], languages[-1])
    return dict(zip(CHOICES, (*values, asked[0]["id"] if asked else ""), strict=True))


def opening(found: Mapping[str, Any]) -> HTML:
    """Say what can be done here, and what the first view shows.

    Parameters
    ----------
    found
        Of :func:`contents`.
    """
    chosen = found["chosen"]
    menu = found["menus"][chosen["start"]]
    title = menu["benchmarks"][chosen["benchmark"]]["title"]
    table = pd.DataFrame(found["cells"])
    is_shown = (table["start"] == chosen["start"]) & (table["benchmark"] == chosen["benchmark"])
    shown = table[is_shown]
    measure = int(chosen["measure"])
    is_own = shown["query"] == shown["candidate"]
    is_first = shown["sampler"] == chosen["first"]
    scored = shown["values"].str[measure].groupby([shown["sampler"], is_own]).mean()
    within, across = (
        f"{scored[chosen['first'], own]:.3f} against {scored[chosen['second'], own]:.3f}"
        for own in (True, False)
    )
    return show.say(
        "Put any two samplers side by side, and look behind any pair of languages.",
        f"Shown first: {chosen['first']} against {chosen['second']} on {title} from "
        f"{menu['title']}, {MEASURES[measure]} of {within} within one language and of {across} "
        f"across two: means over {(is_own & is_first).sum()} languages and "
        f"{(~is_own & is_first).sum()} ordered pairs.",
    )
