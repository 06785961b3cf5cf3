import numpy as np
import pytest

from study.data.registry import EVERY_BENCHMARK, load_benchmark
from study.evaluation.language_content import language_content
from study.runs.evaluate_language_content import evaluate
from study.runs.planned_encoder import PlannedEncoder
from study.store.runs import Store


def test_questions_are_encoded_as_queries_once_and_the_result_is_kept(make_encoder, tmp_path):
    encoder, benchmark = make_encoder(revision="tiny"), load_benchmark("cldr")
    store = Store(tmp_path / "results", tmp_path / "build")
    folder = store.folder("test", "cldr-questions", "untrained")
    run = evaluate(PlannedEncoder(encoder.identity, lambda: encoder), benchmark, store, folder)
    vectors = encoder.encode(benchmark.queries["text"].tolist(), "query")
    expected = language_content(benchmark.queries, vectors)
    assert run.ranks["question"].tolist() == expected["question"].tolist()
    assert np.allclose(run.ranks["value"], expected["value"], atol=1e-5)
    again = evaluate(PlannedEncoder(encoder.identity, pytest.fail), benchmark, store, folder)
    assert again.scores.equals(run.scores)


def test_the_questions_of_both_benchmarks_have_names():
    assert {"xquad-r-questions", "mlqa-r-questions"} <= set(EVERY_BENCHMARK)
