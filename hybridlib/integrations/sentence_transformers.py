"""X-X, X-Y and hybrid batches, and the three settings, in ``SentenceTransformerTrainer``.

::

    pairs = ParallelDataset.from_csv("pairs.csv")  # a datasets.Dataset: ParallelDataset.from_rows
    arguments = SentenceTransformerTrainingArguments(
        "checkpoints",
        batch_sampler=partial(LanguageBatchSampler, sampler="hybrid", alpha=0.5),
        prompts={"anchor": "query: ", "positive": "passage: "},
    )
    loss = MultipleNegativesRankingLoss(model, scale=50, gather_across_devices=True)
    evaluator = ThreeSettingsEvaluator(lareqa.load("xquad-r"), "query: ", "passage: ")
    SentenceTransformerTrainer(model, arguments, pairs, loss=loss, evaluator=evaluator).train()

The examples are those of :mod:`hybridlib.training.sampling` with the same seed, whatever the number
of processes: each takes its share of a batch of ``per_device_train_batch_size`` times their number,
so that with ``gather_across_devices`` the loss is that of the whole batch.
"""

from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import torch
from datasets import Dataset
from sentence_transformers.base.sampler import DefaultBatchSampler
from sentence_transformers.sentence_transformer.evaluation import SentenceEvaluator

from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.data.pair_checks import COLUMNS
from hybridlib.data.parallel import Example, ParallelPairs
from hybridlib.evaluation import three_settings
from hybridlib.evaluation.ranking import rank_relevant
from hybridlib.processes import processes
from hybridlib.training.sampling import make_batches


class ParallelDataset(Dataset):
    """One row a pair, query language and passage language that the pair has.

    A row holds the texts ``anchor``, ``positive`` and, where its corpus has them, ``negative``, and
    nothing else: sentence-transformers would embed a column of languages as a text. Texts are read
    when a row is; the rows of all language pairs share their memory, so that there may be many.
    Several corpora go into one set, by :meth:`ParallelPairs.concatenate`, not a ``DatasetDict``.
    Pairs of which none is in two languages are a ValueError.
    """

    def __init__(self, pairs: ParallelPairs) -> None:
        present = pairs.rows >= 0
        if not (present.sum(1) >= 2).any():
            raise ValueError(
                f"none of the {len(pairs)} pairs is in two or more languages, there is "
                f"{', '.join(pairs.languages)}: translations share their corpus and pair id"
            )
        self.pairs = pairs
        self.epoch = 0
        language_sets, self._set = np.unique(present, axis=0, return_inverse=True)
        # (sets, languages): which of a set's languages; (pairs,): which of its set's pairs
        self._rank = np.cumsum(language_sets, axis=1) - 1
        self._place = np.empty(len(pairs), dtype=np.int64)
        self._num_languages, self._num_pairs = language_sets.sum(1), np.bincount(self._set)
        chunks: list[tuple[pa.Array, ...]] = []
        for number, languages in enumerate(language_sets):
            members = np.flatnonzero(self._set == number)
            self._place[members] = np.arange(len(members))
            codes = [pa.array(np.full(len(members), one)) for one in np.flatnonzero(languages)]
            chunks += product([pa.array(members)], codes, codes)  # columns that share their memory
        sizes = self._num_languages**2 * self._num_pairs
        self._first = np.cumsum(sizes) - sizes
        columns = [pa.chunked_array(column) for column in zip(*chunks, strict=True)]
        table = pa.table(columns, names=["pair", "query_language", "passage_language"])
        super().__init__(table, fingerprint=pairs.revision)
        self.set_transform(self._texts)
        self._made_as = self._fingerprint  # another one after filter, with_format and their like

    @classmethod
    def from_rows(cls, rows: Dataset) -> "ParallelDataset":
        """Build from a data set with the columns of :class:`ParallelPairs`, in whatever order.

        Filter, shuffle or join the rows before: afterwards they no longer fit the pairs.
        """
        index = [name for name in rows.column_names if name.startswith("__index_level_")]  # pandas'
        return cls(ParallelPairs(rows.remove_columns(index).with_format("arrow")[:]))

    @classmethod
    def from_csv(cls, file: str | Path) -> "ParallelDataset":
        """Build from a CSV file: see :meth:`ParallelPairs.from_csv`."""
        return cls(ParallelPairs.from_csv(file))

    @property
    def is_whole(self) -> bool:
        """Whether the rows and their texts are still those of the pairs."""
        return self._fingerprint == self._made_as

    def rows_of(self, examples: Sequence[Example]) -> list[int]:
        """Row of each example."""
        code = self.pairs.languages.index
        rows = [(pair, code(query), code(passage)) for pair, query, passage in examples]
        pair, query, passage = np.array(rows).T
        group = self._set[pair]
        block = self._rank[group, query] * self._num_languages[group] + self._rank[group, passage]
        return (self._first[group] + block * self._num_pairs[group] + self._place[pair]).tolist()

    def set_epoch(self, epoch: int) -> None:
        """Choose the epoch whose batches come next.

        accelerate sets it whatever wraps the sampler, whose own it does not reach in a run that
        several processes resume.
        """
        self.epoch = epoch

    def _texts(self, rows: dict[str, list[int]]) -> dict[str, list[str]]:
        languages = self.pairs.languages
        texts = [
            self.pairs[Example(pair, languages[query], languages[passage])]
            for pair, query, passage in zip(*rows.values(), strict=True)
        ]
        # rows of a corpus without negatives have two texts; no batch mixes corpora
        columns = zip(*texts, strict=False)
        names = ("anchor", "positive", "negative")
        return {name: list(column) for name, column in zip(names, columns, strict=False)}


class LanguageBatchSampler(DefaultBatchSampler):
    """Batches of :mod:`hybridlib.training.sampling` for a :class:`ParallelDataset`.

    Give the trainer ``functools.partial(LanguageBatchSampler, sampler=..., alpha=...)``; it adds
    the other arguments, of which ``batch_size`` counts the examples of one process. Without
    ``seed``, which it passes from version 6.2 on, all runs would be alike. Every batch is full. An
    ``eval_dataset`` must be a :class:`ParallelDataset` too: the trainer has one sampler for both.

    Raises TypeError if the data set is not a :class:`ParallelDataset`, or was filtered or changed
    since; ValueError if the sampler is unknown or cannot fill a batch.

    Parameters
    ----------
    sampler
        Of :data:`hybridlib.training.sampling.SAMPLERS`: ``x-x``, ``x-y``, ``hybrid``,
        ``hybrid-by-example``.
    alpha
        Share of X-X, for the samplers that mix.
    num_batches
        Steps an epoch; by default so many that they hold each pair once on average.
    """

    def __init__(
        self,
        dataset: Dataset,
        batch_size: int,
        drop_last: bool,
        valid_label_columns: list[str] | None = None,
        generator: torch.Generator | None = None,
        *,
        seed: int,
        sampler: str,
        alpha: float = 0.5,
        num_batches: int | None = None,
    ) -> None:
        if not (isinstance(dataset, ParallelDataset) and dataset.is_whole):
            kind, columns, wanted = type(dataset).__name__, dataset.column_names, ", ".join(COLUMNS)
            raise TypeError(
                f"{type(self).__name__} needs a ParallelDataset as it was made, got a {kind} with "
                f"the columns {columns} and {len(dataset)} rows. Way out: filter, shuffle or join "
                f"rows with the columns {wanted}, then call ParallelDataset.from_rows"
            )
        super().__init__(dataset, batch_size, drop_last, valid_label_columns, generator, seed)
        self.dataset = dataset
        self.num_processes = processes().num_processes
        whole = batch_size * self.num_processes
        if num_batches is None:
            num_batches = max(1, len(dataset.pairs) // whole)
        self.batches = make_batches(sampler, dataset.pairs, whole, num_batches, seed, alpha)

    def set_epoch(self, epoch: int) -> None:
        """Choose the epoch whose batches come next."""
        self.dataset.set_epoch(epoch)

    def __len__(self) -> int:
        """Count the batches of an epoch, over all processes."""
        return len(self.batches) * self.num_processes

    def __iter__(self) -> Iterator[list[int]]:
        """Yield every process's share of a batch, then of the next: accelerate deals them out."""
        self.batches.set_epoch(self.dataset.epoch)
        for batch in self.batches:
            rows = self.dataset.rows_of(batch)
            for start in range(0, len(rows), self.batch_size):
                yield rows[start : start + self.batch_size]


class ThreeSettingsEvaluator(SentenceEvaluator):
    """Mo., Cr. and Mul. mAP and rank distance of a model on a benchmark, while it trains.

    The score is the cosine. The benchmark has queries and candidates in two or more languages, or a
    ValueError. Prompts are by default the model's own; those that the trainer's arguments name are
    for training alone. sentence-transformers runs it once, whatever the number of processes.
    """

    def __init__(
        self,
        benchmark: RetrievalBenchmark,
        query_prompt: str | None = None,
        passage_prompt: str | None = None,
        batch_size: int = 32,
    ) -> None:
        super().__init__()
        sides = {"queries": benchmark.query_languages, "candidates": benchmark.candidate_languages}
        for side, languages in sides.items():
            if len(languages) < 2:
                found = f"{benchmark.name} has {side} in {languages[0]!r} alone"
                raise ValueError(f"{found}; two of the three settings need two languages")
        self.benchmark = benchmark
        self.query_prompt = query_prompt
        self.passage_prompt = passage_prompt
        self.batch_size = batch_size
        self.primary_metric = "multilingual_map"

    def __call__(
        self, model: Any, output_path: str | None = None, epoch: int = -1, steps: int = -1
    ) -> dict[str, float]:
        """Score a ``SentenceTransformer``: macro averages over languages or their pairs.

        Names are ``{benchmark}_monolingual_map``, ``_cross-lingual_map``, ``_multilingual_map``, in
        [0, 1], and ``_rank_distance``, in positions.
        """
        options: dict[str, Any] = {"batch_size": self.batch_size, "normalize_embeddings": True}
        queries, passages = self.benchmark.queries["text"], self.benchmark.candidates["text"]
        queries = model.encode_query(queries.tolist(), prompt=self.query_prompt, **options)
        passages = model.encode_document(passages.tolist(), prompt=self.passage_prompt, **options)
        scores = three_settings.score(rank_relevant(self.benchmark, queries, passages))
        means = three_settings.summarize(scores).set_index(["setting", "metric"])["value"]
        metrics = {f"{setting}_map": value for setting, value in means[:, "mAP"].items()}
        metrics["rank_distance"] = means["multilingual", "rank distance"]
        metrics = self.prefix_name_to_metrics(metrics, self.benchmark.name)
        self.store_metrics_in_model_card_data(model, metrics, epoch, steps)
        return metrics
