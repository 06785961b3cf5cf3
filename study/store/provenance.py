"""Where a result comes from."""

import os
import platform
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import psutil

PACKAGES = ("torch", "transformers", "tokenizers", "numpy")


def describe(revisions: Mapping[str, str], seconds: float) -> dict[str, Any]:
    """Describe where a result comes from: revisions, commit, hardware, versions, date, seconds."""
    import torch  # here: it takes a second, and who loads what is stored needs none

    return {
        "revisions": dict(revisions),
        "commit": _commit(),
        "hardware": hardware(),
        "threads": torch.get_num_threads(),
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in PACKAGES},
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 1),
    }


def _commit() -> str:
    """The commit, and whether what computes differs from it; results do, as runs replace them."""
    git = ["git", "-C", str(Path(__file__).parents[2])]
    short = [*git, "rev-parse", "--short=12", "HEAD"]
    status = [*git, "status", "--porcelain", "--untracked-files=no"]
    changed = [*status, "--", ".", ":(exclude)results"]
    try:
        commit, changes = (
            subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
            for command in (short, changed)
        )
    except (OSError, subprocess.CalledProcessError):
        return "not a git checkout"
    return f"{commit}-dirty" if changes else commit


def hardware() -> str:
    """Name this machine's processor or GPU, with its cores and memory."""
    import torch

    if torch.cuda.is_available():
        return torch.cuda.get_device_name()
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    memory = psutil.virtual_memory().total / 2**30
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{names[0] if names else platform.processor()}, {cores} cores, {memory:.0f} GiB"
