"""The samplers as sentence-transformers' batch samplers."""

from collections.abc import Iterator

import torch
from datasets import Dataset
from sentence_transformers.base.sampler import DefaultBatchSampler

from hybridlib.data.pair_checks import COLUMNS
from hybridlib.integrations.sentence_transformers.parallel_dataset import ParallelDataset
from hybridlib.processes import processes
from hybridlib.training.sampling import make_batches


class LanguageBatchSampler(DefaultBatchSampler):
    """Batches of :mod:`hybridlib.training.sampling` for a :class:`ParallelDataset`.

    Give the trainer ``functools.partial(LanguageBatchSampler, sampler=..., alpha=...)``; it adds
    the other arguments. Every batch is full. An ``eval_dataset`` must be a
    :class:`ParallelDataset` too: the trainer has one sampler for both.

    Parameters
    ----------
    dataset, batch_size, drop_last, valid_label_columns, generator, seed
        As for sentence-transformers' samplers. ``batch_size`` counts the examples of one process.
        Without ``seed``, which the trainer passes from version 6.2 on, all runs would be alike.
    sampler
        Of :data:`hybridlib.training.sampling.SAMPLERS`: ``x-x``, ``x-y``, ``hybrid``,
        ``hybrid-by-example``.
    alpha
        Share of X-X, for the samplers that mix.
    num_batches
        Steps an epoch; by default so many that they hold each pair once on average.

    Raises
    ------
    TypeError
        If the data set is not a :class:`ParallelDataset`, or was filtered or changed since.
    ValueError
        If the sampler is unknown or cannot fill a batch.
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
            raise TypeError(
                f"{type(self).__name__} needs a ParallelDataset as it was made, got a "
                f"{type(dataset).__name__} with the columns {dataset.column_names} and "
                f"{len(dataset)} rows. Way out: filter, shuffle or join rows with the columns "
                f"{', '.join(COLUMNS)}, then call ParallelDataset.from_rows"
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
