from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.statistics.multiplicity import holm

p_values = st.lists(st.floats(0, 1), min_size=1, max_size=7)


def by_closed_testing(p):
    """A test is rejected where Bonferroni rejects every intersection that it is in."""
    tests = range(len(p))
    groups = list(chain.from_iterable(combinations(tests, size + 1) for size in tests))
    return [
        min(1, max(len(group) * min(p[i] for i in group) for group in groups if test in group))
        for test in tests
    ]


@given(p_values)
def test_holm_is_closed_testing_with_bonferroni(p):
    assert holm(p) == pytest.approx(by_closed_testing(p))


def test_a_family_of_none_has_no_p_value():
    assert holm([]).shape == (0,)


@pytest.mark.parametrize("p", [[-0.1], [1.1], [np.nan]])
def test_what_is_no_p_value_is_refused(p):
    with pytest.raises(ValueError, match=r"p-values must be in \[0, 1\]"):
        holm(p)
