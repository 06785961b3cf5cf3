"""Fields of transformers.TrainingArguments that mean nothing for a dual encoder: they are refused.

All others are honoured, by :class:`hybridlib.training.trainer.DualEncoderTrainer` or by
transformers.Trainer.
"""

from dataclasses import MISSING, fields
from typing import Any

from transformers import TrainingArguments
from transformers.trainer_pt_utils import AcceleratorConfig

_WAYS_OUT = {
    "the sampler says which examples a batch holds, and in which order": (
        "accelerator_config", "auto_find_batch_size", "data_seed", "dataloader_drop_last",
        "dataloader_in_order", "dataloader_multiprocessing_context", "length_column_name",
        "remove_unused_columns", "train_sampling_strategy",
    ),
    "InfoNCE has no labels, validation no predictions, and a loss is finite or an error": (
        "average_tokens_across_devices", "batch_eval_metrics", "debug", "eval_do_concat_batches",
        "eval_use_gather_object", "include_for_metrics", "include_num_input_tokens_seen",
        "label_names", "label_smoothing_factor", "logging_nan_inf_filter", "prediction_loss_only",
    ),
    "take bf16=True": ("bf16_full_eval", "fp16", "fp16_full_eval"),
    "take cached_gradients=True of the trainer": (
        "activation_checkpointing", "activation_checkpointing_kwargs",
        "gradient_checkpointing", "gradient_checkpointing_kwargs",
    ),
    "change the backbone before": (
        "liger_kernel_config", "neftune_noise_alpha", "use_cache", "use_liger_kernel",
    ),
    "each process holds the whole encoder: start several with torchrun": (
        "deepspeed", "fsdp", "fsdp_config", "parallelism_config",
    ),
    "hybridlib.models.on_disk.save writes a folder that sentence-transformers loads and pushes": (
        "hub_always_push", "hub_model_id", "hub_private_repo", "hub_revision", "hub_strategy",
        "hub_token", "push_to_hub",
    ),
    "give it to train()": ("resume_from_checkpoint",),
}  # fmt: skip
REFUSED = {name: way_out for way_out, names in _WAYS_OUT.items() for name in names}


def check_arguments(arguments: TrainingArguments, batch_size: int, is_mixed: bool) -> None:
    """Refuse what would have no effect, or end in an error of transformers later.

    ``batch_size`` is the sampler's, over all processes; ``is_mixed`` says whether the encoder
    computes in mixed precision without being asked to by the arguments.
    """
    known = {field.name: _default(field) for field in fields(TrainingArguments)}
    more = {field.name for field in fields(arguments)} - known.keys()
    if more:
        raise ValueError(
            f"arguments must be transformers.TrainingArguments, got {type(arguments).__name__}, "
            f"whose {', '.join(sorted(more))} would have no effect"
        )
    for name, way_out in REFUSED.items():
        value = getattr(arguments, name)
        if (value or None) != (known[name] or None):
            raise ValueError(f"{name}={value!r} has no effect on a dual encoder: {way_out}")
    for name in ("per_device_train_batch_size", "per_device_eval_batch_size"):
        value = getattr(arguments, name)
        if value not in (known[name], batch_size // arguments.world_size):
            raise ValueError(
                f"{name}={value} is not the sampler's batch_size of {batch_size} over "
                f"{arguments.world_size} processes: the sampler says what a batch is, leave it out"
            )
    precision = arguments.mixed_precision  # the launcher's where the arguments say nothing
    if not arguments.bf16 and precision not in ("no", "bf16" if is_mixed else "no"):
        asked = (
            f"accelerate's launcher asks for mixed precision {precision!r}, the arguments do not"
        )
        raise ValueError(f"{asked}: pass bf16=True, or start without")


def _default(field: Any) -> Any:
    if field.name == "accelerator_config":
        return AcceleratorConfig()  # what the arguments make of None
    return field.default if field.default_factory is MISSING else field.default_factory()
