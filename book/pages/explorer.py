"""What a reader can look into on the explorer page: any two samplers, any pair of languages."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from babel import Locale
from IPython.display import HTML

from book.shared import html
from book.shared.stored_runs import Place, by_label
from book.shared.tables import cell_means
from hybridlib.evaluation import three_settings

MEASURES = tuple(three_settings.PAIR_MEASURES)
BINS = 10


def page(places: Iterable[Place]) -> HTML:
    """The explorer of all places that have runs, and their scores as CSV."""
    there = [place for place in places if place.has_runs]
    data = {"measures": MEASURES, "places": [contents(place) for place in there]}
    text = json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")
    shown, script = (
        Path(__file__).with_name(f"explorer.{kind}").read_text("utf-8") for kind in ("html", "js")
    )
    links = [html.csv_link(scores(place), f"{place.name}-explorer") for place in there]
    return HTML(
        f'{shown}<p class="csv">{" · ".join(links)}</p>'
        f'<script type="application/json" id="explorer-data">{text}</script>'
        f'<script type="module">{script}</script>'
    )


def contents(place: Place) -> dict[str, Any]:
    """What the page holds of a place.

    ``languages`` have code and name. ``values`` are by sampler and measure a number for each pair
    of languages, row by row, the mean over seeds; ``counts`` likewise, the questions of all seeds
    in ``BINS`` equal bins of their score. It takes two samplers with ranks by pair of languages.
    """
    groups = by_label(place.runs)
    if len(groups) < 2:
        alone = next(iter(groups))
        raise ValueError(f"the explorer compares two samplers, {place.name} has {alone!r} alone")
    for name, run in place.runs.items():
        if run.ranks is None or "rank_in_pool" not in run.ranks:
            raise ValueError(
                f"the explorer shows ranks by pair of languages, and run {name!r} of {place.name} "
                f"has none; leave {place.benchmark!r} out of the benchmarks"
            )
    table, names = scores(place), Locale("en").languages
    values = {
        sampler: [part[measure].round(6).tolist() for measure in MEASURES]
        for sampler, part in table.groupby("sampler", sort=False)
    }
    counts = {
        sampler: np.sum([histograms(run.ranks) for run in group], axis=0).tolist()
        for sampler, group in groups.items()
    }
    languages = [[code, names.get(code, code)] for code in table["query_language"].unique()]
    return {
        "title": place.title, "languages": languages, "samplers": list(values), "values": values,
        "counts": counts,
    }  # fmt: skip


def scores(place: Place) -> pd.DataFrame:
    """A row a sampler and pair of languages, sorted; a column a measure, means over seeds."""
    every = cell_means(place.scores)
    pairs = every[every["setting"] != "multilingual"]
    keys = ["sampler", *three_settings.PAIR]
    wide = pairs.set_index([*keys, "metric"])["value"].unstack("metric").sort_index()
    return wide.loc[list(place.scores), [*MEASURES]].reset_index().rename_axis(columns=None)


def histograms(ranks: pd.DataFrame) -> np.ndarray:
    """Count a run's questions by their score. Shape: (measures, pairs of languages, bins).

    Pairs are sorted by query language, then candidate language. A bin holds its lower end; the last
    one also 1.
    """
    pair = ranks.groupby(three_settings.PAIR).ngroup()
    matrix = three_settings.rank_matrix(ranks, "rank_in_language", of=three_settings.PAIR)
    of_row = pair[~ranks.duplicated(["question", *three_settings.PAIR])].to_numpy()
    size = of_row.max() + 1
    counts = np.zeros((len(MEASURES), size, BINS), int)
    for count, measure in zip(counts, three_settings.PAIR_MEASURES.values(), strict=True):
        place = np.minimum((measure(matrix) * BINS).astype(int), BINS - 1)
        np.add.at(count, (of_row, place), 1)
    return counts
