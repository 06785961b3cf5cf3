"""What the book takes from the results store."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from book.shared.samplers import is_trained, label, order
from hybridlib.data.lareqa import of_test
from hybridlib.evaluation import three_settings
from hybridlib.search import trec_scores
from hybridlib.training.parameters import UNTRAINED
from study.evaluation import language_content
from study.statistics.clusters import ClusteredScores
from study.store.run import Run
from study.store.runs import Store

SETTINGS = (("monolingual", "Mo."), ("cross-lingual", "Cr."), ("multilingual", "Mul."))
Runs = Mapping[str, Run]


def runs(store: Store, profile: str, kind: str) -> dict[str, Run]:
    """Read every run of a kind of a profile, in the order of the paper's tables.

    Parameters
    ----------
    store, profile
        Where they lie.
    kind
        A benchmark, ``training``, or what else was measured.

    Raises
    ------
    FileNotFoundError
        If there is none.
    """
    folder = store.folder(profile, kind)
    names = [path.parent.name for path in folder.glob("[!.]*/run.json")]
    if not names:
        raise FileNotFoundError(
            f"{folder} holds no run; `make book` computes those of the profile quick, "
            "`snakemake -c2 --config profile=NAME -- runs` those of another"
        )
    return {name: store.load(folder / name) for name in sorted(names, key=order)}


def runs_of_each(store: Store, profiles: str, kinds: str) -> dict[tuple[str, str], dict[str, Run]]:
    """Read every run of each kind of each profile, joined by commas, by profile and kind."""
    return {
        (profile, kind): runs(store, profile, kind)
        for profile in profiles.split(",")
        for kind in kinds.split(",")
    }


def by_place(found: Mapping[tuple[str, str], Runs]) -> dict[str, Run]:
    """Every run of several profiles and kinds, by ``{profile}/{kind}/{name}``."""
    return {"/".join([*place, name]): run for place in found for name, run in found[place].items()}


def by_label(runs: Runs) -> dict[str, list[Run]]:
    """Runs of each sampler, one a seed."""
    grouped: dict[str, list[Run]] = {}
    for name, run in runs.items():
        grouped.setdefault(label(name), []).append(run)
    return grouped


def scores(runs: Runs) -> dict[str, ClusteredScores]:
    """Scores of each sampler by article, its runs being the seeds.

    An encoder that was not trained here is what it is: no seed enters.
    """
    return clustered(by_label(runs), is_trained=is_trained)


def scores_on_test(runs: Runs, benchmark: str) -> dict[str, ClusteredScores]:
    """Scores of each sampler on test questions alone: see :func:`hybridlib.data.lareqa.of_test`."""

    def score(run: Run) -> pd.DataFrame:
        ranks = None if run.ranks is None else of_test(benchmark, run.ranks)
        return question_scores(replace(run, ranks=ranks))

    return clustered(by_label(runs), score, is_trained)


def clustered(
    groups: Mapping[str, Sequence[Run]],
    score: Callable[[Run], pd.DataFrame] | None = None,
    is_trained: Callable[[str], bool] = lambda label: label != UNTRAINED,
) -> dict[str, ClusteredScores]:
    """Scores of each group of runs by article; without articles each question is one.

    Parameters
    ----------
    groups
        Runs that differ in their seed alone, by label.
    score
        Scores a run's questions; by default :func:`question_scores`.
    is_trained
        Whether the runs of a label are trainings, so that seeds enter.
    """
    clustered = {}
    for name, group in groups.items():
        scored = [(score or question_scores)(run) for run in group]
        articles = _articles(scored[0], group[0].ranks)
        clustered[name] = ClusteredScores(scored, articles, is_trained(name))
    return clustered


def _articles(scored: pd.DataFrame, ranks: pd.DataFrame | None) -> pd.Series:
    if ranks is None or "article" not in ranks:
        return scored.index.to_series()
    return ranks.drop_duplicates("question").set_index("question")["article"]


def question_scores(run: Run) -> pd.DataFrame:
    """Score every question of a run, as ``question_scores`` of its evaluation does."""
    if run.ranks is None:
        raise ValueError(f"run {run.key} has no ranks to score")
    if "value" in run.ranks:
        return language_content.question_scores(run.ranks)
    is_searched = "rank" in run.ranks  # among the best passages of a large corpus
    return (trec_scores if is_searched else three_settings).question_scores(run.ranks)


def provenance(runs: Runs) -> pd.DataFrame:
    """One row a run: key, revisions, commit, hardware, date, minutes, and a note."""
    rows = []
    for name, run in runs.items():
        source = run.provenance
        revisions = ", ".join(f"{kind} {value}" for kind, value in source["revisions"].items())
        row = {"run": name, "key": run.key, "revisions": revisions, "commit": source["commit"]}
        row |= {"hardware": source["hardware"], "torch": source["packages"]["torch"]}
        row |= {"date": source["date"][:16], "minutes": source["seconds"] / 60}
        rows.append(row | {"note": source.get("note", "")})
    return pd.DataFrame(rows)
