"""Runs whose ranks are made, so that an effect is known: planted, or none."""

import base64
import re
from dataclasses import replace
from io import BytesIO

import numpy as np
import pandas as pd

from book.shared.stored_runs import Place
from hybridlib.data.lareqa import DEVELOPMENT_ARTICLES
from hybridlib.evaluation import three_settings
from study.store.run import Run
from study.store.runs import Store

LANGUAGES = ("de", "en", "th", "vi")
NUM_ARTICLES, NUM_QUESTIONS = 16, 4


def run(own=3.0, other=6.0, preference=20.0, seed=0, spread=0.0, unseen=1.0, languages=LANGUAGES):
    """A run with these mean ranks of answers in the query's language and in another."""
    questions = np.random.default_rng(1)  # the same for all runs
    factor = np.exp(spread * np.random.default_rng([2, seed]).normal())  # of every mean rank
    draws = np.random.default_rng([3, seed, int(1000 * own), int(1000 * other)])
    rows = []
    for article in range(NUM_ARTICLES):
        hard = np.exp(0.3 * questions.normal())
        for number in range(NUM_QUESTIONS):
            harder = hard * np.exp(0.3 * questions.normal())
            for query in languages:
                pool = {}
                for candidate in languages:
                    mean = own if candidate == query else other
                    if "th" in (query, candidate) or "vi" in (query, candidate):
                        mean *= unseen
                    mean *= harder * factor
                    rank = 1 + draws.poisson(max(mean - 1, 0.0))
                    place = len(languages) * rank + preference * (candidate != query)
                    pool[candidate] = (place, rank)
                last = 0
                for candidate, (place, rank) in sorted(pool.items(), key=lambda item: item[1][0]):
                    last = max(int(place), last + 1)  # no two at one rank
                    at = f"article {article}"
                    rows.append((f"q{article}-{number}", at, query, candidate, rank, last))
    names = ["question", "article", "query_language", "candidate_language"]
    ranks = pd.DataFrame(rows, columns=[*names, "rank_in_language", "rank_in_pool"])
    return Run("planted", {}, {}, three_settings.score(ranks), ranks)


def seeds(ranks, num_seeds=3, first_seed=0, **options):
    """Runs of each sampler by name, the untrained start one; ``ranks`` are its own and other."""
    runs = {}
    for name, (own, other) in ranks.items():
        for number in range(1 if name == "untrained" else num_seeds):
            title = name if name == "untrained" else f"{name}-seed{number}"
            runs[title] = run(own, other, seed=first_seed + number, **options)
    return runs


def place(folder, runs, profile="e5", benchmark="xquad-r"):
    """The runs stored under a folder, XQuAD-R's with a question of each development article."""
    store = Store(folder / "results", folder / "build")
    articles = DEVELOPMENT_ARTICLES if benchmark == "xquad-r" else ()
    for name, one in runs.items():
        first = one.ranks[one.ranks["question"] == one.ranks["question"].iloc[0]]
        more = [first.assign(question=f"of {article}", article=article) for article in articles]
        ranks = pd.concat([one.ranks, *more], ignore_index=True)
        store.save(store.folder(profile, benchmark, name), replace(one, ranks=ranks))
    return Place(profile, benchmark, store)


def csv(shown, name):
    """A CSV that a piece of a page holds."""
    link = rf'download="{re.escape(name)}\.csv" href="data:text/csv;base64,([^"]*)"'
    return pd.read_csv(BytesIO(base64.b64decode(re.search(link, shown.data)[1])))
