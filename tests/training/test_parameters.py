from dataclasses import fields

import pytest

from hybridlib.training.parameters import ALLOWED, TrainingParameters


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("schedule", "cosine", "'cosine' is unknown; there is linear, constant"),
        ("freeze_embeddings", 1, r"must be bool, got 1 \(int\)"),
        ("backbone", None, r"must be str, got None \(NoneType\)"),
        ("temperature", 0, "must be > 0 and finite, got 0"),
        ("temperature", float("nan"), "must be > 0 and finite, got nan"),
        ("temperature", 10**400, f"must be > 0 and finite, got {10**400}"),
        ("learning_rate", 0.0, r"must be in \(0, 1\], got 0.0"),
        ("learning_rate", 1e10, r"must be in \(0, 1\], got 10000000000.0"),
        ("weight_decay", -0.1, "must be >= 0 and finite, got -0.1"),
        ("batch_size", 1, "must be >= 2, got 1"),
        ("seed", -1, r"must be in \[0, 4294967295\], got -1"),
        ("seed", 2**32, r"must be in \[0, 4294967295\], got 4294967296"),
        ("alpha", 1.4, r"must be in \[0, 1\], got 1.4"),
        ("num_steps", -1, "must be >= 0, got -1"),
        ("warmup_steps", -1, "must be >= 0, got -1"),
        ("max_query_tokens", 0, "must be >= 1, got 0"),
        ("max_passage_tokens", -5, "must be >= 1, got -5"),
        ("num_validation_pairs", 0, "must be >= 1, got 0"),
        ("evaluation_steps", 0, "must be >= 1, got 0"),
        ("patience", -1, "must be >= 0, got -1"),
    ],
)
def test_a_value_of_another_type_or_outside_its_range_is_refused_by_name(name, value, words):
    with pytest.raises(ValueError, match=f"^{name} {words}$"):
        TrainingParameters(**{name: value})


def test_every_number_has_a_range():
    numbers = {one.name for one in fields(TrainingParameters) if type(one.default) in (int, float)}
    assert numbers <= set(ALLOWED)


def test_what_is_stored_and_enters_the_key_is_what_was_given():
    described = TrainingParameters(alpha=1, temperature=0.05).described
    assert (described["alpha"], type(described["alpha"])) == (1, int)
    assert list(described) == [one.name for one in fields(TrainingParameters)]
    assert set(map(type, described.values())) <= {str, int, float, bool}
