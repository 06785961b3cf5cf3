"""Which recipe: scores by learning rate, length and sampler, and what each way takes."""

from collections.abc import Mapping

import pandas as pd
from IPython.display import HTML

from book.shared import html
from book.shared.figure import lines, show_figure
from book.shared.samplers import of_sampler
from book.shared.stored_runs import Place, missing
from study.analysis import recipes


def figure(place: Place) -> HTML:
    """Draw the criterion over the length, a panel a rate, a line a sampler."""
    table = surface(place)
    if table.empty:
        return missing(place)
    means = table.groupby(["sampler", *recipes.AXES], sort=False)[recipes.CRITERION]
    found = means.agg(mean="mean", low="min", high="max").reset_index()
    found["group"] = found["sampler"].map(of_sampler)
    found["measure"] = found["learning_rate"].map("rate {:g}".format)
    shown = show_figure(
        lines(
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
    return html.joined(missing(place), shown)


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
    means = surface(place).groupby(["sampler", *recipes.AXES], sort=False)[measures].mean()
    shown = means.reset_index()
    shown["learning_rate"] = shown["learning_rate"].map("{:g}".format)
    name = f"{place.name}-cells"
    return html.show_plain(shown, name, numbers=surface(place))


def ways(place: Place) -> HTML:
    """What each way of choosing takes; a sentence where the grid is not whole."""
    if set(place.planned.runs()) - set(place.runs):
        return html.paragraph("The grid is not whole yet, so nothing is chosen from it.")
    return html.show_plain(chosen(place), f"{place.name}-ways")


def chosen(place: Place) -> pd.DataFrame:
    """One row a way and sampler: ``way``, ``sampler``, ``learning rate``, ``steps``."""
    planned = place.planned.runs()
    found = recipes.surface(place.runs, planned)
    logs = {n: place.store.load(place.store.folder(place.profile, "training", n))
            for n, one in planned.items() if one.num_steps}  # fmt: skip
    ways: dict[str, Mapping[str, recipes.Recipe]] = {
        "same recipe": dict.fromkeys(found["sampler"].unique(), recipes.same_recipe(found)),
        "tuned each": recipes.tuned_each(found),
        "the paper's": recipes.papers(logs, planned),
    }
    rows = [
        (way, sampler, f"{recipe.learning_rate:g}", recipe.num_steps)
        for way, of_samplers in ways.items()
        for sampler, recipe in of_samplers.items()
    ]
    return pd.DataFrame(rows, columns=["way", "sampler", "learning rate", "steps"])
