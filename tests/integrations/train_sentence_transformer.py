"""A program: two epochs of a tiny sentence-transformer, then the last half epoch once more."""

import json
import sys
from functools import partial
from pathlib import Path

from sentence_transformers import (
    SentenceTransformer,
    SentenceTransformerTrainer,
    SentenceTransformerTrainingArguments,
)
from sentence_transformers.sentence_transformer.data_collator import SentenceTransformerDataCollator
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.integrations.sentence_transformers import (
    LanguageBatchSampler,
    ParallelDataset,
    ThreeSettingsEvaluator,
)
from hybridlib.training.sampling import HybridBatches
from tests.golden.data import uneven_pairs

BATCH_SIZE, NUM_BATCHES, SEED, TEMPERATURE = 8, 4, 3, 0.05
OPTIONS = {
    "num_train_epochs": 2,
    "learning_rate": 1e-3,
    "logging_steps": 1,
    "save_strategy": "steps",
    "save_steps": 6,
    "report_to": "none",
    "disable_tqdm": True,
    "seed": SEED,
}


class SeenTexts(SentenceTransformerDataCollator):
    """Keeps the rows of each batch."""

    def __call__(self, features):
        seen.append([[row["anchor"], row["positive"]] for row in features])
        return super().__call__(features)


class Trainer(SentenceTransformerTrainer):
    data_collator_class = SeenTexts


seen: list = []


def our_batches():
    return HybridBatches(uneven_pairs(), BATCH_SIZE, NUM_BATCHES, SEED, alpha=0.5)


def main(folder: Path) -> None:
    for part, checkpoint in (("whole", None), ("resumed", str(folder / "run" / "checkpoint-6"))):
        seen.clear()
        model = SentenceTransformer(str(folder.parent / "encoder"))
        arguments = SentenceTransformerTrainingArguments(
            str(folder / "run"), batch_sampler=sampler, use_cpu=True,
            eval_strategy="steps", eval_steps=4, **OPTIONS
        )  # fmt: skip
        arguments.per_device_train_batch_size = BATCH_SIZE // arguments.world_size
        loss = MultipleNegativesRankingLoss(
            model, scale=1 / TEMPERATURE, gather_across_devices=arguments.world_size > 1
        )
        pairs = uneven_pairs()
        evaluator = ThreeSettingsEvaluator(RetrievalBenchmark.from_pairs("tiny", pairs))
        trainer = Trainer(model, arguments, ParallelDataset(pairs), loss=loss, evaluator=evaluator)
        trainer.train(resume_from_checkpoint=checkpoint)
        file = folder / f"{part}-{arguments.process_index}.json"
        file.write_text(json.dumps({"texts": seen, "log": trainer.state.log_history}))


sampler = partial(LanguageBatchSampler, sampler="hybrid", alpha=0.5, num_batches=NUM_BATCHES)

if __name__ == "__main__":
    main(Path(sys.argv[1]))
