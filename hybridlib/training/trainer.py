"""Training a dual encoder: a thin subclass of transformers.Trainer."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import torch
from torch.utils.data import DataLoader
from transformers import (
    EarlyStoppingCallback,
    ProgressCallback,
    Trainer,
    TrainerCallback,
    TrainingArguments,
)
from transformers.trainer import DEFAULT_PROGRESS_CALLBACK

from hybridlib.models.encoder import DualEncoder
from hybridlib.models.slices import pad, token_budget_batches, training_token_budget
from hybridlib.training.arguments import check_arguments
from hybridlib.training.loss import info_nce
from hybridlib.training.sampling import Batches


class DualEncoderTrainer(Trainer):
    """Train a :class:`DualEncoder` with InfoNCE on the batches of a sampler.

    Everything else is transformers.Trainer's: checkpoints and resume, early stopping, gradient
    accumulation, several processes. Raises ValueError if an argument would have no effect, the
    batch cannot be shared equally among the processes, or a process has several GPUs.

    Parameters
    ----------
    encoder
        What to train; freeze what should not be trained before.
    arguments
        ``bf16`` sets ``encoder.mixed_precision``. ``per_device_train_batch_size`` is left out: the
        sampler says what a batch is.
    train_batches, validation_batches
        The sampler, whose ``batch_size`` counts the pairs over all processes; and batches whose
        mean loss is the validation loss, or None.
    temperature
        Of the loss.
    cached_gradients
        Hold the activations of one slice of a batch at a time, for batches that do not fit.
    early_stopping_patience
        Evaluations without a better validation loss until training stops; None for never.
    """

    def __init__(
        self,
        encoder: DualEncoder,
        arguments: TrainingArguments,
        train_batches: Batches,
        validation_batches: Batches | None = None,
        *,
        temperature: float,
        cached_gradients: bool = False,
        early_stopping_patience: int | None = None,
    ) -> None:
        check_arguments(arguments, train_batches.batch_size, encoder.mixed_precision)
        encoder.mixed_precision |= arguments.bf16
        callbacks: list[TrainerCallback] = []
        if early_stopping_patience is not None:
            callbacks.append(EarlyStoppingCallback(early_stopping_patience))
        super().__init__(
            model=encoder,
            args=arguments,
            train_dataset=train_batches.pairs,
            eval_dataset=validation_batches.pairs if validation_batches else None,
            callbacks=callbacks,
        )
        if not arguments.disable_tqdm:  # a bar of text in notebooks too: logs and terminals show it
            self.remove_callback(DEFAULT_PROGRESS_CALLBACK)
            self.add_callback(ProgressCallback)
        self.encoder = encoder
        encoder.recompute_activations = cached_gradients
        self.train_batches = train_batches
        self.validation_batches = validation_batches
        self.temperature = temperature
        if arguments.n_gpu > 1:
            way_out = "start with torchrun, or choose one GPU in CUDA_VISIBLE_DEVICES"
            raise ValueError(
                f"one process cannot share a batch among {arguments.n_gpu} GPUs: {way_out}"
            )
        for batches in filter(None, (train_batches, validation_batches)):
            if batches.batch_size % arguments.world_size:
                sharing = f"shared equally among {arguments.world_size} processes"
                raise ValueError(f"batch_size {batches.batch_size} cannot be {sharing}")

    def get_train_dataloader(self) -> DataLoader:
        """Batches of the sampler, this process's share of each."""
        return self._dataloader(self.train_batches)

    def get_eval_dataloader(self, eval_dataset: Any = None) -> DataLoader:
        """Validation batches, this process's share of each."""
        if self.validation_batches is None:
            raise ValueError("there are no validation batches to evaluate")
        return self._dataloader(self.validation_batches)

    def _dataloader(self, batches: Batches) -> DataLoader:
        return DataLoader(
            batches.pairs,  # type: ignore[arg-type]  # it has no class, but gives an example
            batch_sampler=_ProcessShare(batches, self.args.process_index, self.args.world_size),
            collate_fn=partial(tokenize_pairs, self.encoder),
            num_workers=self.args.dataloader_num_workers,
            pin_memory=self.args.dataloader_pin_memory and self.args.device.type == "cuda",
            persistent_workers=self.args.dataloader_persistent_workers,
            prefetch_factor=self.args.dataloader_prefetch_factor,
        )

    def compute_loss(
        self, model: Any, inputs: dict, return_outputs: bool = False, num_items_in_batch: Any = None
    ) -> Any:
        """InfoNCE of one batch."""
        embeddings = model(inputs["slices"], inputs["order"])
        queries, passages, *negatives = embeddings.split(inputs["num_queries"])
        loss = info_nce(queries, passages, self.temperature, *negatives)
        return (loss, {"embeddings": embeddings}) if return_outputs else loss

    def prediction_step(
        self, model: Any, inputs: dict, prediction_loss_only: bool, ignore_keys: Any = None
    ) -> tuple:
        """Validation loss of one batch; there is nothing else to predict."""
        with torch.no_grad():
            loss = self.compute_loss(model, self._prepare_inputs(inputs))
        return loss.detach(), None, None


class _ProcessShare:
    """This process's contiguous share of every global batch.

    Of a last batch that cannot be shared equally, what is over is left out.
    """

    def __init__(self, batches: Batches, process_index: int, num_processes: int) -> None:
        self.batches = batches
        self.batch_size = batches.batch_size // num_processes
        self.process_index = process_index
        self.num_processes = num_processes

    def __len__(self) -> int:
        return len(self.batches)

    def __iter__(self):
        for batch in self.batches:
            share = len(batch) // self.num_processes
            if share:
                yield batch[self.process_index * share : (self.process_index + 1) * share]

    @property
    def batch_sampler(self) -> Batches:
        """Where transformers.Trainer sets the epoch."""
        return self.batches

    def set_epoch(self, epoch: int) -> None:
        """Where it sets the epoch of a resumed run, whose first batches it skips."""
        self.batches.set_epoch(epoch)


def tokenize_pairs(encoder: DualEncoder, examples: Sequence[tuple[str, ...]]) -> dict[str, Any]:
    """Turn n training examples into the inputs of a step.

    Their texts are ordered by length and cut into slices together, which in-batch negatives do not
    notice. ``slices`` and ``order`` are the arguments of ``encoder.forward``, in whose output the n
    queries come first, then the n passages, then the n negatives if there are any.
    """
    queries, *passages = zip(*examples, strict=True)
    token_ids = encoder.tokenize(queries, "query")
    for texts in passages:
        token_ids += encoder.tokenize(texts, "passage")
    budget = training_token_budget(next(encoder.parameters()).device.type)
    slices = list(token_budget_batches([len(ids) for ids in token_ids], budget))
    pad_token_id = encoder.tokenizer.pad_token_id
    # `order` first: transformers.Trainer takes the first tensor's length for a batch's size
    return {
        "order": torch.cat([torch.from_numpy(rows) for rows in slices]),
        "slices": [pad([token_ids[row] for row in rows], pad_token_id) for rows in slices],
        "num_queries": len(queries),
    }
