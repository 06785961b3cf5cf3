import tracemalloc
from unittest import mock

import numpy as np
import pandas as pd
import pytest
import pytrec_eval
from hypothesis import given, settings
from hypothesis import strategies as st

from hybridlib.evaluation import ranking, three_settings
from hybridlib.evaluation.ranking import rank_relevant
from tests.golden.data import benchmark

LANGUAGES = ("de", "en", "hi")


@st.composite
def cases(draw):
    """A benchmark with missing languages and several answers, and embeddings with ties."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    candidates = [
        (language, f"{language}-{i}", "text")
        for language in LANGUAGES
        for i in range(rng.integers(2, 9))
    ]
    questions = [f"q{i}" for i in range(rng.integers(1, 5))]
    queries = [
        (language, question, "text")
        for question in questions
        for language in rng.permutation(LANGUAGES)[: rng.integers(1, 4)]
    ]
    ids = [row[1] for row in candidates]
    relevance = [
        (question, candidate)
        for question in questions
        for candidate in rng.choice(ids, size=rng.integers(1, min(12, len(ids))), replace=False)
    ]
    # small integers: products are exact in float32 and often tie
    query_embeddings = rng.integers(-1, 2, (len(queries), 3)).astype(np.float32)
    candidate_embeddings = rng.integers(-1, 2, (len(candidates), 3)).astype(np.float32)
    texts = benchmark("random", queries, candidates, relevance)
    return texts, query_embeddings, candidate_embeddings


@pytest.mark.parametrize("block_bytes", [1, ranking._BLOCK_BYTES])
@settings(max_examples=75)
@given(case=cases())
def test_ranks_equal_those_of_a_full_sort(block_bytes, case):
    texts, query_embeddings, candidate_embeddings = case
    with mock.patch.object(ranking, "_BLOCK_BYTES", block_bytes):
        ranks = rank_relevant(texts, query_embeddings, candidate_embeddings)
    scores = query_embeddings @ candidate_embeddings.T
    ids = texts.candidates["candidate"].tolist()
    languages = texts.candidates["language"].tolist()
    assert len(ranks) == len(texts.queries.merge(texts.relevance, on="question"))
    query_row = {(q.language, q.question): i for i, q in enumerate(texts.queries.itertuples())}
    answers = texts.relevance.groupby("question")["candidate"].agg(set).to_dict()
    for row in ranks.itertuples():
        mine = scores[query_row[row.query_language, row.question]]
        relevant = answers[row.question]  # behind others of the same score, then by position
        pool = sorted(range(len(ids)), key=lambda i: (-mine[i], ids[i] in relevant, i))
        own = [i for i in pool if languages[i] == row.candidate_language]
        candidate = ids.index(row.candidate)
        assert row.rank_in_pool == pool.index(candidate) + 1
        assert row.rank_in_language == own.index(candidate) + 1


@settings(max_examples=60)
@given(cases())
def test_scores_agree_with_trec_eval_in_all_three_settings(case):
    ranks = rank_relevant(*case)
    names = {"mAP": "map", "R@1": "recall_1", "R@10": "recall_10", "nDCG@10": "ndcg_cut_10"}
    scored = three_settings.score(ranks)
    scored = scored[scored["metric"].isin(list(names))]
    for (query_language, candidate_language), cells in scored.groupby(three_settings.PAIR):
        mine, column = ranks[ranks["query_language"] == query_language], "rank_in_pool"
        if candidate_language != "all":
            mine = mine[mine["candidate_language"] == candidate_language]
            column = "rank_in_language"
        qrels = {
            question: {f"d{rank}": 1 for rank in found}
            for question, found in mine.groupby("question")[column]
        }
        run = {question: {f"d{rank}": float(-rank) for rank in range(1, 25)} for question in qrels}
        oracle = pytrec_eval.RelevanceEvaluator(qrels, {"map", "recall.1,10", "ndcg_cut.10"})
        measured = pd.DataFrame(oracle.evaluate(run))  # a column a query
        assert cells["num_queries"].eq(len(qrels)).all()
        for cell in cells.itertuples():
            assert cell.value == pytest.approx(measured.loc[names[cell.metric]].mean(), abs=1e-6)


def test_an_embedding_that_is_not_finite_is_refused_by_its_row():
    texts = benchmark("tiny", [("en", "q", "?")], [("en", c, ".") for c in "ab"], [("q", "a")])
    good = np.ones((2, 3), np.float32)
    bad = good.copy()
    bad[1, 2] = np.nan
    with pytest.raises(ValueError, match="embedding of candidate 1 is not finite"):
        rank_relevant(texts, good[:1], bad)
    with pytest.raises(ValueError, match=r"expected \(1, dimensions\) query embeddings"):
        rank_relevant(texts, good, good)


def peak_memory(call, *arguments):
    """What a call returns, and the most bytes that it held."""
    tracemalloc.start()
    returned = call(*arguments)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return returned, peak


def test_one_question_in_many_languages_needs_no_cube_of_them():
    languages = [f"l{number}" for number in range(500)]
    queries = [(one, "q", "?") for one in languages]
    candidates = [(one, one, ".") for one in languages]
    texts = benchmark("one", queries, candidates, [("q", one) for one in languages])
    embeddings = np.random.default_rng(0).integers(-9, 9, (500, 4)).astype(np.float32)
    ranks, peak = peak_memory(rank_relevant, texts, embeddings, embeddings)
    assert peak < 500**3  # bytes: less than one for each triple of languages
    assert len(ranks) == 500**2
    in_order = ranks.groupby("query_language")["rank_in_pool"].agg(sorted)
    assert (in_order.map(lambda places: places == list(range(1, 501)))).all()


def test_a_question_with_many_answers_does_not_widen_those_with_one():
    many = 3000
    ranks = pd.DataFrame(
        {
            "question": [f"q{number}" for number in range(many)] + ["q"] * many,
            "query_language": "en",
            "candidate_language": "en",
            "rank_in_language": [1] * many + list(range(1, many + 1)),
            "rank_in_pool": [1] * many + list(range(1, many + 1)),
        }
    )
    scores, peak = peak_memory(three_settings.score, ranks)
    assert scores["num_queries"].eq(many + 1).all()
    assert peak < 8 * many**2 / 2  # bytes of a matrix of all questions by the most answers, halved
