"""Scores over alpha, the share of X-X batches."""

from collections.abc import Mapping
from functools import partial

import pandas as pd
from IPython.display import HTML

from book.shared import comparisons, html
from book.shared.comparisons import Groups
from book.shared.figure import draw_front, front, lines, show_figure
from book.shared.stored_runs import Place, Runs, clustered, missing
from book.shared.tables import DISTANCE
from hybridlib.training.parameters import TrainingParameters
from study.store.run import Run

BEST, MIDDLE = "0.5", (0.4, 0.6)
_ENDS = {"x-y": 0.0, "x-x": 1.0}


def groups(runs: Runs, parameters: Mapping[str, TrainingParameters]) -> Groups:
    """Scores by alpha; without the untrained start."""
    found: dict[str, list[Run]] = {}
    for name, run in runs.items():
        if parameters[name].num_steps:
            alpha = _ENDS.get(parameters[name].sampler, parameters[name].alpha)
            found.setdefault(f"{alpha:g}", []).append(run)
    return clustered(dict(sorted(found.items(), key=lambda item: float(item[0]))))


def means(place: Place) -> pd.DataFrame:
    """Means and intervals by alpha."""
    return comparisons.estimates(groups(place.runs, place.planned.runs()))


def figure(place: Place) -> HTML:
    """Draw each measure over alpha, with its interval; the paper's stable range is grey."""
    found = means(place)
    table = found.assign(alpha=found["group"].astype(float), group="hybrid")
    shown = show_figure(
        partial(lines, table, "alpha", "α, share of X-X batches", MIDDLE),
        f"{place.profile}-alpha",
        caption="Means over seeds with 95 % intervals; grey is the range that the paper calls "
        "stable.",
        alt="Four panels over alpha: monolingual, cross-lingual and multilingual mAP and rank "
        "distance, with intervals and the range from 0.4 to 0.6 in grey",
        data=found,
    )
    return html.joined(shown, missing(place))


def numbers(place: Place) -> HTML:
    """The means, and every alpha against 0.5."""
    by_alpha = groups(place.runs, place.planned.runs())
    found = comparisons.estimates(by_alpha)
    pairs = [(one, BEST) for one in by_alpha if one != BEST]
    against = comparisons.against(by_alpha, pairs)
    wide = comparisons.wide(found, "α")
    return html.joined(
        html.show_plain(wide, f"{place.profile}-means", index=True, numbers=found),
        html.show_plain(
            comparisons.wide_against(against), f"{place.profile}-against-best", numbers=against
        ),
    )


def front_figure(place: Place) -> HTML:
    """Draw rank distance over monolingual mAP, a point an alpha."""
    found = means(place)
    points = found.pivot(index="group", columns="measure", values="mean")
    return show_figure(
        partial(draw_front, points, "Mo. mAP", DISTANCE, {}),
        f"{place.profile}-alpha-front",
        caption="No other α beats a point on the line in both; the best lie right and low.",
        alt="Rank distance over monolingual mAP, a point for each alpha, with the front drawn as a "
        "line",
        data=points.assign(on_front=front(points, "Mo. mAP", DISTANCE)).reset_index(),
    )
