"""Which recipe: scores by learning rate, length and sampler, and what each way takes."""

from collections.abc import Mapping
from functools import partial

import pandas as pd
from IPython.display import HTML

from book.shared import comparisons, html
from book.shared.figure import lines, show_figure
from book.shared.samplers import of_sampler
from book.shared.stored_runs import Place, Runs, missing, scores
from book.shared.tables import BASELINES, HYBRID
from study.analysis import recipes


def figure(place: Place) -> HTML:
    """Draw the criterion over the length, a panel a rate, a line a sampler."""
    table = surface(place)
    if table.empty:
        return missing(place)
    means = table.groupby(["sampler", *recipes.AXES], sort=False)[recipes.CRITERION]
    found = means.agg(mean="mean", low="min", high="max").reset_index()
    found["group"] = found["sampler"].map(of_sampler)
    found["measure"] = "rate " + found["learning_rate"].map(_rate)
    shown = show_figure(
        partial(
            lines,
            found.sort_values(["learning_rate", "num_steps"]),
            "num_steps",
            "steps",
            is_one_scale=True,
        ),
        f"{place.name}-surface",
        caption="Mean of the three mAPs on development articles: a panel a learning rate, a line a "
        "sampler, its ends the single seeds.",
        alt="Mean of the three mAPs over the number of steps, a panel a learning rate, a line a "
        "sampler",
        data=found,
    )
    return html.joined(shown, missing(place))


def surface(place: Place) -> pd.DataFrame:
    """Of :func:`study.analysis.recipes.surface`, of the trainings that are stored."""
    planned = {n: one for n, one in place.planned.runs().items() if n in place.runs}
    is_trained = any(one.num_steps for one in planned.values())
    return recipes.surface(place.runs, planned, min_seeds=1) if is_trained else pd.DataFrame()


def table(place: Place) -> HTML:
    """Every training's scores, means over seeds."""
    if surface(place).empty:
        return missing(place)
    measures = [*recipes.MEASURES, recipes.CRITERION]
    means = surface(place).groupby([*recipes.AXES, "sampler"], sort=False)[measures].mean()
    shown = _to_read(means.sort_index(level=recipes.AXES, sort_remaining=False).reset_index())
    cells = html.show_plain(shown, f"{place.name}-cells", numbers=surface(place))
    return html.fold(f"{len(shown)} cells", cells)


def _rate(value: float) -> str:
    return f"{value:.0e}".replace("e-0", "e-")


def _to_read(table: pd.DataFrame) -> pd.DataFrame:
    """Rates as they are written, and samplers by their labels."""
    written = {"learning_rate": table["learning_rate"].map(_rate)}
    labels = {"sampler": table["sampler"].map(of_sampler)}
    return table.assign(**written | labels)


def ways(place: Place) -> HTML:
    """What each way takes, and what it would have said; a sentence where the grid is not whole."""
    if set(place.planned.runs()) - set(place.runs):
        return html.paragraph("The grid is not whole yet, so nothing is chosen from it.")
    chosen = choices(place)
    taken = [
        {"way": way, "sampler": sampler} | recipe._asdict()
        for way, recipes_of in chosen.items()
        for sampler, recipe in recipes_of.items()
    ]
    found = [
        against(runs_of(place, recipes_of)).assign(way=way) for way, recipes_of in chosen.items()
    ]
    return html.joined(
        html.show_plain(_to_read(pd.DataFrame(taken)), f"{place.name}-ways"),
        _answers(place, pd.concat(found, ignore_index=True)),
    )


def choices(place: Place) -> dict[str, Mapping[str, recipes.Recipe]]:
    """The recipe of each sampler by way of choosing."""
    planned = place.planned.runs()
    found = recipes.surface(place.runs, planned)
    logs = {n: place.store.load(place.store.folder(place.profile, "training", n))
            for n, one in planned.items() if one.num_steps}  # fmt: skip
    return {
        "same recipe": dict.fromkeys(found["sampler"].unique(), recipes.same_recipe(found)),
        "tuned each": recipes.tuned_each(found),
        "the paper's": recipes.papers(logs, planned),
    }


def runs_of(place: Place, recipes_of: Mapping[str, recipes.Recipe]) -> Runs:
    """The grid's runs at each sampler's recipe."""
    return {
        name: place.runs[name]
        for name, one in place.planned.runs().items()
        if one.num_steps and recipes_of[one.sampler] == (one.learning_rate, one.num_steps)
    }


def against(runs: Runs) -> pd.DataFrame:
    """Hybrid against X-X and X-Y in every measure."""
    return comparisons.against(scores(runs), [(HYBRID, other) for other in BASELINES])


def answer(place: Place) -> HTML:
    """What runs with a recipe of their own say."""
    return _answers(place, against(place.runs))


def _answers(place: Place, found: pd.DataFrame) -> HTML:
    return html.show_plain(comparisons.wide_against(found), f"{place.name}-answers", numbers=found)
