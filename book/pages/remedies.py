"""Other remedies beside hybrid batches: what each gains in quality and bias, and what it costs."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from book.pages.alpha import scatter_with_front
from book.shared.comparisons import MONO, Groups, against, front, verdicts_in_words
from book.shared.samplers import color, label
from book.shared.sentences import listed
from book.shared.stored_runs import Runs, by_label, clustered
from book.shared.tables import DISTANCE, HYBRID
from hybridlib.training.parameters import UNTRAINED
from study.runs.profile import Profile
from study.runs.remedied_runs import SHARES, best_share, remedied_runs
from study.runs.remedies import REMEDIES
from study.store.run import Run

_CORE = {"x-x": "X-X", "x-y": "X-Y", "hybrid": "Hybrid"}


def groups(runs: Runs, remedied: Runs, profile: Profile) -> Groups:
    """Scores of the plain samplers, the controls and every remedy, by label.

    Parameters
    ----------
    runs
        Of the profile itself.
    remedied
        Of its remedies with the chosen share; those of a given share are left out.
    profile
        Whose they are.
    """
    known = remedied_runs(profile)
    every: dict[str, list[Run]] = dict(by_label(runs))
    for name, run in remedied.items():
        if name in known:
            every.setdefault(title(profile, name), []).append(run)
    return clustered(every)


def title(profile: Profile, name: str) -> str:
    """A remedied run's name in a table: the remedy and the samplers that it takes.

    Examples
    --------
    >>> from study.runs.profile import load_profile
    >>> title(load_profile("raw"), "shift-x-y-seed0")
    'SHIFT of X-Y'
    """
    run, parameters = remedied_runs(profile)[name], profile.runs()
    samplers = dict.fromkeys(_CORE[parameters[one].sampler] for one in run.runs)
    return f"{REMEDIES[run.remedy].label} of {' and '.join(samplers)}"


def cost(profile: Profile) -> pd.Series:
    """Trainings that one encoder of each group takes, by label; offsets take one encoding more."""
    found = {label(name): min(one.num_steps, 1) for name, one in profile.runs().items()}
    for name, run in remedied_runs(profile).items():
        found[title(profile, name)] = len(run.runs)
    return pd.Series(found)


def against_hybrid(groups: Groups) -> pd.DataFrame:
    """Hybrid batches against every other group, the untrained start and controls left out."""
    others = [name for name in groups if " of " in name or name in ("X-X", "X-Y")]
    return against(groups, [(HYBRID, name) for name in others])


def points(means: pd.DataFrame) -> pd.DataFrame:
    """Monolingual mAP and rank distance of each group, and whether it lies on the front."""
    table = means.pivot(index="group", columns="measure", values="mean")[[MONO, DISTANCE]]
    table = table.loc[list(dict.fromkeys(means["group"]))]
    return table.assign(**{"on the front": front(table)}).rename_axis(columns=None)


def chosen_shares(sweeps: Runs, profile: Profile) -> pd.DataFrame:
    """Mean of the three mAP on the hold-out by share, a row a remedy, and the chosen share.

    Parameters
    ----------
    sweeps
        Of :func:`study.runs.remedied_runs.sweep`.
    profile
        Whose they are.
    """
    by_title: dict[str, list[pd.DataFrame]] = {}
    for name, run in sweeps.items():
        by_title.setdefault(title(profile, name), []).append(run.scores)
    rows: Mapping[str, dict[str, float]] = {
        name: _by_share(tables) | {"chosen": best_share(tables)}
        for name, tables in by_title.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("remedy").reset_index()


def _by_share(tables: list[pd.DataFrame]) -> dict[str, float]:
    every = pd.concat(tables)
    means = every[every["metric"] == "mAP"].groupby("share")["value"].mean()
    return {f"{share:g}": float(means[share]) for share in SHARES}


def answer(means: pd.DataFrame, differences: pd.DataFrame) -> tuple[str, str]:
    """Whether hybrid lies on the front; how it stands against remedies with more than one run."""
    table = points(means)
    is_there = HYBRID in table.index and bool(table.loc[HYBRID, "on the front"])
    place = "on" if is_there else "off"
    hybrid = f"by the means, and not counting cost, untreated hybrid batches lie {place} the front"
    is_rival = differences["other"].str.contains(" of ") & differences["low"].notna()
    words = verdicts_in_words(differences[is_rival])
    return f"{hybrid} of monolingual mAP and rank distance. {front_in_words(means)}", words


def front_in_words(means: pd.DataFrame) -> str:
    """Which methods lie on the front, in a sentence."""
    table = points(means)
    return f"On the front lie {listed(list(table.index[table['on the front']]))}."


def draw(means: pd.DataFrame) -> Figure:
    """Draw every method as a point, the front as a line; the untrained start lies far off."""
    table = points(means).drop(index=UNTRAINED, errors="ignore")
    colors = [color(name.rpartition(" of ")[2].rpartition(" and ")[2]) for name in table.index]
    figure, axis = plt.subplots(figsize=(9, 7))
    scatter_with_front(axis, table, colors, list(table.index))
    sns.despine(figure)
    figure.tight_layout()
    return figure
