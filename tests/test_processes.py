"""Whole runs by one process and by two under torchrun: ``python -m study``."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hybridlib.data import miracl
from hybridlib.models import on_disk
from study.store.runs import Store
from tests.data.published import write_miracl
from tests.golden.tiny_encoder import tiny_encoder

REPOSITORY = Path(__file__).parents[1]
PROFILE = """
title: tiny
training:
  backbone: backbone
  corpus: cldr
  num_steps: 2
  batch_size: 8
  num_validation_pairs: 16
  evaluation_steps: 2
  freeze_embeddings: false
  seed: 0
  sampler: hybrid
  alpha: 0.5
benchmarks: [cldr, miracl]
"""
# as ``python -m study``, with corpora of one file and nine passages
PROGRAM = """
from hybridlib.data import miracl
from study.__main__ import main
miracl.NUM_CORPUS_FILES |= dict.fromkeys(miracl.LANGUAGES, 1)
miracl.NUM_PASSAGES |= dict.fromkeys(miracl.LANGUAGES, 9)
main()
"""


@pytest.fixture(scope="module")
def workplace(tmp_path_factory):
    """A folder with a profile, a tiny encoder without dropout, and a small MIRACL."""
    folder = tmp_path_factory.mktemp("workplace")
    on_disk.save(tiny_encoder(), folder / "backbone")
    (folder / "profiles").mkdir()
    (folder / "profiles" / "tiny.yaml").write_text(PROFILE)
    (folder / "program.py").write_text(PROGRAM)
    for language in miracl.LANGUAGES:
        write_miracl(folder / "mirror", language, num_files=1, num_passages=9)
    return folder


def train_and_evaluate(workplace, num_processes, name):
    """Do a run in a folder of its own; return its results."""
    folder = workplace / f"processes-{num_processes}"
    folder.mkdir()
    for shared in ("backbone", "profiles"):
        (folder / shared).symlink_to(workplace / shared)
    environment = os.environ | {
        "PYTHONPATH": str(REPOSITORY),
        "HYBRIDLIB_MIRROR": str(workplace / "mirror"),
        "OMP_NUM_THREADS": "1",
        "CUDA_VISIBLE_DEVICES": "",  # two processes cannot share one
    }
    start = [sys.executable]
    if num_processes > 1:
        start += ["-m", "torch.distributed.run", "--standalone"]
        start += ["--nproc-per-node", str(num_processes)]
    for step in ("train", "evaluate"):
        command = [*start, workplace / "program.py", step, "tiny", name]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-3000:]
    return folder / "results" / "tiny"


def test_two_processes_train_and_score_as_one_does(workplace):
    name = "hybrid-0.5-seed0"
    folders = [train_and_evaluate(workplace, number, name) for number in (1, 2)]
    one, two = (Store().load(folder / "training" / name) for folder in folders)
    assert one.key == two.key
    np.testing.assert_allclose(
        one.scores["loss"].astype(float), two.scores["loss"].astype(float), rtol=1e-4
    )
    for benchmark in ("cldr", "miracl"):
        one, two = (Store().load(folder / benchmark / name) for folder in folders)
        pd.testing.assert_frame_equal(one.scores, two.scores, atol=0.02)
    assert len(one.scores) == 2 * len(miracl.LANGUAGES)
    assert not list((folders[1].parents[1] / "build" / "vectors").rglob("*.npy"))
