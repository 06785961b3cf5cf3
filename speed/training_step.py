"""A training step against SentenceTransformerTrainer with MultipleNegativesRankingLoss."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from datasets import Dataset
from sentence_transformers import (
    SentenceTransformer,
    SentenceTransformerTrainer,
    SentenceTransformerTrainingArguments,
)
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
from torch.utils.data import BatchSampler, SequentialSampler
from transformers import TrainingArguments

from hybridlib.data import lareqa
from hybridlib.data.pair_checks import COLUMNS
from hybridlib.data.parallel import Example, ParallelPairs
from hybridlib.models import on_disk
from hybridlib.models.backbones import load_encoder
from hybridlib.training.sampling import Batches, HybridBatches
from hybridlib.training.trainer import DualEncoderTrainer
from speed.timing import compare
from study.data.registry import load_pairs

NUM_STEPS, BATCH_SIZE, TEMPERATURE = 3, 32, 0.05
OPTIONS = {
    "max_steps": NUM_STEPS,
    "learning_rate": 1e-6,
    "report_to": "none",
    "save_strategy": "no",
    "logging_steps": 1,
    "disable_tqdm": True,
}


class SameBatches(Batches):
    """Batches that were drawn before."""

    def __init__(self, pairs: ParallelPairs, drawn: Sequence[list[Example]]) -> None:
        super().__init__(pairs, BATCH_SIZE, len(drawn), seed=0)
        self.drawn = drawn

    def batch(self, index: int) -> list[Example]:
        """Return the drawn batch."""
        return self.drawn[index]


def in_order(rows: Dataset, batch_size: int, **_: Any) -> BatchSampler:
    """Consecutive rows: the batches as they were drawn."""
    return BatchSampler(SequentialSampler(rows), batch_size, drop_last=True)


def question_passage_pairs() -> ParallelPairs:
    """Questions and answer sentences of XQuAD-R where they are at hand, else embedded pairs."""
    try:
        benchmark = lareqa.load("xquad-r")
    except ConnectionError:
        return load_pairs("cldr")
    candidates = benchmark.candidates.merge(benchmark.relevance, on="candidate")
    rows = benchmark.queries.merge(
        candidates, on=["language", "question"], suffixes=("_query", "_passage")
    )
    names = {"question": "pair", "text_query": "query", "text_passage": "passage"}
    frame = rows.rename(columns=names).assign(corpus=benchmark.name)
    return ParallelPairs.from_rows(frame[list(COLUMNS)].to_dict("records"))


def main(num_pairs: int) -> None:
    """Print the ratio of the time of the same steps, and the losses' largest difference."""
    pairs = question_passage_pairs()
    drawn = list(HybridBatches(pairs, BATCH_SIZE, NUM_STEPS, seed=0, alpha=0.5))
    encoder = load_encoder("multilingual-e5-small")
    scratch = tempfile.TemporaryDirectory()
    folder = Path(scratch.name)
    on_disk.save(encoder, folder / "encoder")
    model = SentenceTransformer(str(folder / "encoder"), device="cpu")
    freeze_and_switch_dropout_off(encoder.backbone)
    freeze_and_switch_dropout_off(model[0].model)
    texts = [pairs[example] for batch in drawn for example in batch]
    rows = Dataset.from_dict(
        {
            "query": [encoder.settings.query_prefix + query for query, _ in texts],
            "passage": [encoder.settings.passage_prefix + passage for _, passage in texts],
        }
    )
    losses: dict[str, float] = {}

    def ours() -> None:
        arguments = TrainingArguments(output_dir=str(folder / "ours"), **OPTIONS)
        batches = SameBatches(pairs, drawn)
        trainer = DualEncoderTrainer(encoder, arguments, batches, temperature=TEMPERATURE)
        trainer.train()
        losses.setdefault("ours", trainer.state.log_history[0]["loss"])

    def theirs() -> None:
        arguments = SentenceTransformerTrainingArguments(
            str(folder / "theirs"),
            per_device_train_batch_size=BATCH_SIZE,
            batch_sampler=in_order,
            **OPTIONS,
        )
        loss = MultipleNegativesRankingLoss(model, scale=1 / TEMPERATURE)
        trainer = SentenceTransformerTrainer(model, arguments, rows, loss=loss)
        trainer.train()
        losses.setdefault("theirs", trainer.state.log_history[0]["loss"])

    compare(
        f"{NUM_STEPS} training steps of {BATCH_SIZE} pairs of {', '.join(pairs.corpora)}",
        ours,
        theirs,
        num_pairs,
    )
    print(f"losses of the first step differ by {abs(losses['ours'] - losses['theirs']):.1e}")


def freeze_and_switch_dropout_off(backbone) -> None:
    """Make both sides train the same weights without chance."""
    backbone.get_input_embeddings().requires_grad_(False)
    for module in backbone.modules():
        if module.__class__.__name__ == "Dropout":
            module.p = 0.0
        if hasattr(module, "dropout_prob"):
            module.dropout_prob = 0.0
