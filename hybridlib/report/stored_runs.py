"""What the book takes from the results store."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.spatial.distance import pdist

from hybridlib.evaluation import metrics, three_settings
from hybridlib.search import trec_scores
from hybridlib.statistics.intervals import Resamples
from hybridlib.store import runs as results
from hybridlib.training.parameters import TrainingParameters

SETTINGS = (("monolingual", "Mo."), ("cross-lingual", "Cr."), ("multilingual", "Mul."))
SAMPLER_LABELS = {"untrained": "untrained", "x-x": "X-X", "x-y": "X-Y", "hybrid": "Hybrid"}
Runs = Mapping[str, results.Run]


def runs(folder: Path) -> dict[str, results.Run]:
    """Read every run below a folder of the store, in the order of the paper's tables.

    Raises
    ------
    FileNotFoundError
        If there is none.
    """
    names = [path.parent.name for path in folder.glob("[!.]*/run.json")]
    if not names:
        raise FileNotFoundError(f"{folder} holds no run; `make book` computes those of quick")
    order = list(SAMPLER_LABELS)
    names.sort(key=lambda name: (order.index(kind(name)) if kind(name) in order else 9, name))
    return {name: results.load(folder / name) for name in names}


def sampler(name: str) -> str:
    """Sampler of a run by its name.

    Examples
    --------
    >>> sampler("hybrid-0.5-seed0"), sampler("untrained")
    ('hybrid-0.5', 'untrained')
    """
    return name.partition("-seed")[0]


def kind(name: str) -> str:
    """Kind of a run's sampler, without alpha: a key of ``SAMPLER_LABELS``, or another name."""
    return "hybrid" if name.startswith("hybrid-") else sampler(name)


def label(name: str) -> str:
    """Name of a run's sampler in a table; a run of another name is its own label.

    Examples
    --------
    >>> label("x-y-seed0"), label("hybrid-0.5-seed0"), label("mine")
    ('X-Y', 'Hybrid, α = 0.5', 'mine')
    """
    short = SAMPLER_LABELS.get(kind(name), name)
    alpha = sampler(name).removeprefix("hybrid-")
    return f"{short}, α = {alpha}" if kind(name) == "hybrid" else short


def by_label(runs: Runs) -> dict[str, list[results.Run]]:
    """Runs of each sampler, one a seed."""
    grouped: dict[str, list[results.Run]] = {}
    for name, run in runs.items():
        grouped.setdefault(label(name), []).append(run)
    return grouped


def resamples(runs: Runs) -> dict[str, Resamples]:
    """Resampled means of each sampler, its runs being the seeds."""
    return {
        name: Resamples([question_scores(run) for run in group])
        for name, group in by_label(runs).items()
    }


def question_scores(run: results.Run) -> pd.DataFrame:
    """Score every question of a run, as ``question_scores`` of its evaluation does."""
    if run.ranks is None:
        raise ValueError(f"run {run.key} has no ranks to score")
    is_searched = "rank" in run.ranks  # among the best passages of a large corpus
    return (trec_scores if is_searched else three_settings).question_scores(run.ranks)


def settings_and_metrics(runs: Runs) -> list[tuple[str, str]]:
    """Settings with mAP and with recall, in the order of tables 3 to 6."""
    scores = next(iter(runs.values())).scores
    every = list(scores[["setting", "metric"]].drop_duplicates().itertuples(index=False, name=None))
    return [cell for kind in ("mAP", "R@") for cell in every if cell[1].startswith(kind)]


def pair_scores(runs: Runs) -> dict[str, pd.DataFrame]:
    """Scores of each sampler, means over seeds."""
    keys = ["setting", "metric", "query_language", "candidate_language"]
    return {
        name: pd.concat([run.scores for run in group])
        .groupby(keys, sort=False)["value"]
        .mean()
        .reset_index()
        for name, group in by_label(runs).items()
    }


def rank_distances(runs: Runs) -> dict[str, np.ndarray]:
    """Rank distance of every query of each sampler, all seeds together. Shape: (queries,)."""
    return {
        name: np.concatenate(
            [
                metrics.rank_distance(three_settings.rank_matrix(run.ranks, "rank_in_pool"))
                for run in group
                if run.ranks is not None
            ]
        )
        for name, group in by_label(runs).items()
    }


def settings_tried(runs: Runs, parameters: Mapping[str, TrainingParameters]) -> pd.DataFrame:
    """Learning rate and temperature of each tuning run, best multilingual mAP first.

    Returns
    -------
    Columns ``learning rate``, ``temperature``, ``Mo. mAP``, ``Cr. mAP``, ``Mul. mAP``.
    """
    rows = []
    for name, run in runs.items():
        means = three_settings.summarize(run.scores).set_index(["setting", "metric"])["value"]
        settings = parameters[name]
        trained = settings.num_steps > 0
        row = {
            "learning rate": str(settings.learning_rate) if trained else "untrained",
            "temperature": str(settings.temperature) if trained else "",
        }
        rows.append(row | {f"{short} mAP": means[setting, "mAP"] for setting, short in SETTINGS})
    table = pd.DataFrame(rows)
    return table.sort_values(table.columns[-1], ascending=False, ignore_index=True)


def translation_distance(plane: pd.DataFrame) -> pd.DataFrame:
    """Distance to translations over distance within the language, on a map, by encoder.

    Parameters
    ----------
    plane
        Of :func:`hybridlib.analysis.embedding_map.project`.

    Returns
    -------
    Columns ``encoder`` and ``ratio``.
    """
    rows = []
    for name, part in plane.groupby("encoder", sort=False):
        means = [
            np.mean([pdist(group[["x", "y"]]).mean() for _, group in part.groupby(column)])
            for column in ("question", "language")
        ]
        rows.append((label(str(name)), means[0] / means[1]))
    return pd.DataFrame(rows, columns=["encoder", "ratio"])


def typical_example(runs: Runs) -> pd.DataFrame:
    """Ranks of a typical query: in each run its rank distance is near the run's median.

    Returns
    -------
    Columns ``run`` (label), ``question``, ``query_language``, ``candidate_language``,
    ``rank_in_pool``.
    """
    parts = [
        group[0].ranks.assign(run=name)
        for name, group in by_label(runs).items()
        if group[0].ranks is not None
    ]
    every = pd.concat(parts, ignore_index=True)
    ranks = every.groupby(["question", "query_language", "run"])["rank_in_pool"]
    distance = np.log1p(ranks.max() - ranks.min()).unstack("run")
    question, language = (distance - distance.median()).abs().max(axis=1).idxmin()
    chosen = (every["question"] == question) & (every["query_language"] == language)
    return every.loc[
        chosen, ["run", "question", "query_language", "candidate_language", "rank_in_pool"]
    ]


def provenance(runs: Runs) -> pd.DataFrame:
    """One row a run: key, revisions, commit, hardware, date, minutes."""
    rows = []
    for name, run in runs.items():
        source = run.provenance
        revisions = ", ".join(f"{kind} {value}" for kind, value in source["revisions"].items())
        row = {"run": name, "key": run.key, "revisions": revisions, "commit": source["commit"]}
        row |= {"hardware": source["hardware"], "torch": source["packages"]["torch"]}
        rows.append(row | {"date": source["date"][:16], "minutes": source["seconds"] / 60})
    return pd.DataFrame(rows)


def training_parameters(runs: Runs) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What trainings have in common, one row a parameter, and what not, one row a run."""
    table = pd.DataFrame({name: run.parameters for name, run in runs.items()}).astype(str).T
    is_common = (table == table.iloc[0]).all()
    common = table.loc[:, is_common].iloc[0].rename("value").rename_axis("parameter").reset_index()
    return common, table.loc[:, ~is_common].rename_axis("run").reset_index()
