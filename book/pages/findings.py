"""Facts of the protocol: what the stored results say, piece by piece."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from scipy.stats import binomtest

from book.shared.tables import Scores
from hybridlib.data.parallel import Example
from study.store.run import Run


@dataclass(frozen=True)
class Finding:
    """A fact of the protocol: what was found, and whether it is as the paper says.

    ``holds`` is None for what cannot be tested here.
    """

    statement: str
    holds: bool | None


@dataclass(frozen=True)
class Evidence:
    """What the store holds, for the claims to be examined against.

    Parameters
    ----------
    scores
        By (start, benchmark), then the sampler's label; what the embeddings of a benchmark's
        questions tell stands under ``{benchmark}-questions``.
    ranks
        Of one run on each benchmark.
    counts
        Of :func:`study.analysis.data_counts.measure`, by benchmark.
    batches
        Hybrid batches drawn with alpha 0.5.
    runs
        All that these come from, by place.
    """

    scores: Mapping[tuple[str, str], Scores]
    ranks: Mapping[str, pd.DataFrame]
    counts: Mapping[str, Run]
    batches: Sequence[Sequence[Example]]
    runs: Mapping[str, Run]


def batches_are_mixed(evidence: Evidence) -> list[Finding]:
    """Find in drawn hybrid batches one language or many, and as many of either as alpha says."""
    kinds = [
        {"X-X"} if len({language for key in batch for language in key[1:]}) == 1
        else {"X-Y" if key.query_language != key.passage_language else "mixed" for key in batch}
        for batch in evidence.batches
    ]  # fmt: skip
    pure = all(kind in ({"X-X"}, {"X-Y"}) for kind in kinds)
    count, total = sum(kind == {"X-X"} for kind in kinds), len(kinds)
    if not total:
        return [Finding("no batch was drawn", None)]
    fair = binomtest(count, total, 0.5).pvalue
    share = f"{count} of {total} are X-X, as a fair coin would have it (p = {fair:.2f})"
    return [
        Finding("every hybrid batch is in one language, or crosses languages throughout", pure),
        Finding(share, bool(fair > 0.05)),
    ]


def benchmarks(evidence: Evidence) -> list[Finding]:
    """Find which benchmarks have runs."""
    return [
        Finding(f"{name}: {'evaluated' if name in evidence.ranks else 'no run in the store'}",
                True if name in evidence.ranks else None)
        for name in ("xquad-r", "mlqa-r", "miracl")
    ]  # fmt: skip


def are_parallel(evidence: Evidence) -> list[Finding]:
    """Find the languages of each benchmark, and in how many a question has an answer."""
    findings = []
    for benchmark, expected in (("xquad-r", 11), ("mlqa-r", 7)):
        if benchmark not in evidence.ranks:
            findings.append(Finding(f"{benchmark}: no run in the store", None))
            continue
        ranks = evidence.ranks[benchmark]
        answers = ranks.groupby("question")["candidate_language"].nunique()
        found = ranks["query_language"].nunique()
        statement = (
            f"{benchmark}: {found} languages; a question has answers in {answers.min()} to "
            f"{answers.max()} of them, {answers.mean():.1f} on average"
        )
        findings.append(Finding(statement, bool(found == expected and answers.min() > 1)))
    return findings


def map_is_reported(evidence: Evidence) -> list[Finding]:
    """Find mAP among the scores."""
    findings = []
    for (start, benchmark), scores in evidence.scores.items():
        if benchmark not in evidence.ranks or not scores:
            continue
        cells = next(iter(scores.values())).cells.to_frame()
        settings = cells.loc[cells["metric"] == "mAP", "setting"].unique()
        statement = f"{benchmark} from {start}: mAP in {', '.join(settings)} retrieval"
        findings.append(Finding(statement, len(settings) == 3))
    return findings or [Finding("no run in the store", None)]


def are_separate(evidence: Evidence) -> list[Finding]:
    """Find evaluation texts that training has seen."""
    findings = []
    for benchmark, run in evidence.counts.items():
        total = run.scores[["evaluation_texts", "equal", "shared_run"]].sum()
        statement = (
            f"{benchmark}: of {total['evaluation_texts']:,} evaluation texts {total['equal']} are "
            f"training texts, {total['shared_run']} share a long run of characters with one"
        )
        findings.append(Finding(statement, bool(total["equal"] == 0)))
    return findings or [Finding("the data was not compared", None)]
