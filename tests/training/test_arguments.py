"""Every field of transformers.TrainingArguments has an effect or is refused by name."""

import hashlib
import re
from dataclasses import fields

import pytest
from sentence_transformers import SentenceTransformerTrainingArguments
from transformers import TrainingArguments

from hybridlib.training.arguments import REFUSED
from hybridlib.training.sampling import HybridBatches
from hybridlib.training.trainer import DualEncoderTrainer
from tests.golden.data import uneven_pairs
from tests.golden.tiny_encoder import tiny_encoder

BASE = {"use_cpu": True, "report_to": "none", "disable_tqdm": True}
EVALUATED = {"eval_strategy": "steps", "eval_steps": 1}
SAVED = {"save_steps": 1}
BEST = EVALUATED | SAVED | {"load_best_model_at_end": True, "learning_rate": 0.3}
WORKERS = {"dataloader_num_workers": 1}
ALONE = [  # values of fields that matter whatever the others are
    {"num_train_epochs": 1, "max_steps": 2, "gradient_accumulation_steps": 2, "seed": 7},
    {"learning_rate": 1e-2, "lr_scheduler_type": "constant", "warmup_steps": 4, "bf16": True},
    {"adam_beta1": 0.5, "adam_beta2": 0.5, "adam_epsilon": 1.0, "weight_decay": 0.5},
    {"logging_strategy": "epoch", "logging_steps": 1, "logging_first_step": True},
    {"eval_strategy": "epoch", "eval_on_start": True, "save_strategy": "epoch", "save_steps": 1},
    {"optim": "sgd", "output_dir": "other", "disable_tqdm": False, "skip_memory_metrics": False},
    {"dataloader_num_workers": 1, "torch_compile_backend": "eager"},
]
CHANGED = {  # a field's value, and what else it takes for the value to matter
    **{name: (value, {}) for values in ALONE for name, value in values.items()},
    "lr_scheduler_kwargs": ({"num_cycles": 3}, {"lr_scheduler_type": "cosine_with_restarts"}),
    "optim_args": ("momentum=0.9", {"optim": "sgd"}),
    "max_grad_norm": (1e-3, {"optim": "sgd"}),
    "eval_steps": (2, {"eval_strategy": "steps"}),
    "eval_delay": (3, EVALUATED),
    "save_only_model": (True, SAVED),
    "save_total_limit": (1, SAVED),
    "load_best_model_at_end": (True, EVALUATED | SAVED | {"learning_rate": 0.3}),
    "metric_for_best_model": ("eval_runtime", BEST),
    "greater_is_better": (True, BEST),
    "dataloader_persistent_workers": (True, WORKERS),
    "dataloader_prefetch_factor": (4, WORKERS),
}
OF_TRANSFORMERS = [  # taken over as transformers has it, where nothing here can show an effect
    # trackers
    *("report_to", "run_name", "project"),
    *("trackio_space_id", "trackio_bucket_id", "trackio_static_space_id"),
    # GPUs; compilers and optimizers that are not here
    *("tf32", "use_cpu", "dataloader_pin_memory", "torch_empty_cache_steps", "full_determinism"),
    *("eval_accumulation_steps", "torch_compile", "torch_compile_mode", "optim_target_modules"),
    # several processes
    *("ddp_find_unused_parameters", "ddp_bucket_cap_mb", "ddp_broadcast_buffers"),
    *("ddp_static_graph", "ddp_backend", "ddp_timeout", "local_rank", "save_on_each_node"),
    *("log_on_each_node", "log_level", "log_level_replica"),
    # killed and resumed runs
    *("ignore_data_skip", "restore_callback_states_from_checkpoint", "enable_jit_checkpoint"),
    # for scripts: no trainer reads them
    *("do_train", "do_eval", "do_predict"),
]
FIELDS = {field.name: field.default for field in fields(TrainingArguments)}


def make_trainer(arguments):
    batches = HybridBatches(uneven_pairs(), 8, 2, 0, alpha=0.5)
    encoder = tiny_encoder(dropout=0.1)
    return DualEncoderTrainer(encoder, arguments, batches, batches, temperature=0.05)


def outcome(folder, **options):
    """All that can be seen of a training: weights, log, files, and how it was done."""
    folder.mkdir()
    options = BASE | {"output_dir": "out"} | options
    options["output_dir"] = str(folder / options["output_dir"])
    trainer = make_trainer(TrainingArguments(**options))
    loader = trainer.get_train_dataloader()
    trainer.train()
    weights = b"".join(value.numpy().tobytes() for value in trainer.encoder.state_dict().values())
    timed = r"('\w*(?:runtime|_per_second|mem_)\w*'): [^,}]+"
    return {
        "weights": hashlib.sha256(weights).hexdigest(),
        "log": re.sub(timed, r"\1", str(trainer.state.log_history)),
        "best": trainer.state.best_metric,
        "files": sorted(str(file.relative_to(folder)) for file in folder.rglob("*")),
        "callbacks": [type(callback) for callback in trainer.callback_handler.callbacks],
        "loader": (loader.num_workers, loader.persistent_workers, loader.prefetch_factor),
        "wrapped": type(trainer.model_wrapped),
    }


def test_every_field_is_accounted_for_once():
    batch_size = ["per_device_train_batch_size", "per_device_eval_batch_size"]
    assert sorted([*CHANGED, *REFUSED, *OF_TRANSFORMERS, *batch_size]) == sorted(FIELDS)


def test_the_same_arguments_have_the_same_outcome(tmp_path):
    one, two = (outcome(tmp_path / name, **EVALUATED) for name in "ab")
    assert one == two


@pytest.fixture(scope="module")
def without(tmp_path_factory):
    """The outcome with some options, of which many fields' tests share the same."""
    known = {}

    def find(options):
        if repr(options) not in known:
            folder = tmp_path_factory.mktemp("without") / "a"
            known[repr(options)] = outcome(folder, **options)
        return known[repr(options)]

    return find


@pytest.mark.parametrize("name", CHANGED)
def test_a_field_that_is_taken_has_an_effect(tmp_path, without, name):
    value, others = CHANGED[name]
    assert outcome(tmp_path / "a", **others | {name: value}) != without(others)


@pytest.mark.parametrize("name", REFUSED)
def test_a_field_that_would_have_no_effect_is_refused(tmp_path, name):
    arguments = TrainingArguments(str(tmp_path), **BASE)
    value = not FIELDS[name] if isinstance(FIELDS[name], bool) else "another"
    setattr(arguments, name, value)  # some combine, or want a machine, before they come here
    with pytest.raises(ValueError, match=rf"^{name}=(.|\n)* has no effect on a dual encoder: "):
        make_trainer(arguments)


@pytest.mark.parametrize("side", ["train", "eval"])
def test_a_batch_size_beside_the_samplers_is_refused(tmp_path, side):
    name = f"per_device_{side}_batch_size"
    with pytest.raises(ValueError, match=f"{name}=16 is not the sampler's batch_size of 8 over 1"):
        make_trainer(TrainingArguments(str(tmp_path), **BASE, **{name: 16}))


def test_arguments_of_another_trainer_are_refused(tmp_path):
    arguments = SentenceTransformerTrainingArguments(str(tmp_path), **BASE)
    with pytest.raises(ValueError, match=r"SentenceTransformerTrainingArguments, whose .*prompts"):
        make_trainer(arguments)


@pytest.mark.parametrize("precision", ["fp16", "bf16"])
def test_a_launcher_that_asks_for_another_precision_is_refused(tmp_path, monkeypatch, precision):
    monkeypatch.setenv("ACCELERATE_MIXED_PRECISION", precision)
    arguments = TrainingArguments(str(tmp_path), **BASE)
    with pytest.raises(ValueError, match=f"launcher asks for mixed precision '{precision}'"):
        make_trainer(arguments)
    arguments = TrainingArguments(str(tmp_path), bf16=True, **BASE)
    make_trainer(arguments)
