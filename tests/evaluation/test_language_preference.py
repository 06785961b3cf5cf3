from functools import partial

import numpy as np
import pytest

from hybridlib.evaluation.language_preference import (
    language_preference_rate,
    own_language_first,
    recall_in_other_languages,
)
from study.evaluation.language_mix import language_mix
from tests.golden.data import benchmark

AT_3 = partial(recall_in_other_languages, k=3)
# four queries: own answer first; own last; no own answer; nothing but an own answer
RANKS = [[1.0, 9.0, 2.0], [30.0, 3.0, 21.0], [4.0, 20.0, np.nan], [5.0, np.nan, np.nan]]
IS_OWN = [[True, False, False], [True, False, False], [False] * 3, [True, False, False]]


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        (own_language_first, [1, 0, np.nan, 1]),
        (language_preference_rate, [1, 0, np.nan, np.nan]),
        (AT_3, [0.5, 0.5, 0, np.nan]),
        (partial(recall_in_other_languages, k=20), [1, 0.5, 1, np.nan]),
    ],
)
def test_the_values_of_four_small_rankings_are_known(measure, expected):
    np.testing.assert_array_equal(measure(RANKS, IS_OWN), expected)


@pytest.mark.parametrize("measure", [own_language_first, language_preference_rate, AT_3])
@pytest.mark.parametrize(
    ("ranks", "message"),
    [
        ([[1.0, np.inf, 2.0]], "query 0 has an infinite rank"),
        ([[1.0, 2.0]], r"is_own must have the ranks' shape \(1, 2\), got \(1, 3\)"),
    ],
)
def test_what_are_no_ranks_of_these_candidates_is_refused(measure, ranks, message):
    with pytest.raises(ValueError, match=message):
        measure(ranks, [[True, False, False]])


def test_the_mix_of_the_top_is_counted_beside_that_of_the_pool():
    ids = ["de0", "en0", "en1", "en2"]
    queries, rows = [("de", "q", "?"), ("en", "q", "?")], [(one[:2], one, ".") for one in ids]
    data = benchmark("mix", queries, rows, [("q", one) for one in ids[:2]])
    candidates = np.array([[1.0, 0.0], [0.0, 1.0], [0.2, 0.8], [0.4, 0.6]])
    queries = np.array([[1.0, 0.1], [0.1, 1.0]])  # German: de0, en2; English: en0, en1
    mix = language_mix(data, queries, candidates, k=2)
    found = mix.set_index(["query_language", "candidate_language"])
    assert found["top_share"].unstack().to_numpy().tolist() == [[0.5, 0.5], [0, 1]]
    assert found["pool_share"].unstack().loc["de"].tolist() == [0.25, 0.75]
    with pytest.raises(ValueError, match=r"k must be in \[1, 4\], got 5"):
        language_mix(data, queries, candidates, k=5)
