"""The training behind an encoder: planned by its key, done where the store lacks it."""

import os
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from hybridlib.data.parallel import ParallelPairs
from hybridlib.files import check_replaceable, check_writable, delete_folder, restore, whole_folder
from hybridlib.models import on_disk
from hybridlib.models.backbones import load_encoder
from hybridlib.models.encoder import DualEncoder, EncoderIdentity
from hybridlib.processes import agreed, processes
from hybridlib.training.fit import fit
from hybridlib.training.parameters import TrainingParameters
from study.data.registry import load_pairs, source_versions
from study.runs.planned_encoder import PlannedEncoder
from study.store.key import run_key
from study.store.run import Run
from study.store.runs import TRAININGS, Computed, Store

_COMPUTATIONS = ("sampling", "training")


@dataclass(frozen=True)
class Training:
    """One training: parameters, corpora and start, and where its log and its encoder lie."""

    parameters: TrainingParameters
    pairs: ParallelPairs
    validation: ParallelPairs | None
    start: PlannedEncoder
    store: Store
    record: Path
    folder: Path

    @cached_property
    def revisions(self) -> dict[str, str]:
        """Of corpora and start."""
        revisions = {"corpus": self.pairs.revision, "backbone": self.start.identity.revision}
        if self.validation is not None:
            revisions["validation_corpus"] = self.validation.revision
        return revisions

    @cached_property
    def key(self) -> str:
        """Hash of everything that the trained encoder depends on."""
        return run_key(self.parameters.described, self._inputs, _COMPUTATIONS)

    @property
    def _inputs(self) -> dict[str, str]:
        return {**self.revisions, "settings": self.start.identity.usage}

    @property
    def identity(self) -> EncoderIdentity:
        """Which encoder it makes."""
        start = self.start.identity
        return EncoderIdentity(f"trained {self.key}", start.pooling, start.settings)

    def log(self) -> Run:
        """The stored log; without one, the training is done and its encoder saved."""

        def compute() -> Computed:
            with self.store.owner(self.folder):
                sources = {"sources": source_versions(self.parameters.corpus)}
                return Computed(self._fit(), provenance=sources)

        described = self.parameters.described
        run = self.store.keep(self.record, self.key, described, self.revisions, compute)
        self._sweep()
        return run

    def encoder(self) -> DualEncoder:
        """The trained encoder; trained again if its weights are gone."""
        if not self._is_saved():
            with self.store.owner(self.folder):
                if not self._is_saved():
                    self._fit()
        self._sweep()
        return load_encoder(str(self.folder))

    def _is_saved(self) -> bool:
        restore(self.folder)
        is_whole = all((self.folder / name).is_file() for name in on_disk.files_of(self.folder))
        is_it = on_disk.stored_revision(self.folder) == self.identity.revision
        return agreed(is_whole and is_it)

    def _sweep(self) -> None:
        """Delete the checkpoints where the encoder is saved: a kill came in between."""
        if self._is_saved():
            self.store.sweep(self._checkpoints)

    @property
    def _checkpoints(self) -> Path:
        return self.store.built("checkpoints", self.key)

    @property
    def _continued(self) -> Path:
        """Last checkpoints of trainings that are equal but for the number of their steps.

        With a constant learning rate a training of fewer steps is the beginning of a longer one.
        """
        described = self.parameters.described
        del described["num_steps"]
        key = run_key(described, self._inputs, _COMPUTATIONS)
        return self.store.built("checkpoints", f"trajectory-{key}")

    def _fit(self) -> pd.DataFrame:
        if processes().is_main_process:  # what would stop the saving stops the training
            check_replaceable(self.folder, on_disk.MARK, on_disk.files_of(self.folder))
            check_writable(self.folder)
        checkpoints = self._checkpoints
        with self.store.owner(checkpoints):  # a run of another name may have the same key
            with self.store.owner(self._continued):
                if processes().is_main_process and not checkpoints.exists():
                    _go_on_from_shorter(self, checkpoints)
            processes().wait_for_everyone()
            encoder = self.start.load()
            log = fit(encoder, self.pairs, self.parameters, checkpoints, self.validation)
            with self.store.owner(self._continued):
                if processes().is_main_process:
                    on_disk.save(encoder, self.folder, self.identity.revision)
                    _keep_for_longer(self, checkpoints)
            processes().wait_for_everyone()
            return log


def plan_training(
    parameters: TrainingParameters, store: Store, profile: str, name: str
) -> Training:
    """Plan a run's training, so that its key is known before anything is trained."""
    corpus = parameters.validation_corpus
    return Training(
        parameters,
        load_pairs(parameters.corpus),
        load_pairs(corpus) if corpus else None,
        plan_loaded(parameters.backbone),
        store,
        store.folder(profile, TRAININGS, name),
        store.built("encoders", profile, name),
    )


def plan_encoder(
    parameters: TrainingParameters, store: Store, profile: str, name: str
) -> PlannedEncoder:
    """Plan the encoder that a run ends with: with no steps, the backbone."""
    if not parameters.num_steps:
        return plan_loaded(parameters.backbone)
    training = plan_training(parameters, store, profile, name)
    return PlannedEncoder(training.identity, training.encoder)


def plan_loaded(encoder: str) -> PlannedEncoder:
    """Plan what :func:`hybridlib.models.backbones.load_encoder` loads by a name or folder."""
    return PlannedEncoder(load_encoder(encoder).identity, lambda: load_encoder(encoder))


def _go_on_from_shorter(training: Training, checkpoints: Path) -> None:
    """Start where the longest equal training of fewer steps ended: it is a part of this one."""
    kept = training._continued.glob("checkpoint-*")
    steps = {int(folder.name.partition("-")[2]): folder for folder in kept}
    shorter = [number for number in steps if number <= training.parameters.num_steps]
    if shorter:
        source = steps[max(shorter)]
        with whole_folder(checkpoints) as scratch:  # a part of a checkpoint would not be noticed
            shutil.copytree(source, scratch / source.name, copy_function=os.link)


def _keep_for_longer(training: Training, checkpoints: Path) -> None:
    """Delete a finished training's checkpoints, but the last where a longer one can go on.

    It cannot where the last step was evaluated for being the last, or an earlier one may be best.
    """
    parameters = training.parameters
    last = checkpoints / f"checkpoint-{parameters.num_steps}"
    is_beginning = parameters.num_steps % parameters.evaluation_steps == 0
    if parameters.schedule == "constant" and is_beginning and not parameters.patience:
        with whole_folder(training._continued) as kept:
            shutil.copytree(last, kept / last.name, copy_function=os.link)
    delete_folder(checkpoints)
