"""Other remedies beside hybrid batches: what each gains in quality and bias, and what it costs."""

from collections.abc import Iterable

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from book.pages.alpha import scatter_with_front
from book.shared.comparisons import MONO, Groups, against, front, verdicts_in_words
from book.shared.samplers import color, label, short
from book.shared.sentences import listed
from book.shared.stored_runs import Runs, by_label, clustered
from book.shared.tables import DISTANCE, HYBRID
from hybridlib.models.remedies import REMEDIES
from hybridlib.training.parameters import UNTRAINED
from study.runs.profile import Profile
from study.runs.remedied_runs import best_value
from study.store.run import Run

_LABELS = {name: remedy.label for name, remedy in REMEDIES.items()}
_LABELS |= {"seed-average": "Seed average"}  # of stored runs


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


def against_hybrid(groups: Groups) -> pd.DataFrame:
    """Hybrid batches against every other group, the untrained start and controls left out."""
    others = [name for name in groups if " of " in name or name in ("X-X", "X-Y")]
    return against(groups, [(HYBRID, name) for name in others])


def points(means: pd.DataFrame) -> pd.DataFrame:
    """Monolingual mAP and rank distance of each group, and whether it lies on the front."""
    table = means.pivot(index="group", columns="measure", values="mean")[[MONO, DISTANCE]]
    table = table.loc[list(dict.fromkeys(means["group"]))]
    return table.assign(**{"on the front": front(table)}).rename_axis(columns=None)


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
