"""What of hybrid batching helps: X-X examples at all, or whole batches of them."""

from dataclasses import replace
from functools import partial

import pandas as pd
from IPython.display import HTML

from book.shared import comparisons, html, samplers, stored_runs
from book.shared.figure import forest, show_figure
from book.shared.samplers import of_sampler
from book.shared.stored_runs import Place, ranks_of
from book.shared.tables import HYBRID, OWN_FIRST, X_X, X_Y
from hybridlib.evaluation.three_settings import MEASURES

_HALF, _ALL = (of_sampler("hybrid-by-example", alpha) for alpha in (0.5, 1.0))
PAIRS = {
    (HYBRID, _HALF): "whole batches, half of them X-X",
    (X_X, _ALL): "whole batches, all of them X-X",
    (X_X, X_Y): "X-X in whole batches",
    (_ALL, X_Y): "X-X by example",
}
"""Two curves from X-Y, X-X added as whole batches or as examples of mixed ones: between them at one
share of X-X, and within each from none to all."""


def differences(place: Place) -> pd.DataFrame:
    """Each pair that was trained: a row a measure, with margin and verdict."""
    table = comparisons.against(place.scores, list(PAIRS), MEASURES)
    table.insert(0, "what", [PAIRS[one, other] for one, other in table[["one", "other"]].values])
    table.insert(0, "benchmark", stored_runs.benchmark_in_words(place.benchmark))
    return table


def figure(place: Place) -> HTML:
    """Draw every difference, a panel a pair."""
    table = differences(place)
    panel = table["what"] + ":\n" + table["one"].map(samplers.short) + " − "
    table["panel"] = panel + table["other"].map(samplers.short)
    shown = show_figure(
        partial(forest, table, "panel", ["measure"], columns=2),
        f"{place.name}-why",
        caption="Better to the right, in margins; a grey band is one margin to each side.",
        alt="A panel a contrast: differences in units of the margin with their intervals, a row a "
        "measure, better to the right, the verdict by colour and shape",
        data=table,
    )
    return html.joined(shown, stored_runs.missing(place))


def table(place: Place) -> HTML:
    """The differences in numbers."""
    found = differences(place)
    name = f"{place.name}-why-differences"
    words = comparisons.wide_against(found.drop(columns="benchmark"))
    return html.show_plain(words, name, numbers=found)


def own_language_first(place: Place) -> HTML:
    """How often the own language comes first, and by chance: a row a sampler."""
    ranks = ranks_of(next(iter(place.runs.values())))
    answers = ranks.groupby(["question", "query_language"])["candidate_language"].nunique()
    chance = float((1 / answers).groupby("query_language").mean().mean())
    found = comparisons.estimates(place.scores, {OWN_FIRST: MEASURES[OWN_FIRST]})
    table = found[["group", "mean", "low", "high"]].rename(columns={"group": "sampler"})
    return html.show_plain(table.assign(chance=chance), f"{place.name}-why-own-language")


def draws(place: Place) -> HTML:
    """What each arm puts before its encoder, where that was measured."""
    drawn = replace(place, benchmark="draws")
    if not drawn.has_runs:
        return html.paragraph("What the arms draw was not measured for these runs.")
    rows = {
        samplers.label(name): run.scores.set_index("measure")["value"]
        for name, run in drawn.runs.items()
    }
    table = pd.DataFrame(rows).T.rename_axis(columns=None)
    return html.show_plain(table, f"{place.profile}-draws", index=True)
