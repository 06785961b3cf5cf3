"""The training recipe: how parameters and pairs make a trained encoder."""

import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import torch
from safetensors import SafetensorError, safe_open
from transformers import TrainerState, TrainingArguments, set_seed

from hybridlib.checks import Range, check
from hybridlib.data.parallel import ParallelPairs
from hybridlib.files import writing
from hybridlib.models.encoder import DualEncoder
from hybridlib.models.text_settings import SIDES
from hybridlib.training.parameters import SCHEDULES, TrainingParameters
from hybridlib.training.sampling import make_batches
from hybridlib.training.trainer import DualEncoderTrainer
from hybridlib.training.validation import ValidationBatches


def fit(
    encoder: DualEncoder,
    pairs: ParallelPairs,
    parameters: TrainingParameters,
    checkpoints: Path,
    validation: ParallelPairs | None = None,
) -> pd.DataFrame:
    """Train an encoder in place; a run that was killed goes on at its last whole checkpoint.

    Encoder, pairs and validation are loaded from ``parameters.backbone``, ``corpus`` and
    ``validation_corpus``; without validation, pairs are held out. The folder ``checkpoints`` is
    this run's alone. The log has the columns ``step``, ``loss``, ``validation_loss`` (None where
    not evaluated) and ``learning_rate``.
    """
    set_seed(parameters.seed)
    whole = pairs if validation is None else validation
    name = f"num_validation_pairs, of {' and '.join(whole.corpora)},"
    check(name, parameters.num_validation_pairs, int, Range(1, len(whole) - 1))
    kept, held_out = whole.split(parameters.num_validation_pairs, seed=0)
    train_pairs = kept if validation is None else pairs
    size, steps, name = parameters.batch_size, parameters.num_steps, parameters.sampler
    batches = make_batches(name, train_pairs, size, steps, parameters.seed, parameters.alpha)
    encoder.mixed_precision = parameters.mixed_precision
    if parameters.freeze_embeddings:
        encoder.backbone.get_input_embeddings().requires_grad_(False)
    settings = encoder.settings
    lengths = {f"max_{side}_tokens": getattr(parameters, f"max_{side}_tokens") for side in SIDES}
    encoder.settings = replace(settings, **lengths)
    trainer = DualEncoderTrainer(
        encoder,
        _arguments(parameters, checkpoints),
        batches,
        ValidationBatches(held_out, size),
        temperature=parameters.temperature,
        early_stopping_patience=parameters.patience or None,
    )
    with writing(checkpoints):
        checkpoint = last_whole_checkpoint(checkpoints, with_best=parameters.patience > 0)
        trainer.train(resume_from_checkpoint=checkpoint)
    encoder.settings = settings
    return _log(trainer.state.log_history)


def _arguments(parameters: TrainingParameters, checkpoints: Path) -> TrainingArguments:
    return TrainingArguments(
        output_dir=str(checkpoints),
        max_steps=parameters.num_steps,
        learning_rate=parameters.learning_rate,
        weight_decay=parameters.weight_decay,
        warmup_steps=parameters.warmup_steps,
        lr_scheduler_type=SCHEDULES[parameters.schedule],
        logging_steps=_logging_steps(parameters.evaluation_steps),
        eval_strategy="steps",
        eval_steps=parameters.evaluation_steps,
        save_strategy="steps",
        save_steps=parameters.evaluation_steps,
        save_total_limit=2,
        load_best_model_at_end=parameters.patience > 0,
        metric_for_best_model="eval_loss",
        restore_callback_states_from_checkpoint=True,  # the patience that is left
        ddp_find_unused_parameters=False,
        use_cpu=not torch.cuda.is_available(),  # several processes on CPUs need to be told
        report_to="none",
        seed=parameters.seed,
    )


def _logging_steps(evaluation_steps: int) -> int:
    """About five losses an evaluation; a divisor, or a resumed run would average over fewer."""
    most = max(1, evaluation_steps // 5)
    return next(steps for steps in range(most, 0, -1) if evaluation_steps % steps == 0)


def last_whole_checkpoint(folder: Path, with_best: bool = False) -> str | None:
    """The newest checkpoint; one that was cut off while it was written is deleted.

    So is, ``with_best``, one that names as the best so far another that is not whole: a training
    that went on from there could not end with the best weights.
    """
    found = (re.fullmatch(r"checkpoint-(\d+)", path.name) for path in folder.glob("checkpoint-*"))
    for step in sorted((int(name[1]) for name in found if name), reverse=True):
        checkpoint = folder / f"checkpoint-{step}"
        if _is_whole(checkpoint, with_best):
            return str(checkpoint)
        shutil.rmtree(checkpoint, ignore_errors=True)
    return None


def _is_whole(checkpoint: Path, with_best: bool = False) -> bool:
    """Look where each format has its end: nothing of the weights is read."""
    try:
        best = TrainerState.load_from_json(f"{checkpoint}/trainer_state.json").best_model_checkpoint
        with safe_open(checkpoint / "model.safetensors", "pt"):
            pass
        # of one process, or of each of several
        random = [path.name for path in checkpoint.glob("rng_state*.pth")] or ["rng_state.pth"]
        for name in ("optimizer.pt", "scheduler.pt", *random):
            with zipfile.ZipFile(checkpoint / name):
                pass
    except (OSError, ValueError, SafetensorError, zipfile.BadZipFile):
        return False
    return not (with_best and best) or _is_whole(Path(best))


def _log(history: list[dict[str, float]]) -> pd.DataFrame:
    columns = ["step", "loss", "validation_loss", "learning_rate"]
    log = pd.DataFrame([one for one in history if "loss" in one or "eval_loss" in one])
    log = log.rename(columns={"eval_loss": "validation_loss"})
    log = log.groupby("step", as_index=False).first().reindex(columns=columns)
    return log.astype(object).where(log.notna(), None)
