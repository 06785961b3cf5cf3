"""What was measured, from what, with what: one folder a run, loaded, or computed and kept."""

import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd
from filelock import FileLock, Timeout

from hybridlib.files import check_writable, restore, whole_folder
from hybridlib.processes import processes
from hybridlib.store import provenance
from hybridlib.store.names import check_name

RUN_FILE, RANKS_FILE = "run.json", "ranks.parquet"


@dataclass(frozen=True)
class Run:
    """One stored measurement.

    Parameters
    ----------
    key
        Hash of everything the result depends on: see :func:`hybridlib.store.key.run_key`.
    parameters
        What was asked for.
    provenance
        Data and model revisions, commit, hardware, versions, date, seconds.
    scores
        Rows of a table: of :func:`hybridlib.evaluation.three_settings.score`, or a training's log.
    ranks
        What the scores were computed from, or None.
    """

    key: str
    parameters: Mapping[str, Any]
    provenance: Mapping[str, Any]
    scores: pd.DataFrame
    ranks: pd.DataFrame | None = field(default=None)


Scorer = Callable[[Run], pd.DataFrame]


@dataclass(frozen=True)
class Computed:
    """What a computation gives to be kept: scores, perhaps ranks, more words on where from."""

    scores: pd.DataFrame
    ranks: pd.DataFrame | None = None
    provenance: Mapping[str, Any] = field(default_factory=dict)


class Store:
    """Runs below one folder, and below another what they leave for a while: encoders, checkpoints.

    Parameters
    ----------
    results
        A run lies in ``{results}/{profile}/{kind}/{name}``; the kind is a benchmark's name,
        ``training``, or what else was measured.
    build
        Encoders, checkpoints, vectors and locks; all of it can be made again.
    """

    def __init__(self, results: Path | str = "results", build: Path | str = "build") -> None:
        self.results, self.build = Path(results), Path(build)

    def folder(self, profile: str, kind: str, name: str = "") -> Path:
        """Folder of a run, or of all runs of a kind.

        Raises
        ------
        ValueError
            If a name cannot be a folder of the store: see
            :func:`hybridlib.store.names.check_name`; or a link on the way leads out of it.
        """
        folder = self.results / check_name("profile", profile) / kind
        if name:
            is_own = kind == "training" and name == "aligned"
            folder /= name if is_own else check_name("name", name)
        if not folder.resolve().is_relative_to(self.results.resolve()):
            raise ValueError(f"{folder} leads out of {self.results}; remove the link on the way")
        return folder

    def load(self, folder: Path) -> Run:
        """Read a run.

        Raises
        ------
        FileNotFoundError
            If the folder holds no run.
        ValueError
            If its file is damaged; delete the folder and the run is computed again.
        """
        restore(folder)
        file = folder / RUN_FILE
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
            scores = pd.DataFrame(**content["scores"])
            if content["ranks"] != _checksum(folder):
                raise ValueError(f"{RANKS_FILE} is not the one that {RUN_FILE} was written with")
            ranks = pd.read_parquet(folder / RANKS_FILE) if content["ranks"] else None
            return Run(content["key"], content["parameters"], content["provenance"], scores, ranks)
        except FileNotFoundError as error:
            raise FileNotFoundError(f"{folder} holds no {RUN_FILE}") from error
        except (KeyError, TypeError, ValueError, OSError) as error:
            raise ValueError(
                f"{folder} is damaged ({error}); delete it and the run is computed again"
            ) from error

    def find(self, folder: Path, key: str, scorer: Scorer | None = None) -> Run | None:
        """Read a run if it is there and has the key, else None.

        With a ``scorer`` the scores are computed from the ranks again: a measure that was added
        needs no new encoding. Where they differ, the run is written anew.
        """
        try:
            run = self.load(folder)
        except FileNotFoundError:
            return None
        if run.key != key:
            return None
        if scorer is not None and run.ranks is not None:
            scores = scorer(run)
            if not scores.equals(run.scores):
                run = replace(run, scores=scores)
                if processes().is_main_process:
                    self.save(folder, run)
        return run

    def save(self, folder: Path, run: Run) -> None:
        """Write a run's folder whole or not at all, in place of an older run, never of a stranger.

        Raises
        ------
        FileExistsError
            If the folder is there and is no run, or holds more than one.
        """
        with whole_folder(folder, RUN_FILE, {RUN_FILE, RANKS_FILE}) as scratch:
            if run.ranks is not None:
                run.ranks.to_parquet(scratch / RANKS_FILE, compression="zstd", index=False)
            content = {
                "key": run.key,
                "parameters": dict(run.parameters),
                "provenance": dict(run.provenance),
                "ranks": _checksum(scratch),
                "scores": run.scores.to_dict(orient="split", index=False),
            }
            text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
            (scratch / RUN_FILE).write_text(text + "\n", encoding="utf-8")

    def keep(
        self,
        folder: Path,
        key: str,
        parameters: Mapping[str, Any],
        revisions: Mapping[str, str],
        compute: Callable[[], Computed | None],
        *,
        scorer: Scorer | None = None,
        alone: bool = True,
    ) -> Run:
        """Load what an equal key left; else compute, describe and write it, once.

        Of several processes that want the same run, whoever started them, one computes it and the
        others wait and load it.

        Parameters
        ----------
        folder
            Of the run.
        key, parameters, revisions
            Of the run; the key hashes the others and the versions of the computation.
        compute
            Makes the result. What it raises leaves the store as it was.
        scorer
            Of :meth:`find`.
        alone
            Whether under torchrun the main process computes while the others wait; else all do,
            and what the main process returns is kept.
        """
        run = self.find(folder, key, scorer)
        processes().wait_for_everyone()  # all have read before one writes
        if run is not None:
            return run
        with self.owner(folder):
            run = self.find(folder, key, scorer)
            processes().wait_for_everyone()
            if run is None:
                self._compute(folder, key, parameters, revisions, compute, alone)
                run = self.load(folder)
        return run

    def _compute(
        self,
        folder: Path,
        key: str,
        parameters: Mapping[str, Any],
        revisions: Mapping[str, str],
        compute: Callable[[], Computed | None],
        alone: bool,
    ) -> None:
        is_main = processes().is_main_process
        if is_main:
            check_writable(folder)
        started = time.monotonic()
        computed = compute() if is_main or not alone else None
        if is_main and computed is not None:
            source = provenance.describe(revisions, time.monotonic() - started)
            source |= computed.provenance
            self.save(folder, Run(key, parameters, source, computed.scores, computed.ranks))
        processes().wait_for_everyone()

    @contextmanager
    def owner(self, folder: Path) -> Iterator[None]:
        """Own a folder's making: a second process waits here until the first is done or dead."""
        lock = None
        if processes().is_main_process:
            name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
            file = self.build / "locks" / f"{folder.name}-{name}.lock"
            file.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(file)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                print(f"another process makes {folder}; waiting for it", file=sys.stderr)
                lock.acquire()
        try:
            processes().wait_for_everyone()
            yield
        finally:
            if lock is not None:
                lock.release()


def _checksum(folder: Path) -> str | None:
    file = folder / RANKS_FILE
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else None
