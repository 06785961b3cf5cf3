"""Other remedies beside hybrid batches: what each gains in quality and bias."""

import pandas as pd
from IPython.display import HTML

from book.shared import comparisons, html
from book.shared.comparisons import Groups, described
from book.shared.figure import draw_front, front, show_figure
from book.shared.samplers import label, short
from book.shared.stored_runs import Place, Runs, by_label, clustered
from book.shared.tables import DISTANCE, HEADLINE, HYBRID, X_X
from hybridlib.data.lareqa import DEVELOPMENT
from hybridlib.models.remedies import REMEDIES
from hybridlib.training.parameters import UNTRAINED
from study.runs.remedied_runs import SWEEPS, best_value, folder_of
from study.statistics import endpoints
from study.store.run import Run

MONO, MEAN = "Mo. mAP", "mean mAP"


def groups(runs: Runs, remedied: Runs) -> Groups:
    """Scores of the plain samplers and of every remedy, by label.

    Parameters
    ----------
    runs
        Of a profile itself.
    remedied
        Of its remedies; those of another corpus, whose names have a ``=``, are left out.
    """
    every: dict[str, list[Run]] = dict(by_label(runs))
    for name, run in remedied.items():
        if "=" not in name:
            every.setdefault(title(name), []).append(run)
    return clustered(every, is_trained=lambda name: UNTRAINED not in name)


def title(name: str) -> str:
    """A remedied run's name in a table: the remedy and the samplers that it takes.

    Examples
    --------
    >>> title("shift-x-y-seed0"), title("weight-average-x-x+x-y-seed1")
    ('SHIFT of X-Y', 'Weight average of X-X and X-Y')
    """
    remedy = next(remedy for remedy in REMEDIES if name.startswith(f"{remedy}-"))
    bases = name.removeprefix(f"{remedy}-").split("+")
    return f"{REMEDIES[remedy].label} of {' and '.join(short(label(base)) for base in bases)}"


def beside(place: Place, benchmark: str) -> Place:
    """The remedied runs of a place's profile."""
    return Place(folder_of(place.profile), benchmark, place.store)


def endpoint(place: Place) -> HTML:
    """The best remedy of X-X on development, against hybrid here; a sentence where none ran."""
    development = beside(place, DEVELOPMENT)
    if not development.has_runs:
        return html.paragraph("No remedy was evaluated on development yet, so none is chosen.")
    by_method = groups(place.runs, beside(place, place.benchmark).runs)
    best = best_of_x_x(groups({}, development.runs))
    table = pd.DataFrame(
        [
            {"one": best, "other": HYBRID, "measure": measure}
            | described(endpoints.compare(measure, by_method[best], by_method[HYBRID]))
            for measure in (MEAN, *HEADLINE)
        ]
    )
    words = comparisons.wide_against(table)
    return html.show_plain(words, f"{place.name}-best-remedy", numbers=table)


def best_of_x_x(remedied: Groups) -> str:
    """The remedy of X-X, a map of its vectors, with the highest mean of the three mAPs."""
    maps = {f"{remedy.label} of {X_X}" for remedy in REMEDIES.values() if remedy.maps}
    means = comparisons.estimates({name: one for name, one in remedied.items() if name in maps})
    maps_alone = means[means["measure"].str.endswith("mAP")]
    return str(maps_alone.groupby("group", sort=False)["mean"].mean().idxmax())


def figure(place: Place) -> HTML:
    """Draw every method as a point; the untrained start lies far off."""
    means = comparisons.estimates(groups(place.runs, beside(place, place.benchmark).runs))
    points = means.pivot(index="group", columns="measure", values="mean")
    points = points.loc[list(dict.fromkeys(means["group"]))].drop(index=UNTRAINED)
    bases = {name: name.rpartition(" of ")[2].rpartition(" and ")[2] for name in points.index}
    return show_figure(
        draw_front(points, MONO, DISTANCE, bases),
        f"{place.name}-front",
        caption="No other method beats one on the line in both; the best lie right and low.",
        alt="Rank distance over monolingual mAP, a point for each method, with the front drawn as "
        "a line",
        data=points.assign(on_front=front(points, MONO, DISTANCE)).reset_index(),
    )


def numbers(place: Place) -> HTML:
    """Means of every method."""
    means = comparisons.estimates(groups(place.runs, beside(place, place.benchmark).runs))
    wide = comparisons.wide(means, "method")
    return html.show_plain(wide, f"{place.name}-remedies", index=True, numbers=means)


def chosen(place: Place) -> HTML:
    """What each remedy leaves to choose, by development; the CSV has all that was tried."""
    sweeps = beside(place, SWEEPS).runs
    by_title: dict[str, list[pd.DataFrame]] = {}
    for name, run in sweeps.items():
        by_title.setdefault(title(name), []).append(run.scores)
    rows = []
    for name, tables in by_title.items():
        (parameter,) = tables[0].columns.difference(["setting", "metric", "value"])
        rows.append({"remedy": name, "of": parameter, "chosen": best_value(tables, parameter)})
    tried = pd.concat({name: run.scores for name, run in sweeps.items()}, names=["run"])
    name = f"{place.profile}-chosen"
    return html.show_plain(pd.DataFrame(rows), name, numbers=tried.reset_index("run"))
