"""A program for tests, alone or under torchrun: one step of a tiny encoder.

train_tiny.py FOLDER    writes the gradients and the loss
"""

import json
import sys
from pathlib import Path

import torch
from transformers import TrainerCallback, TrainingArguments

from hybridlib.data.parallel import ParallelPairs
from hybridlib.models.encoder import TextSettings
from hybridlib.training.sampling import HybridBatches
from hybridlib.training.trainer import DualEncoderTrainer
from tests.golden import tiny_encoder as golden


class KeepGradients(TrainerCallback):
    def on_pre_optimizer_step(self, args, state, control, model=None, **_):
        self.gradients = {name: p.grad.clone() for name, p in model.named_parameters()}


def tiny_encoder(dropout):
    """Without prefixes and with one length, as other trainers use it."""
    encoder = golden.tiny_encoder(dropout=dropout)
    encoder.settings = TextSettings(max_query_tokens=48, max_passage_tokens=48)
    return encoder


def parallel_pairs():
    return ParallelPairs.from_rows(
        {
            "corpus": "c",
            "pair": str(i),
            "language": language,
            "query": f"question {i} in {language}",
            "passage": f"answer {i} in {language} " + "long " * (i % 4),
        }
        for i in range(40)
        for language in ("de", "en", "zh")
    )


def main(folder: Path):
    arguments = TrainingArguments(
        str(folder), max_steps=1, max_grad_norm=0.0, logging_steps=1, save_strategy="no",
        ddp_find_unused_parameters=False, report_to="none", disable_tqdm=True, use_cpu=True,
    )  # fmt: skip
    batches = HybridBatches(parallel_pairs(), 8, 1, seed=0, alpha=0.5)
    trainer = DualEncoderTrainer(tiny_encoder(dropout=0.0), arguments, batches, temperature=0.05)
    keeper = KeepGradients()
    trainer.add_callback(keeper)
    trainer.train()
    if not trainer.is_world_process_zero():
        return
    folder.mkdir(exist_ok=True)
    torch.save(keeper.gradients, folder / "gradients.pt")
    losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    (folder / "loss.json").write_text(json.dumps(losses))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
