"""What a page takes from the results store: the runs of a start on a benchmark, a tab each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from book.shared import html
from book.shared.reference import DATASETS
from book.shared.samplers import is_trained, label, order
from hybridlib.data.lareqa import of_test
from hybridlib.evaluation import three_settings
from hybridlib.search import trec_scores
from hybridlib.training.parameters import UNTRAINED
from study.evaluation import language_content
from study.runs.profile import Profile, load_profile
from study.statistics.clusters import ClusteredScores
from study.store.run import Run
from study.store.runs import Store

Runs = Mapping[str, Run]
_BENCHMARKS = DATASETS | {
    "xquad-r-every-3": "a third of XQuAD-R",
    "xquad-r-development": "development articles of XQuAD-R",
    "sib-200": "SIB-200",
    "cldr": "embedded questions",
}


@dataclass(frozen=True)
class Place:
    """The stored runs of a profile on a benchmark, both by name: what a tab shows."""

    profile: str
    benchmark: str
    store: Store

    @property
    def name(self) -> str:
        """With which the names of its figures and tables begin."""
        return f"{self.profile}-{self.benchmark}"

    @property
    def title(self) -> str:
        """Start and benchmark in words."""
        return f"{self.planned.title}, {benchmark_in_words(self.benchmark)}"

    @cached_property
    def planned(self) -> Profile:
        """The profile."""
        return load_profile(self.profile)

    @cached_property
    def runs(self) -> dict[str, Run]:
        """With the ranks of test questions alone: see :func:`hybridlib.data.lareqa.of_test`."""
        return {
            name: replace(run, ranks=of_test(self.benchmark, run.ranks))
            if run.ranks is not None
            else run
            for name, run in self._stored.items()
        }

    @cached_property
    def scores(self) -> dict[str, ClusteredScores]:
        """Scores of each sampler on test questions by article, its runs being the seeds."""
        return scores(self.runs)

    @cached_property
    def scores_on_all(self) -> dict[str, ClusteredScores] | None:
        """Likewise on all articles, as the paper has them; None where all of them are test."""
        is_whole = all(run.ranks is self._stored[name].ranks for name, run in self.runs.items())
        return None if is_whole else scores(self._stored)

    @cached_property
    def _stored(self) -> dict[str, Run]:
        return runs(self.store, self.profile, self.benchmark)

    @property
    def has_runs(self) -> bool:
        """Whether the store has any."""
        return any(self.store.folder(self.profile, self.benchmark).glob("[!.]*/run.json"))


def benchmark_in_words(benchmark: str) -> str:
    """How a page calls a benchmark."""
    return _BENCHMARKS.get(benchmark, benchmark)


def places(profiles: str, benchmarks: str) -> list[Place]:
    """Every profile with every benchmark, each joined by commas."""
    store = Store()
    return [
        Place(profile, benchmark, store)
        for profile in profiles.split(",")
        for benchmark in benchmarks.split(",")
    ]


def tabbed(show: Callable[[Place], html.HTML], places: Sequence[Place]) -> html.HTML:
    """What ``show`` makes of each place, a tab each; of one without runs, how to get them."""
    has_one = len({place.benchmark for place in places}) == 1
    return html.tab_set(
        {
            (place.name, place.planned.title if has_one else place.title): (
                show(place) if place.has_runs else missing(place)
            )
            for place in places
        }
    )


def missing(place: Place) -> html.HTML:
    """Which of the planned runs of a place are not stored; nothing if all are."""
    planned = list(place.planned.runs())
    there = place.runs if place.has_runs else {}
    lacking = [name for name in planned if name not in there]
    if not lacking:
        return html.HTML("")
    words = f"Missing: {len(lacking)} of {len(planned)} planned runs, {lacking[0]} first."
    command = f"snakemake -c2 --config profile={place.profile} -- runs"
    return html.joined(html.paragraph(f"{words} To compute them:"), html.code(command))


def runs(store: Store, profile: str, kind: str) -> dict[str, Run]:
    """Read every run of a profile, in the order of the paper's tables.

    ``kind`` is a benchmark, ``training``, or what else was measured; none is a FileNotFoundError.
    """
    folder = store.folder(profile, kind)
    names = [path.parent.name for path in folder.glob("[!.]*/run.json")]
    if not names:
        raise FileNotFoundError(
            f"{folder} holds no run; `make book` computes those of the profile quick, "
            "`snakemake -c2 --config profile=NAME -- runs` those of another"
        )
    return {name: store.load(folder / name) for name in sorted(names, key=order)}


def by_label(runs: Runs) -> dict[str, list[Run]]:
    """Runs of each sampler, one a seed."""
    grouped: dict[str, list[Run]] = {}
    for name, run in runs.items():
        grouped.setdefault(label(name), []).append(run)
    return grouped


def scores(runs: Runs) -> dict[str, ClusteredScores]:
    """Scores of each sampler by article; an untrained encoder has no seed."""
    return clustered(by_label(runs), is_trained=is_trained)


def ranks_of(run: Run) -> pd.DataFrame:
    """Ranks of a run; a ValueError if it has none."""
    if run.ranks is None:
        raise ValueError(f"run {run.key} has no ranks to score")
    return run.ranks


def question_scores(run: Run) -> pd.DataFrame:
    """Score every question of a run, as ``question_scores`` of its evaluation does."""
    ranks = ranks_of(run)
    if "value" in ranks:
        return language_content.question_scores(ranks)
    is_searched = "rank" in ranks  # among the best passages of a large corpus
    return (trec_scores if is_searched else three_settings).question_scores(ranks)


def clustered(
    groups: Mapping[str, Sequence[Run]],
    score: Callable[[Run], pd.DataFrame] = question_scores,
    is_trained: Callable[[str], bool] = lambda label: label != UNTRAINED,
) -> dict[str, ClusteredScores]:
    """Scores by article of each group of runs that differ in their seed alone, by label.

    Without articles each question is one. ``is_trained``: whether seeds enter for a label.
    """
    clustered = {}
    for name, group in groups.items():
        scored, ranks = [score(run) for run in group], ranks_of(group[0])
        articles = scored[0].index.to_series()
        if "article" in ranks:
            articles = ranks.drop_duplicates("question").set_index("question")["article"]
        clustered[name] = ClusteredScores(scored, articles, is_trained(name))
    return clustered


def provenance(places: Iterable[Place]) -> pd.DataFrame:
    """One row a run: key, revisions, commit, hardware, date, minutes, and a note."""
    rows = []
    for place in places:
        for name, run in (place.runs if place.has_runs else {}).items():
            source = run.provenance
            revisions = ", ".join(f"{kind} {value}" for kind, value in source["revisions"].items())
            row = {"run": f"{place.profile}/{place.benchmark}/{name}", "key": run.key}
            row |= {"revisions": revisions, "commit": source["commit"]}
            row |= {"hardware": source["hardware"], "torch": source["packages"]["torch"]}
            row |= {"date": source["date"][:16], "minutes": source["seconds"] / 60}
            rows.append(row | {"note": source.get("note", "")})
    return pd.DataFrame(rows)
