"""One run: what was measured, from what, with what; its folder read and written."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

RUN_FILE, RANKS_FILE = "run.json", "ranks.parquet"
FILES = RUN_FILE, {RANKS_FILE}
_IN_A_ROW = re.compile(r"\n {3}(?: +|(?=[\]}]))")  # breaks within a row of scores: a row is a line


@dataclass(frozen=True)
class Run:
    """One stored measurement.

    ``key`` is the hash of everything that it depends on, ``parameters`` what was asked for,
    ``provenance`` data and model revisions, commit, hardware, versions, date, seconds. ``scores``
    are a table, of :func:`hybridlib.evaluation.three_settings.score` or a training's log; ``ranks``
    what they were computed from, or None.
    """

    key: str
    parameters: Mapping[str, Any]
    provenance: Mapping[str, Any]
    scores: pd.DataFrame
    ranks: pd.DataFrame | None = None


def read(folder: Path) -> Run:
    """Read a run's folder; an error says where there is none, and the way out of damage."""
    file = folder / RUN_FILE
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        if content.pop("checksum") != _checksum_of(content):
            raise ValueError("it is not as it was written")
        scores = pd.DataFrame(**content["scores"])
        if content["ranks"] != _checksum(folder):
            raise ValueError(f"{RANKS_FILE} is not the one that {RUN_FILE} was written with")
        ranks = pd.read_parquet(folder / RANKS_FILE) if content["ranks"] else None
        return Run(content["key"], content["parameters"], content["provenance"], scores, ranks)
    except FileNotFoundError as error:
        raise FileNotFoundError(f"{folder} holds no {RUN_FILE}") from error
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError, OSError) as error:
        raise ValueError(
            f"{folder} is damaged ({error}); delete it and the run is computed again"
        ) from error


def write(run: Run, folder: Path) -> None:
    """Write a run's files into an empty folder."""
    if run.ranks is not None:
        # a fifth smaller than by default: a byte of the ranks beside the same byte of others
        numbers = list(run.ranks.select_dtypes("number"))
        run.ranks.to_parquet(
            folder / RANKS_FILE,
            index=False,
            compression="zstd",
            compression_level=19,
            use_byte_stream_split=numbers,
            use_dictionary=[name for name in run.ranks if name not in numbers],
        )
    content = {
        "key": run.key,
        "parameters": dict(run.parameters),
        "provenance": dict(run.provenance),
        "ranks": _checksum(folder),
        "scores": run.scores.to_dict(orient="split", index=False),
    }
    content["checksum"] = _checksum_of(content)
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
    (folder / RUN_FILE).write_text(_IN_A_ROW.sub("", text) + "\n", encoding="utf-8")


def _checksum_of(content: Mapping[str, Any]) -> str:
    """Of everything else in the file, however it is laid out."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _checksum(folder: Path) -> str | None:
    file = folder / RANKS_FILE
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else None
