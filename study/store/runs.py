"""What was measured, from what, with what: one folder a run, loaded, or computed and kept."""

import hashlib
import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from operator import attrgetter
from pathlib import Path
from typing import Any

import pandas as pd
from filelock import FileLock, Timeout

from hybridlib.files import (
    check_replaceable,
    check_writable,
    delete_folder,
    leftovers,
    restore,
    whole_folder,
)
from hybridlib.processes import agreed, processes
from study.store import provenance
from study.store.run import FILES, Run, read, write

_NAME = re.compile(r"(?!\.)[A-Za-z0-9_.=+-]{1,100}")
TRAININGS = "training"
"""Kind of the runs whose scores are the log of a training."""
Scorer = Callable[[Run], pd.DataFrame]
"""Computes a run's scores from its ranks again, or gives those that it has."""
STORED_SCORES: Scorer = attrgetter("scores")


@dataclass(frozen=True)
class Computed:
    """What a computation gives to be kept: scores, perhaps ranks, more words on where from."""

    scores: pd.DataFrame
    ranks: pd.DataFrame | None = None
    provenance: Mapping[str, Any] = field(default_factory=dict)


class Store:
    """Runs, and what they leave for a while.

    A run lies in ``{results}/{profile}/{kind}/{name}``; the kind is a benchmark's name,
    ``training``, or what else was measured. What lies below ``build`` can be made again.
    """

    def __init__(self, results: Path | str = "results", build: Path | str = "build") -> None:
        self.results, self.build = Path(results), Path(build)

    def folder(self, profile: str, kind: str, *name: str) -> Path:
        """Folder of a run, or of all runs of a kind; no name or link leads out of ``results``."""
        folder = self.results / check_name("profile", profile) / check_name("kind", kind)
        return _inside(self.results, folder.joinpath(*(check_name("name", one) for one in name)))

    def built(self, *parts: str) -> Path:
        """Folder below ``build``, of parts that :meth:`folder` has checked; no link leads out."""
        folder = _inside(self.build, self.build.joinpath(*parts))
        for place, folders, files in os.walk(folder):  # others may be at it: what goes is passed
            for link in filter(Path.is_symlink, (Path(place, name) for name in folders + files)):
                _inside(self.build, link)
        return folder

    def load(self, folder: Path) -> Run:
        """Read a run: see :func:`study.store.run.read`."""
        restore(folder)
        return read(folder)

    def find(self, folder: Path, key: str) -> Run | None:
        """Read a run if it is there and has the key, else None."""
        try:
            run = self.load(folder)
        except FileNotFoundError:
            return None
        return run if run.key == key else None

    def save(self, folder: Path, run: Run) -> None:
        """Write a run's folder whole or not at all, in place of an older run, of nothing else."""
        with whole_folder(folder, *FILES) as scratch:
            write(run, scratch)

    def keep(
        self,
        folder: Path,
        key: str,
        parameters: Mapping[str, Any],
        revisions: Mapping[str, str],
        compute: Callable[[], Computed | None],
        scorer: Scorer = STORED_SCORES,
    ) -> Run:
        """Load what an equal key left; else compute, describe and write it, once.

        Of several processes that want the same run, whoever started them, one computes it and the
        others wait and load it. Under torchrun all processes call ``compute``, and what the main
        process returns is kept; what it raises leaves the store as it was. ``scorer`` computes the
        scores from the ranks again: a measure that was added needs no new encoding. Where they
        differ, the run is written anew.
        """
        run = None
        with suppress(ValueError):  # its owner may just be writing: then the next look tells
            run = self.find(folder, key)
        if agreed(run is not None and run.scores.equals(scorer(run))):
            return run or self.load(folder)
        is_main = processes().is_main_process
        with self.owner(folder):
            run = self.find(folder, key)
            if not agreed(run is not None):
                if is_main:
                    check_replaceable(folder, *FILES)
                    check_writable(folder.parent)
                started = time.monotonic()
                computed = compute()
                if is_main and computed is not None:
                    source = provenance.describe(revisions, time.monotonic() - started)
                    source |= computed.provenance
                    self.save(folder, Run(key, parameters, source, computed.scores, computed.ranks))
            elif run is not None and is_main and not run.scores.equals(scores := scorer(run)):
                self.save(folder, replace(run, scores=scores))
            processes().wait_for_everyone()
            return self.load(folder)

    @contextmanager
    def owner(self, folder: Path) -> Iterator[None]:
        """Own a folder's making: a second process waits here until the first is done or dead."""
        with ExitStack() as held:
            if processes().is_main_process:
                lock = self._lock(folder)
                try:
                    held.enter_context(lock.acquire(timeout=0))
                except Timeout:
                    print(f"another process makes {folder}; waiting for it", file=sys.stderr)
                    held.enter_context(lock.acquire())
            processes().wait_for_everyone()
            yield

    def sweep(self, folder: Path) -> None:
        """Delete a folder below ``build`` that nobody needs, unless a living process owns it."""
        if processes().is_main_process and (folder.exists() or leftovers(folder)):
            with suppress(Timeout), self._lock(folder).acquire(timeout=0):
                delete_folder(folder)

    def _lock(self, folder: Path) -> FileLock:
        name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
        file = self.built("locks", f"{folder.name}-{name}.lock")
        check_writable(file.parent)
        file.parent.mkdir(parents=True, exist_ok=True)
        return FileLock(file)


def check_name(what: str, name: object) -> str:
    """Return the name of a profile, a kind or a run, if it can be a folder of the store."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ValueError(
            f"{what} must be 1 to 100 letters, digits and -_.=+, no dot first, got {name!r}"
        )
    return name


def _inside(root: Path, folder: Path) -> Path:
    if not folder.resolve().is_relative_to(root.resolve()):
        raise ValueError(f"{folder} leads out of {root}; remove the link on the way")
    return folder
