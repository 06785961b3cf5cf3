"""The paper's eleven claims: the tests of each, and a verdict computed from stored results."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from book.pages.findings import (
    Evidence,
    Finding,
    are_parallel,
    are_separate,
    batches_are_mixed,
    benchmarks,
    map_is_reported,
)
from book.shared import sentences, stored_runs, tables
from book.shared.samplers import of_sampler
from hybridlib.data.parallel import Example
from study.evaluation.language_content import ACCURACY
from study.runs.profile import load_profile
from study.statistics.equivalence import Comparison
from study.statistics.margins import PLAN, PlannedTest
from study.statistics.verdicts import Adjudication, ClaimTest, adjudicate
from study.store.run import Run
from study.store.runs import Store

STARTS = {"e5": "e5", "raw": "raw"}
QUESTIONS = "-questions"
_SIGNS = {True: "as the paper says", False: "not so here", None: "cannot be tested here"}


@dataclass(frozen=True)
class Protocol:
    """A claim about what was done, in the paper's words cut short, and how it is examined."""

    number: int
    text: str
    examine: Callable[[Evidence], list[Finding]]


PROTOCOL = (
    Protocol(1, "Fine-tuning uses a mix of monolingual and cross-lingual question-answer batches.",
             batches_are_mixed),
    Protocol(2, "Experiments cover XQuAD-R, MLQA-R and MIRACL.", benchmarks),
    Protocol(3, "XQuAD-R and MLQA-R have parallel questions and passages in 11 and 7 languages.",
             are_parallel),
    Protocol(4, "mAP is reported for XQuAD-R and MLQA-R.", map_is_reported),
    Protocol(5, "Evaluation sets are separate from the training sets.", are_separate),
)  # fmt: skip
FINDINGS = {
    6: "X-X and X-Y only do well in monolingual and in cross-lingual retrieval respectively.",
    7: "Hybrid batch sampling is best in multilingual retrieval.",
    8: "Hybrid beats both baselines from either initialisation.",
    9: "Hybrid batches reduce language bias compared with monolingual training.",
    10: "Hybrid training gives strong zero-shot retrieval across diverse languages.",
    11: "The approach learns language-agnostic representations.",
}


def gather(
    store: Store, benchmarks: Sequence[str], batches: Sequence[Sequence[Example]]
) -> Evidence:
    """Gather what the claims are examined against; runs that are missing are left out.

    Parameters
    ----------
    store
        Where the runs lie: from each start those of its profile in :data:`STARTS`.
    benchmarks
        Names.
    batches
        Hybrid batches.
    """
    scores, ranks, counts = {}, {}, {}
    read: dict[str, Run] = {}
    for benchmark in benchmarks:
        for start, profile in STARTS.items():
            for kind in (benchmark, benchmark + QUESTIONS):
                if not store.folder(profile, kind).is_dir():
                    continue
                found = stored_runs.runs(store, profile, kind)
                read |= stored_runs.by_place({(profile, kind): found})
                scores[start, kind] = stored_runs.scores(found)
                if kind == benchmark:
                    ranks[benchmark] = next(iter(found.values())).ranks
        folder = store.folder("study", "data", benchmark)
        if folder.is_dir():
            read[f"study/data/{benchmark}"] = counts[benchmark] = store.load(folder)
    for folder in store.results.glob("*/miracl"):
        found = stored_runs.runs(store, folder.parent.name, folder.name)
        read |= stored_runs.by_place({(folder.parent.name, folder.name): found})
        ranks["miracl"] = next(iter(found.values())).ranks
    return Evidence(scores, ranks, counts, batches, read)


def protocol(evidence: Evidence) -> pd.DataFrame:
    """Examine the claims about what was done.

    Returns
    -------
    One row a fact: ``number``, ``claim``, ``found`` and whether that is ``as the paper says``.
    """
    rows = [
        (claim.number, claim.text, finding.statement, _SIGNS[finding.holds])
        for claim in PROTOCOL
        for finding in claim.examine(evidence)
    ]
    return pd.DataFrame(rows, columns=["number", "claim", "found", "verdict"])


def compare(test: PlannedTest, evidence: Evidence) -> Comparison | None:
    """Make a planned comparison; None where one of its runs is missing."""
    is_of_embeddings = test.setting in ("embeddings", "translations")
    kind = test.benchmark + (QUESTIONS if is_of_embeddings else "")
    scores = evidence.scores.get((test.start, kind), {})
    sampler, against = of_sampler(test.sampler), of_sampler(test.against)
    if sampler not in scores:
        return None
    if test.against == "chance":
        one = scores[sampler]
        found = one.estimate(tables.cells(one, test.setting, test.metric))
        expected = chance(test.metric, evidence.ranks[test.benchmark])
        difference = replace(
            found,
            mean=found.mean - expected,
            lowest_seed=found.lowest_seed - expected,
            highest_seed=found.highest_seed - expected,
        )
        margin = PLAN.margin(test.metric, expected)
        return Comparison(difference, margin, test.metric in PLAN.smaller_is_better)
    measured = test.setting, test.metric, [test.query_language] if test.query_language else None
    if against not in scores or not tables.cells(scores[sampler], *measured).any():
        return None
    return tables.compare(scores[sampler], scores[against], *measured)


def chance(metric: str, ranks: pd.DataFrame) -> float:
    """What an encoder without a preference for a language would have, on a run's questions."""
    if metric == ACCURACY:
        return 1 / ranks["query_language"].nunique()
    answers = ranks.groupby(["question", "query_language"])["candidate_language"].nunique()
    return float((1 / answers).groupby("query_language").mean().mean())


def examine(family: str, evidence: Evidence) -> tuple[Adjudication, pd.DataFrame]:
    """Make every test that was planned for a family, and join them.

    Returns
    -------
    The verdict, and one row a test: its columns as planned, ``difference`` (a
    :class:`Comparison`, None where it has not run) and ``outcome``.
    """
    planned = PLAN.families[family]
    comparisons = [compare(test, evidence) for test in planned]
    verdict = adjudicate(
        [ClaimTest(one, test.expects) for one, test in zip(comparisons, planned, strict=True)]
    )
    rows = pd.DataFrame(planned)
    rows = rows.assign(difference=comparisons, outcome=verdict.outcomes)
    return verdict, rows


def adjudicated(evidence: Evidence) -> tuple[pd.DataFrame, Mapping[int, pd.DataFrame]]:
    """Examine the claims that are findings.

    Returns
    -------
    One row a claim: ``number``, ``claim``, ``verdict`` and ``reason``; and the tests of each.
    """
    rows, tests = [], {}
    for number, text in FINDINGS.items():
        verdict, tests[number] = examine(f"claim {number}", evidence)
        rows.append((number, text, verdict.verdict, verdict.reason))
    return pd.DataFrame(rows, columns=["number", "claim", "verdict", "reason"]), tests


def refuted_from(tests: Mapping[int, pd.DataFrame]) -> str:
    """From which starts each contradicted claim's tests are refuted, in a sentence."""
    numbers: dict[tuple[str, ...], list[str]] = {}
    for number, rows in tests.items():
        refuted = set(rows.loc[rows["outcome"] == "refuted", "start"])
        if refuted:
            ordered = tuple(start for start in STARTS if start in refuted)
            numbers.setdefault(ordered, []).append(str(number))
    parts = []
    for starts, found in sorted(numbers.items(), key=lambda one: -len(one[0])):
        titles = [load_profile(STARTS[start]).title for start in starts]
        everywhere = len(starts) == len(STARTS)
        place = "every start" if everywhere else f"{sentences.listed(titles)} alone"
        claims = f"{'claim' if len(found) == 1 else 'claims'} {sentences.listed(found)}"
        parts.append(f"{claims} from {place}")
    return f"Refuted are tests of {'; of '.join(parts)}." if parts else ""


def summary(rows: pd.DataFrame) -> str:
    """Which of the claims came out how, in a sentence."""
    parts = [
        f"{len(part)} {verdict} ({'claim' if len(part) == 1 else 'claims'} "
        f"{sentences.listed(list(map(str, part)))})"
        for verdict, part in rows.groupby("verdict", sort=False)["number"]
    ]
    return f"Of the paper's {len(rows)} findings: {', '.join(parts)}."
