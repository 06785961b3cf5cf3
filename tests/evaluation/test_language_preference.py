import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.evaluation.language_preference import (
    language_preference_rate,
    own_language_first,
    recall_in_other_languages,
)
from study.evaluation.language_mix import language_mix

OF_RANKS = [
    own_language_first,
    language_preference_rate,
    lambda r, o: recall_in_other_languages(r, o, 3),
]
# four queries: own answer first; own last; no own answer; nothing but an own answer
RANKS = [[1.0, 9.0, 2.0], [30.0, 3.0, 21.0], [4.0, 20.0, np.nan], [5.0, np.nan, np.nan]]
IS_OWN = [[True, False, False], [True, False, False], [False] * 3, [True, False, False]]


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        (own_language_first, [1, 0, np.nan, 1]),
        (language_preference_rate, [1, 0, np.nan, np.nan]),
        (lambda r, o: recall_in_other_languages(r, o, 3), [0.5, 0.5, 0, np.nan]),
        (lambda r, o: recall_in_other_languages(r, o, 20), [1, 0.5, 1, np.nan]),
    ],
)
def test_the_values_of_four_small_rankings_are_known(measure, expected):
    np.testing.assert_array_equal(measure(RANKS, IS_OWN), expected)


@given(st.integers(0, 1000), st.integers(2, 6))
def test_on_random_rankings_the_measures_are_what_they_say(seed, num_languages):
    rng = np.random.default_rng(seed)
    ranks = np.stack([rng.permutation(50)[:num_languages] + 1.0 for _ in range(20)])
    own = rng.integers(0, num_languages, 20)
    is_own = np.arange(num_languages) == own[:, None]
    for row, mine, first, rate, found in zip(
        ranks,
        own,
        own_language_first(ranks, is_own),
        language_preference_rate(ranks, is_own),
        recall_in_other_languages(ranks, is_own, 20),
        strict=True,
    ):
        others = np.delete(row, mine)
        assert first == float(row.argmin() == mine)
        assert rate == np.mean([other > row[mine] for other in others])
        assert found == np.mean([other <= 20 for other in others])


@pytest.mark.parametrize("measure", OF_RANKS)
@pytest.mark.parametrize(
    ("ranks", "message"),
    [
        ([[1.0, 1.0, 2.0]], "query 0 has two relevant candidates at rank 1"),
        ([[1.0, np.inf, 2.0]], "query 0 has an infinite rank"),
        ([[1.0, 2.0]], r"is_own must have the ranks' shape \(1, 2\), got \(1, 3\)"),
    ],
)
def test_what_are_no_ranks_of_these_candidates_is_refused(measure, ranks, message):
    with pytest.raises(ValueError, match=message):
        measure(ranks, [[True, False, False]])


def benchmark(candidates_by_language):
    languages = list(candidates_by_language)
    candidates = [
        (language, f"{language}{i}", f"text {i}")
        for language, count in candidates_by_language.items()
        for i in range(count)
    ]
    return RetrievalBenchmark(
        "mix",
        pd.DataFrame(
            [(one, "q", "?") for one in languages], columns=["language", "question", "text"]
        ),
        pd.DataFrame(candidates, columns=["language", "candidate", "text"]),
        pd.DataFrame([("q", f"{one}0") for one in languages], columns=["question", "candidate"]),
    )


def test_the_mix_of_the_top_is_counted_beside_that_of_the_pool():
    data = benchmark({"de": 1, "en": 3})
    candidates = np.array([[1.0, 0.0], [0.0, 1.0], [0.2, 0.8], [0.4, 0.6]])
    queries = np.array([[1.0, 0.1], [0.1, 1.0]])  # German: de0, en2; English: en0, en1
    mix = language_mix(data, queries, candidates, k=2)
    found = mix.set_index(["query_language", "candidate_language"])
    assert found["top_share"].to_dict() == {
        ("de", "de"): 0.5, ("de", "en"): 0.5, ("en", "de"): 0, ("en", "en"): 1,
    }  # fmt: skip
    assert found["pool_share"].unstack().loc["de"].tolist() == [0.25, 0.75]
    with pytest.raises(ValueError, match=r"k must be in \[1, 4\], got 5"):
        language_mix(data, queries, candidates, k=5)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000))
def test_the_mix_of_the_whole_ranking_is_that_of_the_pool(seed):
    data, rng = benchmark({"de": 2, "en": 5, "hi": 3}), np.random.default_rng(seed)
    mix = language_mix(data, rng.normal(size=(3, 4)), rng.normal(size=(10, 4)), k=10)
    assert mix["top_share"].tolist() == pytest.approx(mix["pool_share"].tolist())
