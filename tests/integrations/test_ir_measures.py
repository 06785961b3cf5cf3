import re

import ir_measures
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from ir_measures import AP, Qrel, ScoredDoc

from hybridlib.evaluation import language_preference, metrics
from hybridlib.evaluation.ranking import rank_relevant
from hybridlib.evaluation.three_settings import rank_matrix
from hybridlib.integrations import ir_measures as ours
from hybridlib.integrations.ir_measures import LPR, TLR, OwnLanguageFirst, RankDistance
from tests.evaluation.test_ranking import cases

DOCUMENTS = {"de1": "de", "de2": "de", "en1": "en", "hi1": "hi"}
QUERIES = {"q": "de", "r": "en"}
QRELS = {"q": {"de1": 1, "en1": 1, "hi1": 2}, "r": {"en1": 1}}
RUN = {
    "q": {"en1": 4.0, "de2": 3.0, "de1": 2.0, "hi1": 1.0},
    "r": {"de1": 4.0, "en1": 3.0, "hi1": 2.0},
}


@pytest.fixture
def pipeline():
    before = ir_measures.DefaultPipeline.providers
    yield ir_measures
    ir_measures.DefaultPipeline.providers = before


def by_query(measure, qrels=QRELS, run=RUN, provider=None):
    provider = provider or ours.LanguageProvider(DOCUMENTS, QUERIES)
    return {metric.query_id: metric.value for metric in provider.iter_calc([measure], qrels, run)}


@settings(max_examples=30)
@given(cases())
def test_the_values_are_ours_on_random_rankings_with_ties(case):
    benchmark, query_embeddings, candidate_embeddings = case
    documents = benchmark.candidates.set_index("candidate")["language"]
    asked = benchmark.queries.assign(query=lambda rows: rows["question"] + "-" + rows["language"])
    relevant = benchmark.relevance.groupby("question")["candidate"].agg(list)
    qrels = {q: dict.fromkeys(relevant[one], 1) for q, one in asked[["query", "question"]].values}
    scores = query_embeddings @ candidate_embeddings.T
    run = {
        query: dict(zip(documents.index, row, strict=True))
        for query, row in zip(asked["query"], scores, strict=True)
    }
    provider = ours.LanguageProvider(documents.to_dict(), dict(asked[["query", "language"]].values))
    ranks = rank_relevant(*case)
    ranks["is_own"] = ranks["query_language"] == ranks["candidate_language"]
    matrix, is_own = rank_matrix(ranks, "rank_in_pool"), rank_matrix(ranks, "is_own") == 1
    keys = ranks[["question", "query_language"]].drop_duplicates()
    expected = {
        RankDistance: metrics.rank_distance(matrix),
        OwnLanguageFirst: language_preference.own_language_first(matrix, is_own),
        TLR @ 5: language_preference.recall_in_other_languages(matrix, is_own, 5),
        LPR: language_preference.language_preference_rate(matrix, is_own),
    }
    for measure, values in expected.items():
        found = by_query(measure, qrels, run, provider)
        np.testing.assert_array_equal([found["-".join(key)] for key in keys.values], values)


def test_they_stand_beside_other_measures_whatever_the_form_of_runs_and_qrels(pipeline):
    ours.register(DOCUMENTS, QUERIES)
    qrels = [Qrel(q, d, value) for q, judged in QRELS.items() for d, value in judged.items()]
    run = [ScoredDoc(q, d, score) for q, scores in RUN.items() for d, score in scores.items()]
    wanted = [AP, RankDistance, OwnLanguageFirst, LPR, pipeline.parse_measure("TLR@1")]
    found = pipeline.calc_aggregate(wanted, QRELS, RUN)
    assert pipeline.calc_aggregate(wanted, iter(qrels), iter(run)) == found
    assert found[LPR] == 0.5  # of the first query alone
    assert found[TLR @ 1] == 0.5
    assert found[AP] == pytest.approx(((1 + 2 / 3 + 3 / 4) / 3 + 1 / 2) / 2)


def test_languages_registered_again_replace_the_first(pipeline):
    ours.register(DOCUMENTS, QUERIES)
    ours.register(DOCUMENTS, QUERIES | {"q": "en"})
    assert pipeline.calc_aggregate([OwnLanguageFirst], QRELS, RUN)[OwnLanguageFirst] == 1.0


@pytest.mark.parametrize(
    ("documents", "queries", "message"),
    [
        ({"de1": "de"}, QUERIES, r"2 document ids .* no language, 'en1' among them; add them to"),
        (DOCUMENTS, {"q": "de"}, r"1 query ids .* no language, 'r' among them; .* query_languages"),
        (DOCUMENTS | {"hi1": np.nan}, QUERIES, "1 document ids .* no language, 'hi1' among them"),
        (DOCUMENTS, QUERIES | {"q": ""}, "1 query ids .* no language, 'q' among them"),
    ],
)
def test_an_id_without_a_language_is_named(documents, queries, message):
    with pytest.raises(ValueError, match=message):
        by_query(TLR @ 10, provider=ours.LanguageProvider(documents, queries))


@pytest.mark.parametrize(
    "score", [np.nan, np.float32("nan"), np.inf, -np.inf, np.float32("-inf"), 10**400, "0.5", None]
)
@pytest.mark.parametrize("document", ["hi1", "de2"])  # a relevant one, another
def test_a_score_without_an_order_is_refused_by_its_place(score, document):
    run = {"q": RUN["q"] | {document: score}, "r": RUN["r"]}
    message = f"score of document '{document}' for query 'q' must be a finite number, got {score!r}"
    with pytest.raises(ValueError, match=re.escape(message)):
        by_query(TLR @ 1, run=run)


def test_a_relevance_that_is_no_grade_is_refused():
    message = "relevance of document 'hi1' for query 'q' must be a whole number, got 0.5"
    with pytest.raises(ValueError, match=message):
        by_query(LPR, qrels={"q": QRELS["q"] | {"hi1": 0.5}})


def test_relevance_below_the_least_is_none_a_negative_one_too():
    found = by_query(RankDistance(rel=2))
    assert found == pytest.approx({"q": 0.0, "r": np.nan}, nan_ok=True)
    graded = {"q": QRELS["q"] | {"de2": 0, "hi1": -2}, "r": {"en1": 1.0, "de1": -1}}
    binary = {"q": {"de1": 1, "en1": 1}, "r": {"en1": 1}}
    for measure in (RankDistance, OwnLanguageFirst, LPR, TLR @ 1):
        assert by_query(measure, graded) == pytest.approx(by_query(measure, binary), nan_ok=True)


@pytest.mark.parametrize("as_frame", [False, True])
def test_a_document_that_is_there_twice_is_refused(as_frame):
    qrels = [Qrel("q", "de1", 1), Qrel("q", "en1", 1)]
    run = [ScoredDoc("q", "de1", 2.0), ScoredDoc("q", "en1", 1.0)]
    form = pd.DataFrame if as_frame else iter
    assert by_query(RankDistance, form(qrels), form(run)) == {"q": 1.0}
    with pytest.raises(ValueError, match="relevance of document 'de1' for query 'q' is there"):
        by_query(RankDistance, form([*qrels, Qrel("q", "de1", 0)]), form(run))
    with pytest.raises(ValueError, match=r"score of .* is there twice, as 2.0 and 9.0"):
        by_query(RankDistance, form(qrels), form([*run, ScoredDoc("q", "de1", 9.0)]))


def test_ids_that_are_numbers_are_refused():
    for qrels, run in [({1: {"de1": 1}}, RUN), ({"q": {7: 1}}, RUN), (QRELS, {"q": {7: 0.5}})]:
        with pytest.raises(ValueError, match="ids must be text; read the file's"):
            by_query(TLR @ 1, qrels, run)


def test_a_run_that_is_too_short_is_refused_where_ranks_are_missing():
    cut = {"q": {"en1": 4.0}, "r": RUN["r"]}
    for measure in (RankDistance, OwnLanguageFirst, LPR):
        with pytest.raises(ValueError, match=f"query 'q': {measure} needs the ranks of relevant"):
            by_query(measure, run=cut)
    assert by_query(TLR @ 10, run=cut)["q"] == 0.5
    assert by_query(TLR @ 10, run={})["q"] == 0.0


def test_an_answer_that_is_not_in_the_run_is_behind_those_that_are():
    cut = {"q": {"de2": 3.0, "de1": 2.0}, "r": RUN["r"]}
    assert by_query(OwnLanguageFirst, run=cut)["q"] == 1.0
    assert by_query(LPR, run=cut)["q"] == 1.0
