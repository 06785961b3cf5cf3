import numpy as np
import pytest

from hybridlib.analysis.embedding_map import parallel_answers, project
from hybridlib.data.benchmark import RetrievalBenchmark


@pytest.fixture
def benchmark(pairs):
    return RetrievalBenchmark.from_pairs("tiny", pairs)


def test_only_questions_with_an_answer_in_every_language_are_drawn(benchmark):
    answers = parallel_answers(benchmark, 20, seed=0)
    assert answers.groupby("question")["language"].agg(list).map(tuple).unique().tolist() == [
        ("de", "en", "hi", "zh")
    ]
    assert answers["question"].nunique() == 20
    assert not answers["question"].str.startswith("english/").any()
    with pytest.raises(ValueError, match="tiny has 90 questions with an answer in every language"):
        parallel_answers(benchmark, 91, seed=0)


def test_all_encoders_meet_on_one_plane_each_about_its_own_centre(benchmark, make_encoder):
    answers = parallel_answers(benchmark, 10, seed=0)
    first, second = make_encoder(seed=0), make_encoder(seed=1)
    plane = project({"first": first, "twin": first, "second": second}, answers)
    places = {name: part[["x", "y"]].to_numpy() for name, part in plane.groupby("encoder")}
    np.testing.assert_allclose(places["first"], places["twin"], atol=1e-6)
    assert not np.allclose(places["first"], places["second"], atol=1e-3)
    centres = [part.mean(axis=0) for part in places.values()]
    np.testing.assert_allclose(centres[0], centres[1], atol=1e-5)
