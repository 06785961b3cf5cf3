"""Other remedies beside hybrid batches: what each gains in quality and bias."""

from functools import partial

import pandas as pd
from IPython.display import HTML

from book.shared import comparisons, html
from book.shared.comparisons import Groups, described
from book.shared.figure import draw_front, front, show_figure
from book.shared.samplers import label, short
from book.shared.stored_runs import Place, Runs, by_label, clustered
from book.shared.tables import DISTANCE, HEADLINE, HYBRID, X_X, X_Y
from hybridlib.data.lareqa import DEVELOPMENT
from hybridlib.models.remedies import REMEDIES
from hybridlib.training.parameters import UNTRAINED
from study.runs.remedied_runs import SWEEPS, best_value, folder_of
from study.statistics import endpoints

MONO, MEAN = "Mo. mAP", "mean mAP"


def groups(runs: Runs, remedied: Runs) -> Groups:
    """Scores of the paper's samplers and of every remedy, by label.

    Parameters
    ----------
    runs
        Of a profile itself.
    remedied
        Of its remedies; those of another corpus, whose names have a ``=``, are left out.
    """
    plain = by_label(runs)
    every = {name: plain[name] for name in (UNTRAINED, X_X, X_Y, HYBRID) if name in plain}
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
    """The best remedies on development, against hybrid here; a sentence where none ran."""
    development = beside(place, DEVELOPMENT)
    if not development.has_runs:
        return html.paragraph("No remedy was evaluated on development yet, so none is chosen.")
    table = against_hybrid(place)
    words = comparisons.wide_against(table)
    return html.show_plain(words, f"{place.name}-best-remedy", numbers=table)


def against_hybrid(place: Place) -> pd.DataFrame:
    """The best remedies of X-X, the untrained encoder and hybrid, minus hybrid: a row a measure."""
    by_method = groups(place.runs, beside(place, place.benchmark).runs)
    on_development = groups({}, beside(place, DEVELOPMENT).runs)
    rows = [
        {"one": best, "other": HYBRID, "measure": measure}
        | described(endpoints.compare(measure, by_method[best], by_method[HYBRID]))
        for best in best_maps(on_development)
        for measure in (MEAN, *HEADLINE)
    ]
    return pd.DataFrame(rows)


def best_maps(remedied: Groups) -> list[str]:
    """Of each encoder the map of its vectors with the highest mean of the mAPs."""
    means = comparisons.estimates(remedied)
    means = means[means["measure"].str.endswith("mAP")].groupby("group", sort=False)["mean"].mean()
    every = [
        [f"{remedy.label} of {base}" for remedy in REMEDIES.values() if remedy.maps]
        for base in (X_X, UNTRAINED, short(HYBRID))
    ]
    found = [means.reindex(names).dropna() for names in every]
    return [str(of_base.idxmax()) for of_base in found if len(of_base)]


def figure(place: Place) -> HTML:
    """Draw every method as a point; the untrained start lies far off."""
    by_method = groups(place.runs, beside(place, place.benchmark).runs)
    means = comparisons.estimates(by_method)
    points = means.pivot(index="group", columns="measure", values="mean")
    points = points.loc[list(dict.fromkeys(means["group"]))].drop(index=UNTRAINED)
    bases = {name: name.rpartition(" of ")[2].rpartition(" and ")[2] for name in points.index}
    labels = [remedy.label for remedy in REMEDIES.values()]
    not_run = [one for one in labels if not any(name.startswith(one) for name in by_method)]
    words = html.paragraph(f"Not run yet: {', '.join(not_run)}.") if not_run else html.HTML("")
    shown = show_figure(
        partial(draw_front, points, MONO, DISTANCE, bases),
        f"{place.name}-front",
        caption="No other method beats one on the line in both; the best lie right and low. The "
        "untrained encoder itself lies off the plot.",
        alt="Rank distance over monolingual mAP, a point for each method, with the front drawn as "
        "a line",
        data=points.assign(on_front=front(points, MONO, DISTANCE)).reset_index(),
    )
    return html.joined(shown, words)


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
