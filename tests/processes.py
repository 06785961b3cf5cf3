"""Our Python, in a process of its own or in several under torchrun."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
ON_CPU = {"OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}  # processes cannot share a GPU


def run_python(*words, cwd=ROOT, num_processes=1, **variables):
    """Run Python on these words, with these variables; return what it printed."""
    torchrun = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", num_processes]
    command = [sys.executable, *(torchrun if num_processes > 1 else []), *words]
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | variables
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout
