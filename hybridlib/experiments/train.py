"""The trainings behind one encoder: planned by their keys, done where the store lacks them."""

import os
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hybridlib.data.parallel import ParallelPairs
from hybridlib.data.registry import load_pairs, source_versions
from hybridlib.models import on_disk
from hybridlib.models.backbones import load_encoder
from hybridlib.models.encoder import DualEncoder
from hybridlib.processes import processes
from hybridlib.store import provenance
from hybridlib.store import runs as results
from hybridlib.store.key import run_key
from hybridlib.store.runs import RESULTS
from hybridlib.training.fit import fit
from hybridlib.training.parameters import ALIGNED, TrainingParameters

BUILD = Path("build")


@dataclass(frozen=True)
class Stage:
    """One training: its parameters, what it starts from, and where it leaves what."""

    parameters: TrainingParameters
    is_translation_ranking: bool
    start: str
    revisions: Mapping[str, str]
    settings: str
    record: Path
    folder: Path

    @property
    def described(self) -> dict[str, Any]:
        """Parameters as they are stored."""
        return self.parameters.described | {"translation_ranking": self.is_translation_ranking}

    @property
    def key(self) -> str:
        """Hash of everything that the trained encoder depends on."""
        inputs = {**self.revisions, "settings": self.settings}
        return run_key(self.described, inputs, ["sampling", "training"])

    @property
    def trajectory(self) -> str:
        """Hash of everything that the steps depend on, however many there are.

        With a constant learning rate a training of fewer steps is the beginning of a longer one.
        """
        described = {name: v for name, v in self.described.items() if name != "num_steps"}
        inputs = {**self.revisions, "settings": self.settings}
        return "trajectory-" + run_key(described, inputs, ["sampling", "training"])

    def stored(self) -> results.Run | None:
        """The log that an equal training left."""
        return results.load_if_equal(self.record, self.key)


def plan(
    parameters: TrainingParameters, pairs: ParallelPairs, profile: str, name: str
) -> tuple[DualEncoder, str, list[Stage]]:
    """Plan the trainings of a run, so that every key is known before anything is trained.

    Parameters
    ----------
    parameters, pairs
        Of the run.
    profile, name
        Where its encoder and its log will lie.

    Returns
    -------
    The backbone under the revision that the last stage will give it, the folder of the encoder that
    will have it, and the stages in order.
    """
    encoder = load_encoder(parameters.backbone)
    start, stages = parameters.backbone, []
    for stage_name, stage_parameters in parameters.stages(name).items():
        revisions = {"corpus": pairs.revision, "backbone": encoder.revision}
        if validation := _validation(stage_parameters):
            revisions["validation_corpus"] = validation.revision
        stage = Stage(
            stage_parameters,
            stage_name == ALIGNED,
            start,
            revisions,
            described_settings(encoder),
            RESULTS / profile / "training" / stage_name,
            BUILD / "encoders" / profile / stage_name,
        )
        stages.append(stage)
        start, encoder.revision = str(stage.folder), f"trained {stage.key}"
    return encoder, start, stages


def train(stages: Sequence[Stage], pairs: ParallelPairs) -> list[results.Run | None]:
    """Train the last stage, and before it those whose encoder it lacks; return all logs."""
    if not stages:
        return []
    *before, stage = stages
    stored = stage.stored()
    is_trained = on_disk.stored_revision(stage.folder) == f"trained {stage.key}"
    processes().wait_for_everyone()  # all have read before one writes
    if stored and is_trained:
        return [*(earlier.stored() for earlier in before), stored]
    logs = train(before, pairs)
    started = time.monotonic()
    checkpoints = BUILD / "checkpoints" / stage.key
    if processes().is_main_process and not checkpoints.exists():
        _go_on_from_shorter(stage, checkpoints)
    processes().wait_for_everyone()
    encoder = load_encoder(stage.start)
    validation = _validation(stage.parameters)
    log = fit(
        encoder, pairs, stage.parameters, checkpoints, stage.is_translation_ranking, validation
    )
    if processes().is_main_process:
        on_disk.save(encoder, stage.folder, f"trained {stage.key}")
        source = provenance.describe(stage.revisions, time.monotonic() - started)
        source["sources"] = source_versions(stage.parameters.corpus)
        results.save(stage.record, results.Run(stage.key, stage.described, source, log))
        _keep_for_longer(stage, checkpoints)
    processes().wait_for_everyone()
    return [*logs, stage.stored()]


def _go_on_from_shorter(stage: Stage, checkpoints: Path) -> None:
    """Start where the longest equal training of fewer steps ended: it is a part of this one."""
    kept = (BUILD / "checkpoints" / stage.trajectory).glob("checkpoint-*")
    steps = {int(folder.name.partition("-")[2]): folder for folder in kept}
    shorter = [number for number in steps if number <= stage.parameters.num_steps]
    if shorter:
        source = steps[max(shorter)]
        shutil.copytree(source, checkpoints / source.name, copy_function=os.link)


def _keep_for_longer(stage: Stage, checkpoints: Path) -> None:
    """Delete a finished training's checkpoints, but the last where a longer one can go on."""
    last = checkpoints / f"checkpoint-{stage.parameters.num_steps}"
    if stage.parameters.schedule == "constant" and last.is_dir():
        kept = BUILD / "checkpoints" / stage.trajectory
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        last.rename(kept / last.name)
    shutil.rmtree(checkpoints)


def _validation(parameters: TrainingParameters) -> ParallelPairs | None:
    name = parameters.validation_corpus
    return load_pairs(name) if name else None


def described_settings(encoder: DualEncoder) -> str:
    """Pooling, prefixes and lengths, as they enter a key."""
    return f"{encoder.pooling} {encoder.settings}"
