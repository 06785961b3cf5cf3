import pytest

from hybridlib.notebook import check_parameters

DECLARED = {"__annotations__": {"alpha": float, "seed": int, "name": str, "frozen": bool}}
VALUES = {"alpha": 0.5, "seed": 1, "name": "x", "frozen": True}


def test_declared_parameters_are_returned():
    assert check_parameters(DECLARED | VALUES | {"In": [], "_i": "", "pytest": pytest}) == VALUES


def test_a_whole_number_is_a_float_too():
    checked = check_parameters(DECLARED | VALUES | {"alpha": 1})
    assert checked["alpha"] == 1.0
    assert isinstance(checked["alpha"], float)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"alpah": 0.3}, "unknown parameter 'alpah', did you mean 'alpha'. There is alpha: float"),
        ({"zzz": 1}, r"unknown parameter 'zzz'\. There is alpha: float, seed: int, name: str"),
        ({"alpha": "0.3x"}, "parameter alpha must be float, got '0.3x' .str."),
        ({"seed": 1.5}, "parameter seed must be int, got 1.5"),
        ({"seed": True}, "parameter seed must be int, got True"),
        ({"frozen": 1}, "parameter frozen must be bool, got 1"),
        ({"name": None}, "parameter name must be str, got None"),
    ],
)
def test_a_wrong_parameter_names_the_right_ones(changes, message):
    with pytest.raises(ValueError, match=message):
        check_parameters(DECLARED | VALUES | changes)
