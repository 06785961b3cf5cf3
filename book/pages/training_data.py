"""How much training data, and how even: the samplers by training corpus."""

from collections.abc import Mapping
from functools import partial

import pandas as pd
from IPython.display import HTML

from book.shared import comparisons, html
from book.shared.comparisons import Groups
from book.shared.figure import lines, show_figure
from book.shared.samplers import label, short
from book.shared.stored_runs import Place, Runs, clustered, missing
from book.shared.tables import DISTANCE, HEADLINE, HYBRID, X_X, X_Y
from hybridlib.training.parameters import TrainingParameters
from study.store.run import Run

PAIRS = [(HYBRID, X_X), (HYBRID, X_Y), (X_Y, X_X)]


def groups(runs: Runs, parameters: Mapping[str, TrainingParameters]) -> dict[str, Groups]:
    """Scores by corpus, in the profile's order, and sampler; without the untrained start."""
    found: dict[str, dict[str, list[Run]]] = {
        settings.corpus: {} for settings in parameters.values() if settings.num_steps
    }
    for name, run in runs.items():
        if parameters[name].num_steps:
            found[parameters[name].corpus].setdefault(label(name), []).append(run)
    return {corpus: clustered(samplers) for corpus, samplers in found.items() if samplers}


def by_corpus(place: Place) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Means, then hybrid against both and X-Y against X-X, behind a column ``corpus``."""
    found = groups(place.runs, place.planned.runs())
    means = {corpus: comparisons.estimates(samplers) for corpus, samplers in found.items()}
    pairs = {corpus: comparisons.against(samplers, PAIRS) for corpus, samplers in found.items()}
    tables = [
        pd.concat(parts, names=["corpus"]).reset_index("corpus").reset_index(drop=True)
        for parts in (means, pairs)
    ]
    return tables[0], tables[1]


def figure(place: Place) -> HTML:
    """Draw each measure over the corpora, a line a sampler."""
    means, _ = by_corpus(place)
    shown = show_figure(
        partial(lines, means, "corpus", "training corpus"),
        f"{place.profile}-corpora",
        caption="Means over seeds with 95 % intervals over articles and seeds, a line a sampler.",
        alt="Four panels over the training corpora: monolingual, cross-lingual and multilingual "
        "mAP and rank distance, a line a sampler with its intervals",
        data=means,
    )
    return html.joined(shown, missing(place))


def numbers(place: Place) -> HTML:
    """Means, the order of the samplers on each corpus, and differences with verdicts."""
    means, differences = by_corpus(place)
    name, wide = place.profile, comparisons.wide(means).reset_index()
    return html.joined(
        html.show_plain(wide, f"{name}-means", numbers=means),
        html.show_plain(orders(means), f"{name}-orders", index=True),
        html.show_plain(
            comparisons.wide_against(differences), f"{name}-differences", numbers=differences
        ),
    )


def orders(means: pd.DataFrame) -> pd.DataFrame:
    """Samplers, the best first: a row a corpus, a column a measure."""
    rows = {}
    for (corpus, measure), part in means.groupby(["corpus", "measure"], sort=False):
        ordered = part.sort_values("mean", ascending=measure == DISTANCE)
        rows[corpus, measure] = ", ".join(map(short, ordered["group"]))
    table = pd.Series(rows).unstack()
    return table.loc[list(dict.fromkeys(means["corpus"])), list(HEADLINE)]
