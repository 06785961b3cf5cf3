"""The paper's eleven claims: the evidence for each, and a verdict computed from stored results."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from hybridlib.data.parallel import Example
from hybridlib.experiments.profile import load_profile
from hybridlib.report import stored_runs
from hybridlib.report.chapters.findings import (
    Evidence,
    Finding,
    are_parallel,
    are_separate,
    batches_are_mixed,
    benchmarks,
    compare,
    is_agnostic,
    map_is_reported,
    zero_shot,
)
from hybridlib.report.tables import DISTANCE, HYBRID
from hybridlib.store.runs import Store

MAP = ("Mo. mAP", "Cr. mAP", "Mul. mAP")


@dataclass(frozen=True)
class Claim:
    """A claim of the paper, in its words cut short, and the test that is put to it."""

    number: int
    text: str
    test: str
    examine: Callable[[Evidence], list[Finding]]


def gather(
    store: Store,
    profiles: Sequence[str],
    benchmarks: Sequence[str],
    batches: Sequence[Sequence[Example]],
) -> Evidence:
    """Gather what the claims are examined against; runs that are missing are left out.

    Parameters
    ----------
    store
        Where the runs lie.
    profiles
        One an initialisation, named by its title; the first has the counts of the data.
    benchmarks
        Names.
    batches
        Hybrid batches.
    """
    resampled, ranks, counts = {}, {}, {}
    for benchmark in benchmarks:
        for profile in profiles:
            is_there = store.folder(profile, benchmark).is_dir()
            found = stored_runs.runs(store, profile, benchmark) if is_there else {}
            start = load_profile(profile).title
            resampled[start, benchmark] = stored_runs.resamples(found)
            for run in found.values():
                ranks[benchmark] = run.ranks
        folder = store.folder(profiles[0], "data", benchmark)
        if folder.is_dir():
            counts[benchmark] = store.load(folder)
    for folder in store.results.glob("*/miracl"):
        found = stored_runs.runs(store, folder.parent.name, folder.name)
        ranks["miracl"] = next(iter(found.values())).ranks
    return Evidence(resampled, ranks, counts, batches)


def adjudicate(evidence: Evidence) -> pd.DataFrame:
    """Examine every claim.

    Returns
    -------
    One row a claim: ``number``, ``claim``, ``verdict``, ``test`` and ``evidence``, a list of
    :class:`Finding`.
    """
    rows = []
    for claim in CLAIMS:
        findings = claim.examine(evidence)
        rows.append((claim.number, claim.text, verdict(findings), claim.test, findings))
    return pd.DataFrame(rows, columns=["number", "claim", "verdict", "test", "evidence"])


def verdict(findings: Sequence[Finding]) -> str:
    """Join findings: a claim is supported if every test of it speaks for it.

    Examples
    --------
    >>> verdict([Finding("a", True), Finding("b", None)])
    'supported as far as it can be tested here: 1 of 2 parts'
    >>> verdict([Finding("a", True), Finding("b", False)])
    'not supported: 1 of 2 tests speak for it'
    """
    held = sum(finding.holds is True for finding in findings)
    failed = sum(finding.holds is False for finding in findings)
    if failed:
        return f"not supported: {held} of {held + failed} tests speak for it"
    if not held:
        return "cannot be tested here"
    if held < len(findings):
        return f"supported as far as it can be tested here: {held} of {len(findings)} parts"
    return "supported"


def summary(rows: pd.DataFrame) -> str:
    """Which claims are not supported, in words, then which cannot be tested, then the others.

    Returns
    -------
    HTML: a paragraph and a list.
    """
    groups = {
        "Not supported here": r"not ",
        "Not to be tested here": r"cannot ",
        "Supported as far as it can be tested here": r"supported as ",
        "Supported": r"supported$",
    }
    parts = []
    for words, pattern in groups.items():
        numbers = rows.loc[rows["verdict"].str.match(pattern), "number"]
        if len(numbers):
            listed = ", ".join(map(str, numbers))
            parts.append(f"{words}: {'claim' if len(numbers) == 1 else 'claims'} {listed}.")
    refuted = rows[rows["verdict"].str.match(r"not ")]
    items = "".join(f"<li>{row.claim} ({row.verdict})</li>" for row in refuted.itertuples())
    return f"<p><strong>{' '.join(parts)}</strong></p>" + (f"<ul>{items}</ul>" if items else "")


_BETTER = (
    "paired bootstrap over questions and seeds, the 95 % interval of the difference above zero"
)
CLAIMS = (
    Claim(1, "Fine-tuning uses a mix of monolingual and cross-lingual question-answer batches.",
          "the languages of drawn batches; exact binomial test of their shares",
          batches_are_mixed),
    Claim(2, "Experiments cover XQuAD-R, MLQA-R and MIRACL.",
          "which benchmarks have runs in the store", benchmarks),
    Claim(3, "XQuAD-R and MLQA-R have parallel questions and passages in 11 and 7 languages.",
          "languages and parallel answers in the stored ranks", are_parallel),
    Claim(4, "mAP is reported for XQuAD-R and MLQA-R.",
          "the stored scores have mAP in all three settings", map_is_reported),
    Claim(5, "Evaluation sets are separate from the training sets.",
          "evaluation texts that equal a training text, case and white space aside",
          are_separate),
    Claim(6, "X-X and X-Y only do well in monolingual and in cross-lingual retrieval respectively.",
          f"X-X against X-Y in Mo. mAP, X-Y against X-X in Cr. mAP: {_BETTER}",
          lambda e: compare(e, "X-X", "X-Y", MAP[:1]) + compare(e, "X-Y", "X-X", MAP[1:2])),
    Claim(7, "Hybrid batch sampling is best in multilingual retrieval.",
          f"hybrid against each baseline in Mul. mAP: {_BETTER}",
          lambda e: compare(e, HYBRID, "X-X", MAP[2:]) + compare(e, HYBRID, "X-Y", MAP[2:])),
    Claim(8, "Hybrid beats both baselines from either initialisation.",
          f"hybrid against each baseline in Mo., Cr. and Mul. mAP: {_BETTER}",
          lambda e: compare(e, HYBRID, "X-X", MAP) + compare(e, HYBRID, "X-Y", MAP)),
    Claim(9, "Hybrid batches reduce language bias compared with monolingual training.",
          "hybrid against X-X in rank distance: the interval lies below zero",
          lambda e: compare(e, HYBRID, "X-X", [DISTANCE])),
    Claim(10, "Hybrid training gives strong zero-shot retrieval across diverse languages.",
          f"hybrid against untrained in Mul. mAP for queries in each unseen language: {_BETTER}",
          zero_shot),
    Claim(11, "The approach learns language-agnostic representations.",
          "how often the answer in the query's own language comes first: the 95 % interval reaches "
          "the rate of an encoder without a preference",
          is_agnostic),
)  # fmt: skip
