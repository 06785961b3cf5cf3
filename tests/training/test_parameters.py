from dataclasses import fields

import pytest

from hybridlib.training.parameters import ALLOWED, TrainingParameters


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("temperature", 0, "> 0 and finite"),
        ("learning_rate", 0.0, r"in \(0, 1\]"),
        ("learning_rate", 1e10, r"in \(0, 1\]"),
        ("temperature", 10**400, "> 0 and finite"),
        ("weight_decay", -0.1, ">= 0 and finite"),
        ("batch_size", 1, ">= 2"),
        ("seed", -1, r"in \[0, 4294967295\]"),
        ("seed", 2**32, r"in \[0, 4294967295\]"),
        ("alpha", 1.4, r"in \[0, 1\]"),
        ("num_steps", -1, ">= 0"),
        ("warmup_steps", -1, ">= 0"),
        ("max_query_tokens", 0, ">= 1"),
        ("max_passage_tokens", -5, ">= 1"),
        ("num_validation_pairs", 0, ">= 1"),
        ("evaluation_steps", 0, ">= 1"),
        ("patience", -1, ">= 0"),
    ],
)
def test_a_value_outside_its_range_is_refused_with_name_range_and_value(name, value, words):
    with pytest.raises(ValueError, match=f"^{name} must be {words}, got {value}$"):
        TrainingParameters(**{name: value})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"schedule": "cosine"}, "schedule 'cosine' is unknown; there is linear, constant"),
        ({"freeze_embeddings": 1}, r"freeze_embeddings must be bool, got 1 \(int\)"),
        ({"backbone": None}, r"backbone must be str, got None \(NoneType\)"),
    ],
)
def test_an_unknown_name_or_another_type_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        TrainingParameters(**changes)


def test_every_number_has_a_range():
    numbers = {one.name for one in fields(TrainingParameters) if type(one.default) in (int, float)}
    assert numbers <= set(ALLOWED)


def test_what_is_stored_and_enters_the_key_is_what_was_given():
    described = TrainingParameters(alpha=1, temperature=0.05).described
    assert (described["alpha"], type(described["alpha"])) == (1, int)
    assert list(described) == [one.name for one in fields(TrainingParameters)]
    assert set(map(type, described.values())) <= {str, int, float, bool}
