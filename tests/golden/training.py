"""Golden trainings of a few steps: the log, and vectors of the trained encoder."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import torch
from transformers import TrainingArguments

from hybridlib.data.parallel import ParallelPairs
from hybridlib.training import trainer
from hybridlib.training.fit import fit
from hybridlib.training.parameters import TrainingParameters
from hybridlib.training.sampling import HybridBatches
from tests.golden.data import pairs_with_negatives, uneven_pairs
from tests.golden.encoding import first_dimensions
from tests.golden.golden import Case
from tests.golden.tiny_encoder import tiny_encoder

# Noise, over one and two threads and four instruction sets: 2e-6, in bfloat16 6e-4. The smallest
# planted change, a temperature 5 % off, moves losses by 5e-3.
TOLERANCE = 1e-4
BFLOAT16_TOLERANCE = 2e-3
USUAL = TrainingParameters(
    seed=3,
    num_steps=5,
    batch_size=6,
    learning_rate=1e-3,
    warmup_steps=1,
    temperature=0.05,
    max_query_tokens=28,
    max_passage_tokens=40,
    freeze_embeddings=False,
    num_validation_pairs=12,
    evaluation_steps=2,
)


def cases() -> dict[str, Case]:
    """One case a way of training."""
    usual = partial(trained, uneven_pairs)
    of_fit: dict[str, Callable[[Path], Any]] = {
        "hybrid": partial(usual, USUAL),
        "constant schedule": partial(usual, replace(USUAL, schedule="constant")),
        "best step": partial(usual, replace(USUAL, patience=2, learning_rate=0.02)),
        "negatives": partial(trained, pairs_with_negatives, USUAL),
        "frozen embeddings": partial(usual, replace(USUAL, freeze_embeddings=True)),
        "validation corpus": partial(usual, USUAL, validation=pairs_with_negatives),
        "cached gradients": cached_gradients,
    }
    bfloat16 = partial(usual, replace(USUAL, mixed_precision=True))
    return {
        **{name: Case(compute, TOLERANCE) for name, compute in of_fit.items()},
        "bfloat16": Case(bfloat16, BFLOAT16_TOLERANCE),
    }


def trained(
    make_pairs: Callable[[], ParallelPairs],
    parameters: TrainingParameters,
    folder: Path,
    validation: Callable[[], ParallelPairs] | None = None,
) -> dict[str, Any]:
    """Train as a run does."""
    encoder = tiny_encoder()
    held_out = validation() if validation else None
    log = fit(encoder, make_pairs(), parameters, folder, held_out)
    return {"log": log.round(7).to_dict("list"), "vectors": first_dimensions(encoder)}


def cached_gradients(folder: Path) -> dict[str, Any]:
    """Train with slices whose activations are computed again."""
    encoder = tiny_encoder()
    arguments = TrainingArguments(
        str(folder), max_steps=3, learning_rate=3e-3, logging_steps=1, save_strategy="no",
        report_to="none", disable_tqdm=True, use_cpu=not torch.cuda.is_available(),
    )  # fmt: skip
    training = trainer.DualEncoderTrainer(
        encoder,
        arguments,
        HybridBatches(uneven_pairs(), 6, 3, seed=3, alpha=0.5),
        temperature=0.05,
        cached_gradients=True,
    )
    with mock.patch.object(trainer, "training_token_budget", lambda _: 128):  # several slices
        training.train()
    losses = [round(entry["loss"], 7) for entry in training.state.log_history if "loss" in entry]
    return {"losses": losses, "vectors": first_dimensions(encoder)}
