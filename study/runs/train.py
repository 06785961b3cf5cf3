"""The training behind an encoder: planned by its key, done where the store lacks it."""

import os
import shutil
from collections.abc import Mapping
from typing import Any

import pandas as pd

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


class Training:
    """One training of a run; its key and the encoder's identity are known before it is done."""

    def __init__(
        self, parameters: TrainingParameters, store: Store, profile: str, name: str
    ) -> None:
        self.parameters, self.store = parameters, store
        corpus = parameters.validation_corpus
        self.pairs = load_pairs(parameters.corpus)
        self.validation = load_pairs(corpus) if corpus else None
        self.start = plan_loaded(parameters.backbone)
        start = self.start.identity
        self.revisions = {"corpus": self.pairs.revision, "backbone": start.revision}
        if self.validation is not None:
            self.revisions["validation_corpus"] = self.validation.revision
        self.key = self._key(parameters.described)
        self.identity = EncoderIdentity(f"trained {self.key}", start.pooling, start.settings)
        self.record = store.folder(profile, TRAININGS, name)
        self.folder = store.built("encoders", profile, name)
        self._checkpoints = store.built("checkpoints", self.key)
        # Last checkpoints of trainings that are equal but for the number of their steps: with a
        # constant learning rate a training of fewer steps is the beginning of a longer one
        steps_apart = parameters.described
        del steps_apart["num_steps"]
        self._continued = store.built("checkpoints", f"trajectory-{self._key(steps_apart)}")

    def _key(self, described: Mapping[str, Any]) -> str:
        inputs = self.revisions | {"settings": self.start.identity.usage}
        return run_key(described, inputs, ["sampling", "training"])

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

    def _fit(self) -> pd.DataFrame:
        is_main = processes().is_main_process
        if is_main:  # what would stop the saving stops the training
            check_replaceable(self.folder, on_disk.MARK, on_disk.files_of(self.folder))
            check_writable(self.folder)
        with self.store.owner(self._checkpoints):  # a run of another name may have the same key
            with self.store.owner(self._continued):
                if is_main and not self._checkpoints.exists():
                    self._go_on_from_shorter()
            processes().wait_for_everyone()
            encoder = self.start.load()
            log = fit(encoder, self.pairs, self.parameters, self._checkpoints, self.validation)
            with self.store.owner(self._continued):
                if is_main:
                    on_disk.save(encoder, self.folder, self.identity.revision)
                    self._keep_for_longer()
            processes().wait_for_everyone()
            return log

    def _go_on_from_shorter(self) -> None:
        """Start where the longest equal training of fewer steps ended: it is a part of this one."""
        kept = self._continued.glob("checkpoint-*")
        steps = {int(folder.name.partition("-")[2]): folder for folder in kept}
        shorter = [number for number in steps if number <= self.parameters.num_steps]
        if shorter:
            source = steps[max(shorter)]
            # a part of a checkpoint would not be noticed
            with whole_folder(self._checkpoints) as scratch:
                shutil.copytree(source, scratch / source.name, copy_function=os.link)

    def _keep_for_longer(self) -> None:
        """Delete a finished training's checkpoints, but the last where a longer one can go on."""
        parameters = self.parameters
        last = self._checkpoints / f"checkpoint-{parameters.num_steps}"
        # not where it was evaluated for being the last, or an earlier step may be best
        is_beginning = parameters.num_steps % parameters.evaluation_steps == 0
        if parameters.schedule == "constant" and is_beginning and not parameters.patience:
            with whole_folder(self._continued) as kept:
                shutil.copytree(last, kept / last.name, copy_function=os.link)
        delete_folder(self._checkpoints)


def plan_encoder(
    parameters: TrainingParameters, store: Store, profile: str, name: str
) -> PlannedEncoder:
    """Plan the encoder that a run ends with: with no steps, the backbone."""
    if not parameters.num_steps:
        return plan_loaded(parameters.backbone)
    training = Training(parameters, store, profile, name)
    return PlannedEncoder(training.identity, training.encoder)


def plan_loaded(encoder: str) -> PlannedEncoder:
    """Plan what :func:`hybridlib.models.backbones.load_encoder` loads by a name or folder."""
    return PlannedEncoder(load_encoder(encoder).identity, lambda: load_encoder(encoder))
