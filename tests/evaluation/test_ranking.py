import resource
import tracemalloc
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import pytrec_eval
from hypothesis import given, settings
from hypothesis import strategies as st

from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.evaluation import ranking, three_settings
from hybridlib.evaluation.ranking import rank_relevant

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
        for candidate in rng.choice(ids, size=rng.integers(1, min(7, len(ids))), replace=False)
    ]
    benchmark = RetrievalBenchmark(
        "random",
        pd.DataFrame(queries, columns=["language", "question", "text"]),
        pd.DataFrame(candidates, columns=["language", "candidate", "text"]),
        pd.DataFrame(relevance, columns=["question", "candidate"]),
    )
    # small integers: products are exact in float32 and often tie
    query_embeddings = rng.integers(-1, 2, (len(queries), 3)).astype(np.float32)
    candidate_embeddings = rng.integers(-1, 2, (len(candidates), 3)).astype(np.float32)
    return benchmark, query_embeddings, candidate_embeddings


def full_ranking(benchmark, scores, question, members):
    """Every candidate in order: by score, the relevant behind the others, then by position."""
    relevant = set(
        benchmark.relevance.loc[benchmark.relevance["question"] == question, "candidate"]
    )
    ids = benchmark.candidates["candidate"].tolist()
    return sorted(members, key=lambda i: (-scores[i], ids[i] in relevant, i))


@settings(max_examples=150, deadline=None)
@given(cases())
def test_ranks_equal_those_of_a_full_sort(case):
    benchmark, query_embeddings, candidate_embeddings = case
    ranks = rank_relevant(benchmark, query_embeddings, candidate_embeddings)
    scores = query_embeddings @ candidate_embeddings.T
    ids = benchmark.candidates["candidate"].tolist()
    languages = benchmark.candidates["language"].tolist()
    query_row = {(q.language, q.question): i for i, q in enumerate(benchmark.queries.itertuples())}
    for row in ranks.itertuples():
        mine = scores[query_row[row.query_language, row.question]]
        pool = full_ranking(benchmark, mine, row.question, range(len(ids)))
        own = [i for i in pool if languages[i] == row.candidate_language]
        candidate = ids.index(row.candidate)
        assert row.rank_in_pool == pool.index(candidate) + 1
        assert row.rank_in_language == own.index(candidate) + 1


@settings(max_examples=60, deadline=None)
@given(cases())
def test_scores_agree_with_trec_eval_in_all_three_settings(case):
    benchmark, query_embeddings, candidate_embeddings = case
    scored = three_settings.score(rank_relevant(benchmark, query_embeddings, candidate_embeddings))
    scores = query_embeddings @ candidate_embeddings.T
    names = {"mAP": "map", "R@1": "recall_1", "R@10": "recall_10", "nDCG@10": "ndcg_cut_10"}
    for row in scored.itertuples():
        if row.metric not in names:
            continue
        expected = trec_eval(benchmark, scores, row.query_language, row.candidate_language)
        assert len(expected) == row.num_queries
        mean = np.mean([values[names[row.metric]] for values in expected.values()])
        assert row.value == pytest.approx(mean, abs=1e-6)


def trec_eval(benchmark, scores, query_language, candidate_language):
    """Per-query measures of pytrec_eval over full rankings of the queries with an answer there.

    trec_eval puts the larger document id first among equal scores: ids are named so that this is
    our rule, the relevant behind the others, and among them the earlier first.
    """
    qrels, run = {}, {}
    for row, query in enumerate(benchmark.queries.itertuples()):
        if query.language != query_language:
            continue
        mine = benchmark.relevance[benchmark.relevance["question"] == query.question]
        relevant = set(mine["candidate"])
        names = {}
        for i, candidate in enumerate(benchmark.candidates.itertuples()):
            if candidate_language in ("all", candidate.language):
                names[i] = f"{candidate.candidate not in relevant:d}-{10**6 - i}"
        judged = {
            n: 1 for i, n in names.items() if benchmark.candidates["candidate"][i] in relevant
        }
        if judged:
            qrels[query.question] = judged
            run[query.question] = {name: float(scores[row, i]) for i, name in names.items()}
    measures = {"map", "recall.1,10", "ndcg_cut.10"}
    return pytrec_eval.RelevanceEvaluator(qrels, measures).evaluate(run)


@settings(max_examples=20, deadline=None)
@given(cases())
def test_ranks_do_not_depend_on_the_block(case):
    whole = rank_relevant(*case)
    try:
        block, ranking._BLOCK_BYTES = ranking._BLOCK_BYTES, 1
        pd.testing.assert_frame_equal(whole, rank_relevant(*case))
    finally:
        ranking._BLOCK_BYTES = block


def test_an_embedding_that_is_not_finite_is_refused_by_its_row():
    benchmark = RetrievalBenchmark(
        "tiny",
        pd.DataFrame({"language": ["en"], "question": ["q"], "text": ["?"]}),
        pd.DataFrame({"language": ["en", "en"], "candidate": ["a", "b"], "text": ["1", "2"]}),
        pd.DataFrame({"question": ["q"], "candidate": ["a"]}),
    )
    good = np.ones((2, 3), np.float32)
    bad = good.copy()
    bad[1, 2] = np.nan
    with pytest.raises(ValueError, match="embedding of candidate 1 is not finite"):
        rank_relevant(benchmark, good[:1], bad)
    with pytest.raises(ValueError, match=r"expected \(1, dimensions\) query embeddings"):
        rank_relevant(benchmark, good, good)


@contextmanager
def more_memory_of_at_most(num_bytes):
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + num_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def test_one_question_in_many_languages_needs_no_cube_of_them():
    languages = [f"l{number}" for number in range(500)]
    benchmark = RetrievalBenchmark(
        "one question",
        pd.DataFrame({"language": languages, "question": "q", "text": "?"}),
        pd.DataFrame({"language": languages, "candidate": languages, "text": "."}),
        pd.DataFrame({"question": "q", "candidate": languages}),
    )
    embeddings = np.random.default_rng(0).integers(-9, 9, (500, 4)).astype(np.float32)
    with more_memory_of_at_most(700 << 20):  # 500 languages cubed are 1 GB in int64
        ranks = rank_relevant(benchmark, embeddings, embeddings)
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
    tracemalloc.start()
    scores = three_settings.score(ranks)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert scores["num_queries"].eq(many + 1).all()
    assert peak < 8 * many**2 / 2  # bytes of a matrix of all questions by the most answers, halved
