from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.statistics.multiplicity import holm


def by_closed_testing(p):
    """A test is rejected where Bonferroni rejects every intersection that it is in."""
    tests = range(len(p))
    groups = list(chain.from_iterable(combinations(tests, size + 1) for size in tests))
    return [
        min(1, max(len(group) * min(p[i] for i in group) for group in groups if test in group))
        for test in tests
    ]


@given(st.lists(st.floats(0, 1), max_size=7))
def test_holm_is_closed_testing_with_bonferroni(p):
    assert holm(p) == pytest.approx(by_closed_testing(p))


@pytest.mark.parametrize("p", [[-0.1], [1.1], [np.nan]])
def test_what_is_no_p_value_is_refused(p):
    with pytest.raises(ValueError, match=r"p-values must be in \[0, 1\]"):
        holm(p)
