import json
import shutil
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from unittest.mock import Mock

import pytest
import torch
from torch.utils.checkpoint import checkpoint
from transformers import TrainingArguments

from hybridlib.training.fit import fit, last_whole_checkpoint
from hybridlib.training.sampling import HybridBatches
from hybridlib.training.trainer import DualEncoderTrainer, _ProcessShare, tokenize_pairs
from hybridlib.training.validation import ValidationBatches
from study.runs.profile import TrainingParameters


def arguments(folder, **options):
    defaults = {"max_steps": 6, "learning_rate": 1e-2, "report_to": "none", "save_strategy": "no"}
    return TrainingArguments(output_dir=str(folder), disable_tqdm=True, **defaults | options)


def weights(encoder):
    return {name: tensor.clone() for name, tensor in encoder.state_dict().items()}


assert_equal = partial(torch.testing.assert_close, rtol=0, atol=0)


def test_a_resumed_run_ends_with_the_same_weights_to_the_byte(make_encoder, pairs, tmp_path):
    def train(folder, resume_from=None):
        encoder = make_encoder(dropout=0.1)
        batches = HybridBatches(pairs, 8, 4, 0, alpha=0.5)  # the epoch changes at step 4
        options = arguments(folder, save_strategy="steps", save_steps=5, max_steps=8)
        trainer = DualEncoderTrainer(encoder, options, batches, temperature=0.05)
        trainer.train(resume_from_checkpoint=resume_from)
        return weights(encoder)

    whole = train(tmp_path / "whole")
    resumed = train(tmp_path / "resumed", resume_from=str(tmp_path / "whole" / "checkpoint-5"))
    assert_equal(whole, resumed)


def test_cached_gradients_are_the_gradients(make_encoder, pairs, tmp_path, monkeypatch):
    counting = Mock(side_effect=checkpoint)
    monkeypatch.setattr("hybridlib.models.encoder.checkpoint", counting)
    monkeypatch.setattr("hybridlib.training.trainer.training_token_budget", lambda _: 64)
    batches, gradients = HybridBatches(pairs, 16, 1, 0, alpha=0.0), []
    for cached in (False, True):
        encoder = make_encoder(dropout=0.1)
        trainer = DualEncoderTrainer(
            encoder, arguments(tmp_path), batches, temperature=0.05, cached_gradients=cached
        )
        encoder.train()
        torch.manual_seed(7)
        inputs = tokenize_pairs(encoder, [pairs[key] for key in batches.batch(0)])
        assert len(inputs["slices"]) > 4
        trainer.compute_loss(encoder, inputs).backward()
        assert counting.call_count == (len(inputs["slices"]) if cached else 0)
        parameters = encoder.named_parameters()
        gradients.append({name: p.grad for name, p in parameters if p.grad is not None})
    torch.testing.assert_close(gradients[1], gradients[0], rtol=1e-5, atol=1e-7)


SHORT = TrainingParameters(
    num_steps=3, batch_size=8, num_validation_pairs=30, evaluation_steps=1, warmup_steps=0
)
# the learning rate is far too high: the validation loss rises
RISING = replace(SHORT, learning_rate=1.0, num_steps=30, patience=4)


def test_an_interrupted_run_keeps_the_patience_that_is_left(make_encoder, pairs, tmp_path, stop_at):
    last = fit(make_encoder(), pairs, RISING, tmp_path / "whole")["step"].max()
    assert last < 30
    calls = stop_at(DualEncoderTrainer, "training_step", last - 1)
    with pytest.raises(KeyboardInterrupt):
        fit(make_encoder(), pairs, RISING, tmp_path / "killed")
    log = fit(make_encoder(), pairs, RISING, tmp_path / "killed")
    assert len(calls) == last + 1  # the interrupted step was taken again, and none beyond the last
    assert log["step"].max() == last


def fitted(make_encoder, pairs, checkpoints, parameters=SHORT):
    encoder = make_encoder(dropout=0.1)
    fit(encoder, pairs, parameters, checkpoints)
    return weights(encoder)


@pytest.fixture(scope="module")
def three_steps(tmp_path_factory):
    return tmp_path_factory.mktemp("trained")


@pytest.mark.parametrize("how", ["cut", "missing", "empty"])
@pytest.mark.parametrize(
    "name",
    ["model.safetensors", "optimizer.pt", "scheduler.pt", "rng_state.pth", "trainer_state.json"],
)
def test_a_checkpoint_that_was_cut_off_is_passed_over(
    three_steps, make_encoder, pairs, tmp_path, name, how
):
    if not list(three_steps.iterdir()):
        fitted(make_encoder, pairs, three_steps)
    shutil.copytree(three_steps, tmp_path / "checkpoints")
    assert last_whole_checkpoint(tmp_path / "checkpoints").endswith("checkpoint-3")
    file = tmp_path / "checkpoints" / "checkpoint-3" / name
    content = file.read_bytes()
    file.unlink()
    if how != "missing":
        file.write_bytes(content[: len(content) - 10] if how == "cut" else b"")
    assert last_whole_checkpoint(tmp_path / "checkpoints").endswith("checkpoint-2")
    assert not file.parent.exists()


def test_a_run_whose_best_weights_were_cut_ends_with_the_same(make_encoder, pairs, tmp_path):
    whole = fitted(make_encoder, pairs, tmp_path / "checkpoints", RISING)
    last = last_whole_checkpoint(tmp_path / "checkpoints")
    best = json.loads(Path(last, "trainer_state.json").read_text())["best_model_checkpoint"]
    assert best != last
    file = Path(best, "model.safetensors")
    file.write_bytes(file.read_bytes()[:-1000])
    assert_equal(fitted(make_encoder, pairs, tmp_path / "checkpoints", RISING), whole)


@pytest.mark.parametrize("num_bytes", [100_000, 40_000_000])  # no weights, or no optimizer
def test_a_full_disk_names_the_checkpoints(make_encoder, pairs, tmp_path, small_disk, num_bytes):
    out_of_space = pytest.raises(OSError, match=r"checkpoints could not be written .* free disk sp")
    with out_of_space, small_disk(num_bytes):
        whole = replace(SHORT, freeze_embeddings=False)
        fitted(make_encoder, pairs, tmp_path / "checkpoints", whole)


@pytest.mark.parametrize(("batch_size", "last"), [(8, 1), (12, 0)])  # of 6 and of 2 pairs
def test_processes_take_equal_shares_of_a_smaller_last_batch(pairs, batch_size, last):
    batches = ValidationBatches(pairs, batch_size)
    shares = [list(_ProcessShare(batches, index, 4)) for index in range(4)]
    whole = [batch_size // 4] * (len(pairs) // batch_size)
    for share in shares:
        assert [len(part) for part in share] == whole + [last] * bool(last)
    drawn = [[*chain(*parts)] for parts in zip(*shares, strict=True)]
    assert all(part == batch[: len(part)] for part, batch in zip(drawn, batches, strict=False))


@pytest.mark.parametrize(
    ("name", "number", "message"),
    [
        ("n_gpu", 2, "among 2 GPUs: start with torchrun"),
        ("world_size", 3, "batch_size 8 cannot be shared equally among 3 processes"),
    ],
)
def test_a_batch_that_cannot_be_shared_is_refused(
    make_encoder, pairs, tmp_path, monkeypatch, name, number, message
):
    monkeypatch.setattr(TrainingArguments, name, property(lambda _: number))
    batches = HybridBatches(pairs, 8, 3, 0, 0.5)
    with pytest.raises(ValueError, match=message):
        DualEncoderTrainer(make_encoder(), arguments(tmp_path), batches, temperature=0.05)
