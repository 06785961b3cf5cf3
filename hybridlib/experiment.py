"""One run: train an encoder, evaluate it, store both; an equal key loads instead."""

import shutil
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import pandas as pd
import torch
from transformers import TrainingArguments, set_seed
from transformers.trainer_utils import get_last_checkpoint

from hybridlib import protocol, results
from hybridlib.data.parallel import ParallelPairs
from hybridlib.data.registry import load_benchmark, load_pairs
from hybridlib.models import layout
from hybridlib.models.backbones import load_encoder
from hybridlib.models.encoder import DualEncoder
from hybridlib.sampling import HybridBatches, MonolingualBatches
from hybridlib.trainer import DualEncoderTrainer

RESULTS = Path("results")
BUILD = Path("build")
ENCODER_CODE = ("hybridlib.models.encoder", "hybridlib.models.offline_e5")
TRAINING_CODE = (*ENCODER_CODE, "hybridlib.sampling", "hybridlib.loss", "hybridlib.trainer", __name__)
EVALUATION_CODE = (*ENCODER_CODE, "hybridlib.ranking", "hybridlib.metrics", "hybridlib.protocol")


@dataclass(frozen=True)
class TrainingParameters:
    """Everything that a training run depends on.

    ``num_validation_pairs`` are held out of the corpus, the same for every seed, and their English
    side gives the validation loss; training stops after ``patience`` evaluations, one every
    ``evaluation_steps``, without a better one. Lengths count tokens, in training only.
    """

    backbone: str = "multilingual-e5-small"
    corpus: str = "cldr"
    alpha: float = 0.5
    seed: int = 0
    num_steps: int = 60
    batch_size: int = 32
    learning_rate: float = 3e-5
    warmup_steps: int = 10
    weight_decay: float = 0.01
    temperature: float = 0.02
    max_query_tokens: int = 24
    max_passage_tokens: int = 64
    freeze_embeddings: bool = True
    num_validation_pairs: int = 64
    evaluation_steps: int = 20
    patience: int = 3

    @property
    def sampler(self) -> str:
        """The paper's name of the sampler that alpha makes: x-x, x-y or hybrid."""
        return {1: "x-x", 0: "x-y"}.get(self.alpha, f"hybrid-{self.alpha:g}")

    @property
    def name(self) -> str:
        """Name of the run's folder."""
        return f"{self.sampler}-seed{self.seed}"


def train(parameters: TrainingParameters, profile: str) -> tuple[Path, results.Run]:
    """Train an encoder, or load what an equal run left.

    A run that was killed goes on at its last checkpoint.

    Parameters
    ----------
    parameters
        Of the run.
    profile
        Folder under ``results/`` and ``build/encoders/``.

    Returns
    -------
    The encoder's folder, and the run with its log: columns ``step``, ``loss``, ``validation_loss``,
    ``learning_rate``.
    """
    started = time.monotonic()
    pairs = load_pairs(parameters.corpus)
    encoder = load_encoder(parameters.backbone)
    revisions = {"corpus": pairs.revision, "backbone": encoder.revision}
    key = results.run_key(asdict(parameters), revisions, TRAINING_CODE)
    folder = BUILD / "encoders" / profile / parameters.name
    record = RESULTS / profile / "training" / parameters.name
    run = results.load_if_equal(record, key)
    if run is not None and _is_trained_with(folder, key):
        return folder, run
    log = _fit(encoder, pairs, parameters, BUILD / "checkpoints" / key)
    encoder.revision = f"trained {key}"
    layout.save(encoder, folder)
    shutil.rmtree(BUILD / "checkpoints" / key)
    seconds = time.monotonic() - started
    run = results.Run(key, asdict(parameters), results.provenance(revisions, seconds), log)
    results.save(record, run)
    return folder, run


def evaluate(encoder: str, benchmark: str, profile: str, name: str) -> results.Run:
    """Evaluate an encoder on a benchmark, or load what an equal run left.

    Parameters
    ----------
    encoder
        A folder, or what :func:`hybridlib.models.backbones.load_encoder` knows.
    benchmark
        Name of a benchmark.
    profile, name
        The result's folder is ``results/{profile}/{benchmark}/{name}``.
    """
    started = time.monotonic()
    texts = load_benchmark(benchmark)
    model = load_encoder(encoder)
    parameters = {"benchmark": benchmark, "name": name}
    revisions = {"benchmark": texts.revision, "encoder": model.revision}
    key = results.run_key(parameters, revisions, EVALUATION_CODE)
    folder = RESULTS / profile / benchmark / name
    run = results.load_if_equal(folder, key)
    if run is None:
        model.to("cuda" if torch.cuda.is_available() else "cpu")
        ranks = protocol.evaluate(model, texts)
        provenance = results.provenance(revisions, time.monotonic() - started)
        run = results.Run(key, parameters, provenance, protocol.score(ranks), ranks)
        results.save(folder, run)
    return run


def _is_trained_with(folder: Path, key: str) -> bool:
    return folder.is_dir() and layout.stored_revision(folder) == f"trained {key}"


def _fit(
    encoder: DualEncoder, pairs: ParallelPairs, parameters: TrainingParameters, checkpoints: Path
) -> pd.DataFrame:
    set_seed(parameters.seed)
    train_pairs, held_out = pairs.split(parameters.num_validation_pairs, seed=0)
    size, steps = parameters.batch_size, parameters.num_steps
    train_batches = HybridBatches(train_pairs, size, steps, parameters.seed, parameters.alpha)
    validation_size = min(size, len(held_out))
    validation_batches = MonolingualBatches(
        held_out.only(["en"]), validation_size, max(1, len(held_out) // validation_size), seed=0
    )
    if parameters.freeze_embeddings:
        encoder.backbone.get_input_embeddings().requires_grad_(False)
    settings = encoder.settings
    encoder.settings = replace(
        settings,
        max_query_tokens=parameters.max_query_tokens,
        max_passage_tokens=parameters.max_passage_tokens,
    )
    trainer = DualEncoderTrainer(
        encoder,
        _arguments(parameters, checkpoints),
        train_batches,
        validation_batches,
        temperature=parameters.temperature,
        early_stopping_patience=parameters.patience,
    )
    trainer.train(resume_from_checkpoint=_last_whole_checkpoint(checkpoints))
    encoder.settings = settings
    return _log(trainer.state.log_history)


def _arguments(parameters: TrainingParameters, checkpoints: Path) -> TrainingArguments:
    return TrainingArguments(
        output_dir=str(checkpoints),
        max_steps=parameters.num_steps,
        learning_rate=parameters.learning_rate,
        weight_decay=parameters.weight_decay,
        warmup_steps=parameters.warmup_steps,
        lr_scheduler_type="linear",
        logging_steps=max(1, parameters.num_steps // 20),
        eval_strategy="steps",
        eval_steps=parameters.evaluation_steps,
        save_strategy="steps",
        save_steps=parameters.evaluation_steps,
        save_total_limit=2,
        load_best_model_at_end=True,
        metric_for_best_model="eval_loss",
        ddp_find_unused_parameters=False,
        report_to="none",
        seed=parameters.seed,
    )


def _last_whole_checkpoint(folder: Path) -> str | None:
    """The newest checkpoint; one that was cut off while written lacks its state and is removed."""
    while folder.is_dir() and (checkpoint := get_last_checkpoint(str(folder))):
        if (Path(checkpoint) / "trainer_state.json").is_file():
            return checkpoint
        shutil.rmtree(checkpoint)
    return None


def _log(history: list[dict[str, float]]) -> pd.DataFrame:
    names = {"step": "step", "loss": "loss", "eval_loss": "validation_loss", "learning_rate": "learning_rate"}
    rows = [{names[k]: v for k, v in entry.items() if k in names} for entry in history]
    log = pd.DataFrame([row for row in rows if "loss" in row or "validation_loss" in row])
    log = log.groupby("step", as_index=False).first()
    return log.astype(object).where(log.notna(), None)
