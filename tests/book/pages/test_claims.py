from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from book.pages import claims
from book.pages.findings import Evidence
from book.shared.samplers import of_sampler
from hybridlib.data.parallel import Example
from hybridlib.evaluation import three_settings
from study.evaluation import language_content
from study.statistics import margins
from study.statistics.clusters import ClusteredScores
from study.store.run import Run

NUM_QUESTIONS = 20
LANGUAGES = ("ar", "el", "en", "hi", "th", "vi")
COUNTS = pd.DataFrame(
    {
        "language": LANGUAGES,
        "training_texts": [0, 0, 5, 0, 0, 0],
        "evaluation_texts": 9,
        "equal": 0,
        "shared_run": 0,
    }
)
SAMPLERS = ("untrained", "x-x", "x-y", "hybrid", "hybrid-by-example")
PLANTED = {  # rank of the own answer, of the others
    "untrained": (3, 90), "x-x": (1, 40), "x-y": (2, 20), "hybrid": (1, 12),
    "hybrid-by-example": (2, 25),
}  # fmt: skip


def ranks(own, other, seed):
    """Parallel questions, four an article, whose own answer has one rank, the others another."""
    rng = np.random.default_rng(seed)
    rows = [
        (f"q{question}", f"a{question // 4}", query, answer, rank, rank + jitter)
        for question in range(NUM_QUESTIONS)
        for jitter in [int(rng.random() < 0.2)]
        for query in LANGUAGES
        for answer in LANGUAGES
        for rank in [own if query == answer else other + LANGUAGES.index(answer)]
    ]
    names = ["question", "article", "query_language", "candidate_language"]
    return pd.DataFrame(rows, columns=[*names, "rank_in_language", "rank_in_pool"])


def content(of_language, seed):
    """Vectors of the questions, told apart by language more or less."""
    rng = np.random.default_rng(seed)
    frame = ranks(1, 2, 0).drop_duplicates(["question", "query_language"])
    queries = frame.rename(columns={"query_language": "language"}).reset_index(drop=True)
    codes = pd.factorize(queries["language"])[0], pd.factorize(queries["question"])[0]
    shared = np.random.default_rng(5).normal(size=(NUM_QUESTIONS, 30))[codes[1]]
    vectors = shared + of_language * np.eye(30)[codes[0]] + 0.2 * rng.normal(size=shared.shape)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return language_content.language_content(queries, vectors)


@cache
def clustered(name, own, other):
    frames = [ranks(own, other, seed) for seed in range(4)]
    return _clustered(name, frames, three_settings.question_scores)


@cache
def clustered_content(name, of_language):
    frames = [content(of_language, seed) for seed in range(3)]
    return _clustered(name, frames, language_content.question_scores)


def _clustered(name, frames, question_scores):
    articles = frames[0].drop_duplicates("question").set_index("question")["article"]
    runs = [question_scores(frame) for frame in frames]
    return ClusteredScores(runs if name != "untrained" else runs[:1], articles, name != "untrained")


def evidence(places=None, batches=None, starts=("e5", "raw"), of_language=None):
    every = {
        of_sampler(name): clustered(name, *(PLANTED | (places or {}))[name]) for name in SAMPLERS
    }
    questions = {
        of_sampler(name): clustered_content(name, (of_language or {}).get(name, 6))
        for name in ("untrained", "hybrid")
    }
    if batches is None:
        batches = [
            [
                Example(0, "de", "de" if number % 2 else "en"),
                Example(1, "de", "de" if number % 2 else "el"),
            ]
            for number in range(100)
        ]
    scores = {}
    for start in starts:
        for benchmark in ("xquad-r", "mlqa-r"):
            scores[start, benchmark] = every
            scores[start, f"{benchmark}-questions"] = questions
    frames = {name: ranks(1, 12, 0) for name in ("xquad-r", "mlqa-r")}
    counts = {"xquad-r": Run("k", {}, {}, COUNTS)}
    return Evidence(scores, frames, counts, batches, {})


def verdicts(*arguments, **options):
    rows, _ = claims.adjudicated(evidence(*arguments, **options))
    return rows.set_index("number")["verdict"]


def test_a_hybrid_that_is_best_is_supported():
    assert verdicts()[[7, 9, 10]].tolist() == ["supported"] * 3


def test_a_hybrid_between_its_baselines_is_contradicted_not_merely_not_shown():
    found = verdicts({"hybrid": (2, 30)})
    assert found[7] == found[8] == "contradicted"
    assert found[9] == "supported"


def test_a_hybrid_that_is_level_with_a_baseline_contradicts_nothing():
    assert verdicts({"hybrid": (1, 20), "x-y": (1, 20)})[7] == "partly supported"


def test_a_claim_of_which_a_start_is_missing_is_undecided_and_says_so():
    rows, tests = claims.adjudicated(evidence(starts=("raw",)))
    row = rows.set_index("number").loc[7]
    assert row["verdict"] == "undecided"
    assert row["reason"] == "4 shown, 4 not run of 8 tests"
    assert tests[7]["outcome"].tolist().count("not run") == 4


def test_x_x_that_loses_to_the_untrained_start_does_not_do_well():
    assert verdicts({"x-x": (4, 40), "x-y": (5, 20)})[6] == "contradicted"


def test_claim_11_needs_an_encoder_at_chance():
    assert verdicts()[11] == "contradicted"
    agnostic = {"hybrid": (12, 13)}
    _, tests = claims.examine("claim 11", evidence(agnostic, of_language={"hybrid": 0}))
    outcome = tests.set_index("metric")["outcome"]
    assert set(outcome[["language classifier accuracy", "share of variance by language"]]) <= {
        "shown", "open",
    }  # fmt: skip
    assert "refuted" not in set(outcome["share of variance by language"])


def test_a_missing_measure_is_not_run():
    base = evidence()
    without = {key: value for key, value in base.scores.items() if "questions" not in key[1]}
    verdict, tests = claims.examine("claim 11", replace(base, scores=without))
    is_of_embeddings = tests["setting"].isin(["embeddings", "translations"])
    assert set(tests.loc[is_of_embeddings, "outcome"]) == {"not run"}
    assert verdict.verdict in ("undecided", "contradicted")


def test_every_planned_test_has_a_row():
    for family, planned in margins.PLAN.families.items():
        _, tests = claims.examine(family, evidence(starts=()))
        assert len(tests) == len(planned)


def fact(number, **options):
    rows = claims.protocol(evidence(**options))
    return rows.loc[rows["number"] == number, "verdict"].tolist()


def test_batches_that_mix_the_kinds_are_not_hybrid():
    assert fact(1) == ["as the paper says"] * 2
    impure = [[Example(0, "de", "de"), Example(1, "de", "en")]] * 100
    assert "not so here" in fact(1, batches=impure)
    unfair = [[Example(0, "de", "de")]] * 100
    assert fact(1, batches=unfair) == ["as the paper says", "not so here"]


def test_what_has_not_run_cannot_be_tested():
    nothing = Evidence({}, {}, {}, [], {})
    rows, _ = claims.adjudicated(nothing)
    assert set(rows["verdict"]) == {"not testable here"}
    summary = "Of the paper's 6 findings: 6 not testable here (claims 6, 7, 8, 9, 10 and 11)."
    assert claims.summary(rows) == summary
    assert set(claims.protocol(nothing)["verdict"]) == {"cannot be tested here"}


def test_a_training_text_in_the_evaluation_is_said():
    seen = {"xquad-r": Run("k", {}, {}, COUNTS.assign(equal=[0, 0, 1, 0, 0, 0]))}
    rows = claims.protocol(replace(evidence(), counts=seen))
    assert rows.loc[rows["number"] == 5, "verdict"].tolist() == ["not so here"]


def test_the_summary_names_each_verdict_once():
    rows = pd.DataFrame({"number": [6, 7, 8], "verdict": ["undecided", "supported", "undecided"]})
    summary = "Of the paper's 3 findings: 2 undecided (claims 6 and 8), 1 supported (claim 7)."
    assert claims.summary(rows) == summary


def test_the_starts_that_refute_a_claim_are_named():
    def outcomes(**by_start):
        return pd.DataFrame(by_start.items(), columns=["start", "outcome"])

    tests = {
        6: outcomes(raw="shown", e5="refuted"),
        7: outcomes(raw="refuted", e5="refuted"),
        8: outcomes(raw="open", e5="refuted"),
        9: outcomes(raw="shown", e5="open"),
    }
    assert claims.refuted_from(tests) == (
        "Refuted are tests of claim 7 from every start; "
        "of claims 6 and 8 from multilingual-E5-small alone."
    )
    assert claims.refuted_from({9: tests[9]}) == ""


@pytest.mark.parametrize("metric", ["own language first", "language classifier accuracy"])
def test_chance_is_one_over_the_languages_where_all_answers_are_parallel(metric):
    assert claims.chance(metric, ranks(1, 2, 0)) == pytest.approx(1 / 6)
