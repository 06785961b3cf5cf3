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


def test_languages_of_negatives_are_counted_without_the_positive():
    mixed = [Example(0, "de", "en"), Example(1, "en", "de"), Example(2, "de", "en")]
    german = [Example(0, "de", "de"), Example(1, "de", "de")]
    found = draws([mixed, german]).set_index("measure")["value"]
    # 0 and 2 see each other's; they see 1's, and 1 sees both
    assert found["negatives in the positive's language"] == pytest.approx((2 / 6 + 1) / 2)
    assert found["negatives in the query's language"] == pytest.approx((4 / 6 + 1) / 2)
    assert found["pairs of languages a batch"] == (2 + 1) / 2


def test_where_all_is_alike_the_loss_is_the_log_of_the_batch(make_encoder, pairs, monkeypatch):
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
