"""What an arm draws, on batches that one can count by hand and on real samplers."""

import math
from dataclasses import replace

import numpy as np
import pytest

from hybridlib.data.parallel import Example
from hybridlib.training.parameters import TrainingParameters
from hybridlib.training.sampling import make_batches
from study.analysis import arm_draws
from study.analysis.arm_draws import draws, loss, measure_draws

POSITIVES, QUERYS, DISTINCT = (
    "negatives in the positive's language",
    "negatives in the query's language",
    "pairs of languages a batch",
)


def counted(batches):
    return draws(batches).set_index("measure")["value"]


def test_languages_of_negatives_are_counted_without_the_positive():
    batch = [Example(0, "de", "en"), Example(1, "en", "de"), Example(2, "de", "en")]
    found = counted([batch])
    assert found[POSITIVES] == pytest.approx(2 / 6)  # 0 and 2 see each other's
    assert found[QUERYS] == pytest.approx(4 / 6)  # 0 and 2 see 1's; 1 sees both
    assert found[DISTINCT] == 2


@pytest.mark.parametrize(
    ("sampler", "alpha", "positives", "querys"),
    [
        ("x-x", 0.5, 1.0, 1.0),
        ("hybrid", 1.0, 1.0, 1.0),
        ("x-y", 0.5, 1 / 4, 1 / 4),
        ("hybrid-by-example", 1.0, 1 / 4, 1 / 4),
        ("hybrid", 0.5, 5 / 8, 5 / 8),
    ],
)
def test_each_arm_draws_what_its_definition_says(pairs, sampler, alpha, positives, querys):
    complete = pairs.complete(pairs.languages)  # four languages, each as often
    found = counted(make_batches(sampler, complete, 16, 300, 0, alpha))
    assert found[POSITIVES] == pytest.approx(positives, abs=0.05)
    assert found[QUERYS] == pytest.approx(querys, abs=0.05)
    assert found[DISTINCT] == 1 if sampler == "x-x" else found[DISTINCT] >= 1


def test_the_loss_of_an_encoder_that_tells_nothing_apart_is_the_log_of_the_batch(
    make_encoder, pairs, monkeypatch
):
    encoder = make_encoder()
    (batch,) = make_batches("x-y", pairs, 16, 1, 0, 0.5)
    same = np.ones((16, 4), np.float32) / 2
    monkeypatch.setattr(encoder, "encode", lambda *_: same)
    assert loss(encoder, pairs, batch, 0.02) == pytest.approx(math.log(16), abs=1e-4)


def test_what_an_arm_draws_is_stored_once_and_depends_on_what_it_is(store, monkeypatch):
    monkeypatch.setattr(arm_draws, "NUM_BATCHES", 30)
    monkeypatch.setattr(arm_draws, "NUM_LOSSES", 2)
    parameters = TrainingParameters(backbone="tiny", corpus="tiny", sampler="x-y", batch_size=8)
    run = measure_draws(parameters, store, "test")
    assert run.scores["measure"].tolist()[-1] == "loss at step 0"
    assert (store.results / "test" / "draws" / "x-y-seed0").is_dir()
    longer = replace(parameters, num_steps=7, learning_rate=1e-4)
    assert measure_draws(longer, store, "test").key == run.key
    other = measure_draws(replace(parameters, temperature=0.1), store, "test")
    assert other.key != run.key
    assert other.scores["value"].iloc[-1] != run.scores["value"].iloc[-1]
