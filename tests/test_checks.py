import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hybridlib.checks import Range, check, unknown


@example(math.inf, False, math.inf)
@given(st.floats() | st.integers(), st.booleans(), st.sampled_from([1, math.inf]))
def test_a_range_holds_the_finite_numbers_between_its_ends(value, is_open, high):
    expected = math.isfinite(value) and (value > 0 if is_open else value >= 0) and value <= high
    assert (value in Range(0, high, is_open)) == expected


@pytest.mark.parametrize(
    ("value", "kind", "message"),
    [
        ("many", int, r"n must be int, got 'many' \(str\)"),
        (1.0, int, r"n must be int, got 1.0 \(float\)"),
        (True, int, r"n must be int, got True \(bool\)"),
        (True, float, r"n must be float, got True \(bool\)"),
        (1, bool, r"n must be bool, got 1 \(int\)"),
        (None, str, r"n must be str, got None \(NoneType\)"),
    ],
)
def test_a_value_of_another_type_is_refused(value, kind, message):
    with pytest.raises(ValueError, match=message):
        check("n", value, kind)


def test_an_unknown_name_suggests_the_right_one():
    with pytest.raises(ValueError, match=r"^sampler 'hybird' is unknown, did you mean 'hybrid'\? "):
        check("sampler", "hybird", str, ["x-x", "hybrid"])
    assert unknown("corpus", "wiki", ["cldr"]) == "corpus 'wiki' is unknown; there is cldr"


def test_a_name_that_others_use_suggests_ours():
    assert "did you mean 'num_steps'?" in unknown("p", "num_batches", ["batch_size", "num_steps"])
    assert "did you mean" not in unknown("p", "lr", ["alpha", "seed"])  # there is none of ours here
