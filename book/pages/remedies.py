"""Other remedies beside hybrid batches: what each gains in quality and bias, and what it costs."""

from collections.abc import Iterable

import pandas as pd
from IPython.display import HTML

from book.shared import comparisons, html, stored_runs
from book.shared.comparisons import Groups, against
from book.shared.figure import draw_front, front, show_figure
from book.shared.samplers import label, short
from book.shared.stored_runs import Place, Runs, by_label, clustered
from book.shared.tables import DISTANCE, HYBRID
from hybridlib.models.remedies import REMEDIES
from hybridlib.training.parameters import UNTRAINED
from study.runs.profile import Profile
from study.runs.remedied_runs import SWEEPS, best_value, folder_of
from study.store.run import Run

MONO = "Mo. mAP"
_LABELS = {name: remedy.label for name, remedy in REMEDIES.items()}
_LABELS |= {"seed-average": "Seed average"}  # of stored runs


def remedied(place: Place) -> dict[str, Run]:
    """Runs of the remedies on a place's runs."""
    return stored_runs.runs(place.store, folder_of(place.profile), place.benchmark)


def groups(runs: Runs, remedied: Runs) -> Groups:
    """Scores of the plain samplers, the controls and every remedy, by label.

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
    >>> title("shift-x-y-seed0"), title("weight-average-x-x+hybrid-0.5-seed1")
    ('SHIFT of X-Y', 'Weight average of X-X and Hybrid')
    """
    remedy, bases = _parts(name)
    return f"{_LABELS[remedy]} of {' and '.join(short(label(base)) for base in bases)}"


def _parts(name: str) -> tuple[str, list[str]]:
    remedy = next(remedy for remedy in _LABELS if name.startswith(f"{remedy}-"))
    return remedy, name.removeprefix(f"{remedy}-").split("+")


def cost(profile: Profile, remedied: Iterable[str]) -> pd.Series:
    """Trainings that one encoder of each group takes, by label; maps take one encoding more."""
    found = {label(name): min(one.num_steps, 1) for name, one in profile.runs().items()}
    num_seeds = len({one.seed for one in profile.runs().values()})
    for name in remedied:
        remedy, bases = _parts(name)
        trained = sum(base != UNTRAINED for base in bases)
        found[title(name)] = trained * (num_seeds if remedy == "seed-average" else 1)
    return pd.Series(found)


def figure(place: Place) -> HTML:
    """Draw every method as a point; the untrained start lies far off."""
    means = comparisons.estimates(groups(place.runs, remedied(place)))
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
    """Means with the trainings that a method takes, and hybrid against each of them."""
    found = remedied(place)
    by_method = groups(place.runs, found)
    means = comparisons.estimates(by_method)
    others = [name for name in by_method if " of " in name or name in ("X-X", "X-Y")]
    differences = against(by_method, [(HYBRID, name) for name in others])
    wide = comparisons.wide(means, "method")
    wide.insert(0, "trainings", cost(place.planned, found)[wide.index])
    name = f"{place.name}-remedies"
    return html.joined(
        html.show_plain(wide, name, index=True, numbers=means),
        html.show_plain(
            comparisons.wide_against(differences), f"{name}-against-hybrid", numbers=differences
        ),
    )


def shares(place: Place) -> HTML:
    """How much each remedy takes, and the criterion at every share that was tried."""
    sweeps = stored_runs.runs(place.store, folder_of(place.profile), SWEEPS)
    return html.show_plain(chosen_shares(sweeps), f"{place.profile}-shares")


def chosen_shares(sweeps: Runs) -> pd.DataFrame:
    """Mean of the three mAP by share, a row a remedy, and the chosen share.

    Parameters
    ----------
    sweeps
        Of :func:`study.runs.remedied_runs.sweep`; those of components are left out.
    """
    by_title: dict[str, list[pd.DataFrame]] = {}
    for name, run in sweeps.items():
        if "share" in run.scores:
            by_title.setdefault(title(name), []).append(run.scores)
    rows: dict[str, dict[str, float]] = {}
    for name, tables in by_title.items():
        every = pd.concat(tables)
        means = every[every["metric"] == "mAP"].groupby("share")["value"].mean()
        by_share = {f"{share:g}": float(mean) for share, mean in means.items()}
        rows[name] = by_share | {"chosen": best_value(tables, "share")}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("remedy").reset_index()
