import numpy as np
import pandas as pd
import pytest

from hybridlib.data.parallel import Example
from hybridlib.evaluation import three_settings
from hybridlib.report.chapters import claims
from hybridlib.report.chapters.findings import Evidence, Finding
from hybridlib.report.tables import HYBRID
from hybridlib.statistics.intervals import Resamples
from hybridlib.store import runs as results

LANGUAGES = ("de", "el", "en")
COUNTS = pd.DataFrame(
    {
        "language": LANGUAGES,
        "training_texts": [5, 0, 5],
        "evaluation_texts": 9,
        "equal": 0,
        "shared_run": 0,
    }
)


def ranks(own, other):
    """60 parallel questions whose own answer has one rank and whose other answers another."""
    rng = np.random.default_rng(0)
    rows = [
        (f"q{question}", query, answer, rank + jitter, rank + jitter)
        for question in range(60)
        for jitter in [int(rng.integers(0, 2))]
        for query in LANGUAGES
        for answer in LANGUAGES
        for rank in [own if query == answer else other + LANGUAGES.index(answer)]
    ]
    names = ["question", "query_language", "candidate_language", "rank_in_language", "rank_in_pool"]
    return pd.DataFrame(rows, columns=names)


def evidence(hybrid, xx=(1, 40), xy=(1, 30), batches=None):
    runs = {"untrained": (1, 90), "X-X": xx, "X-Y": xy, HYBRID: hybrid}
    resampled = {
        name: Resamples([three_settings.question_scores(ranks(*places))])
        for name, places in runs.items()
    }
    counts = {"xquad-r": results.Run("k", {}, {}, COUNTS)}
    if batches is None:
        batches = [
            [
                Example(0, "de", "de" if number % 2 else "en"),
                Example(1, "de", "de" if number % 2 else "el"),
            ]
            for number in range(100)
        ]
    return Evidence(
        {("a start", "xquad-r"): resampled}, {"xquad-r": ranks(*hybrid)}, counts, batches
    )


def verdicts(*arguments, **options):
    rows = claims.adjudicate(evidence(*arguments, **options))
    return rows.set_index("number")["verdict"]


def test_a_hybrid_that_is_best_is_supported():
    found = verdicts((1, 2))
    assert found[[7, 9, 10]].tolist() == ["supported"] * 3


def test_a_hybrid_between_its_baselines_is_not_best():
    found = verdicts((1, 35))
    assert found[7] == "not supported: 1 of 2 tests speak for it"
    assert found[9] == "supported"


def test_a_level_hybrid_does_not_support_the_claim():
    assert verdicts((1, 30))[7].startswith("not supported")


def test_a_worse_bias_is_not_supported():
    assert verdicts((1, 80))[9] == "not supported: 0 of 1 tests speak for it"


def test_the_own_language_first_is_not_language_agnostic():
    assert verdicts((1, 2))[11].startswith("not supported")
    assert verdicts((9, 2))[11] == "supported"


def test_batches_that_mix_the_kinds_are_not_hybrid():
    assert verdicts((1, 2))[1] == "supported"
    impure = [[Example(0, "de", "de"), Example(1, "de", "en")]] * 100
    assert verdicts((1, 2), batches=impure)[1].startswith("not supported")
    unfair = [[Example(0, "de", "de")]] * 100
    assert verdicts((1, 2), batches=unfair)[1] == "not supported: 1 of 2 tests speak for it"


def test_what_has_not_run_cannot_be_tested():
    nothing = Evidence({("a start", "xquad-r"): {}}, {}, {}, [])
    rows = claims.adjudicate(nothing)
    assert set(rows["verdict"]) == {"cannot be tested here"}
    assert claims.summary(rows) == (
        "<p><strong>Not to be tested here: claims 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11.</strong></p>"
    )


def test_a_training_text_in_the_evaluation_is_said():
    seen = COUNTS.assign(equal=[0, 0, 1])
    base = evidence((1, 2))
    counts = {"xquad-r": results.Run("k", {}, {}, seen)}
    rows = claims.adjudicate(Evidence(base.resampled, base.ranks, counts, base.batches))
    assert rows.set_index("number")["verdict"][5].startswith("not supported")


def test_disagreement_comes_first():
    rows = claims.adjudicate(evidence((1, 35)))
    assert claims.summary(rows).startswith("<p><strong>Not supported here: claims ")
    assert "<li>Hybrid batch sampling is best in multilingual" in claims.summary(rows)


@pytest.mark.parametrize(
    ("holds", "expected"),
    [
        ([True, True], "supported"),
        ([None], "cannot be tested here"),
        ([], "cannot be tested here"),
        ([False, None], "not supported: 0 of 1 tests speak for it"),
    ],
)
def test_findings_join_to_a_verdict(holds, expected):
    assert claims.verdict([Finding("x", held) for held in holds]) == expected
