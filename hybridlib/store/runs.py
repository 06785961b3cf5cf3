"""The results store: what was measured, from what, with what; one folder a run."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from hybridlib.files import whole_folder

RESULTS = Path("results")
RANKS_FILE = "ranks.parquet"


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


def save(folder: Path, run: Run) -> None:
    """Write a run's folder whole or not at all, in place of an older one."""
    with whole_folder(folder) as scratch:
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
        (scratch / "run.json").write_text(text + "\n", encoding="utf-8")


def _checksum(folder: Path) -> str | None:
    file = folder / RANKS_FILE
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else None


def load(folder: Path) -> Run:
    """Read a run.

    Raises
    ------
    FileNotFoundError
        If the folder holds no run.
    ValueError
        If its file is damaged; delete the folder and the run is computed again.
    """
    file = folder / "run.json"
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        scores = pd.DataFrame(**content["scores"])
        if content["ranks"] != _checksum(folder):
            raise ValueError(f"{RANKS_FILE} is not the one that run.json was written with")
        ranks = pd.read_parquet(folder / RANKS_FILE) if content["ranks"] else None
        return Run(content["key"], content["parameters"], content["provenance"], scores, ranks)
    except FileNotFoundError as error:
        raise FileNotFoundError(f"{folder} holds no run.json") from error
    except (KeyError, TypeError, ValueError, OSError) as error:
        raise ValueError(
            f"{folder} is damaged ({error}); delete it and the run is computed again"
        ) from error


def load_if_equal(folder: Path, key: str) -> Run | None:
    """Read a run if it is there and has the key, else None."""
    if not (folder / "run.json").is_file():
        return None
    run = load(folder)
    return run if run.key == key else None
