"""X-X, X-Y and hybrid batches, and the three settings, in ``SentenceTransformerTrainer``.

::

    pairs = ParallelDataset.from_csv("pairs.csv")  # a datasets.Dataset: ParallelDataset.from_rows
    arguments = SentenceTransformerTrainingArguments(
        "checkpoints",
        batch_sampler=partial(LanguageBatchSampler, sampler="hybrid", alpha=0.5),
        prompts={"anchor": "query: ", "positive": "passage: "},
    )
    loss = MultipleNegativesRankingLoss(model, scale=50, gather_across_devices=True)
    evaluator = ThreeSettingsEvaluator(load_benchmark("xquad-r"), "query: ", "passage: ")
    trainer = SentenceTransformerTrainer(model, arguments, pairs, loss=loss, evaluator=evaluator)
    trainer.train()

``pairs.csv`` has the columns of :class:`hybridlib.data.parallel.ParallelPairs`: corpus, pair,
language, query, passage, and negative or query_id where there are such.

The examples are those of :mod:`hybridlib.training.sampling` with the same seed, whatever the number
of processes: each takes its share of a batch of ``per_device_train_batch_size`` times their number,
so that with ``gather_across_devices`` the loss is that of the whole batch.
"""

from hybridlib.integrations.sentence_transformers.batch_sampler import LanguageBatchSampler
from hybridlib.integrations.sentence_transformers.evaluator import ThreeSettingsEvaluator
from hybridlib.integrations.sentence_transformers.parallel_dataset import ParallelDataset

__all__ = ["LanguageBatchSampler", "ParallelDataset", "ThreeSettingsEvaluator"]
