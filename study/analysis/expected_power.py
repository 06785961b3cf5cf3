"""Power of each claim before a study runs, by the runs that chose its recipe."""

from collections.abc import Mapping, Sequence

import pandas as pd

from hybridlib.checks import check
from hybridlib.data.lareqa import DEVELOPMENT, of_test
from hybridlib.evaluation.three_settings import question_scores
from hybridlib.training.parameters import UNTRAINED
from study.data.registry import load_benchmark
from study.runs.profile import Profile
from study.statistics.clusters import ClusteredScores
from study.statistics.endpoints import ENDPOINTS, compared
from study.statistics.margins import PLAN
from study.statistics.power import power
from study.store.key import run_key
from study.store.run import Run
from study.store.runs import Computed, Store

POWER = "power"
"""Kind of the runs."""


def expected_power(study: Profile, grid: Profile, store: Store) -> Run:
    """Reckon the power of each claim on each benchmark, or load what is stored.

    The grid's runs at the study's recipe, on development, are taken for the truth on both
    benchmarks, and the six languages of training for those that claim 10 calls unseen. Variances by
    article shrink by the number of questions a language. A study that is no start of the plan, or a
    missing run of the grid, is an error. Scores: columns ``claim``, ``benchmark``, ``power``.
    """
    check("study", study.name, str, PLAN.starts)
    trained = [one for one in study.runs().values() if one.num_steps]
    recipe = {(one.learning_rate, one.num_steps) for one in trained}
    seeds = len({one.seed for one in trained})
    runs: dict[str, list[Run]] = {}
    for name, one in grid.runs().items():
        sampler = one.sampler if one.num_steps else UNTRAINED
        if sampler == UNTRAINED or (one.learning_rate, one.num_steps) in recipe:
            run = store.load(store.folder(grid.name, DEVELOPMENT, name))
            runs.setdefault(sampler, []).append(run)
    names = (DEVELOPMENT, *PLAN.benchmarks)
    queries = {name: of_test(name, load_benchmark(name).queries) for name in names}
    more = {name: len(every) / every["language"].nunique() for name, every in queries.items()}
    asked = {"seeds": seeds, "endpoints": PLAN.endpoints, "questions": more}
    revisions = {
        f"{sampler} {number}": run.key
        for sampler, of_sampler in runs.items()
        for number, run in enumerate(of_sampler)
    }

    def compute() -> Computed:
        scores, rows = _scores(runs), []
        for claim, every in ENDPOINTS.items():
            parts = [(one, compared(one, scores)) for one in every if study.name in one.starts]
            for benchmark in PLAN.benchmarks:
                times = more[benchmark] / more[DEVELOPMENT]
                rows.append((claim, benchmark, power(parts, times, seeds)))
        return Computed(pd.DataFrame(rows, columns=["claim", "benchmark", POWER]))

    key = run_key(asked, revisions, ["ranking"])
    return store.keep(store.folder(study.name, POWER, grid.name), key, asked, revisions, compute)


def _scores(runs: Mapping[str, Sequence[Run]]) -> dict[str, ClusteredScores]:
    found = {}
    for sampler, of_sampler in runs.items():
        ranks = pd.DataFrame(of_sampler[0].ranks)
        articles = ranks.drop_duplicates("question").set_index("question")["article"]
        scored = [question_scores(run.ranks) for run in of_sampler]
        found[sampler] = ClusteredScores(scored, articles, sampler != UNTRAINED)
    return found
