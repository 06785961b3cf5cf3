"""Whole runs by one process and by two under torchrun: ``python -m study``."""

import re

import numpy as np
import pandas as pd

from hybridlib.data import miracl
from hybridlib.models import on_disk
from study.store.runs import Store
from tests.data.published import write_miracl
from tests.golden.tiny_encoder import tiny_encoder
from tests.processes import ON_CPU, run_python

PROFILE = """
title: tiny
training:
  backbone: backbone
  corpus: cldr
  num_steps: 4
  batch_size: 8
  learning_rate: 0.001
  warmup_steps: 0
  num_validation_pairs: 16
  evaluation_steps: 4
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


def test_two_processes_train_and_score_as_one_does(tmp_path):
    on_disk.save(tiny_encoder(), tmp_path / "backbone")
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "tiny.yaml").write_text(PROFILE)
    (tmp_path / "program.py").write_text(PROGRAM)
    for language in miracl.LANGUAGES:
        write_miracl(tmp_path / "mirror", language, num_files=1, num_passages=9)
    name, folders, norms = "hybrid-0.5-seed0", [], []
    for num_processes in (1, 2):
        folder = tmp_path / f"processes-{num_processes}"
        folder.mkdir()
        for shared in ("backbone", "profiles"):
            (folder / shared).symlink_to(tmp_path / shared)
        variables = ON_CPU | {"HYBRIDLIB_MIRROR": str(tmp_path / "mirror")}
        options = {"cwd": folder, "num_processes": num_processes, **variables}
        printed, _ = (
            run_python(tmp_path / "program.py", step, "tiny", name, **options)
            for step in ("train", "evaluate")
        )
        norms.append([float(x) for x in re.findall(r"'grad_norm': '?([\d.e-]+)", printed)])
        folders.append(folder / "results" / "tiny")
    assert len(norms[0]) == 4
    np.testing.assert_allclose(norms[1], norms[0], rtol=2e-3)
    one, two = (Store().load(folder / "training" / name) for folder in folders)
    assert one.key == two.key
    np.testing.assert_allclose(
        one.scores["loss"].astype(float), two.scores["loss"].astype(float), rtol=1e-4
    )
    for benchmark in ("cldr", "miracl"):
        one, two = (Store().load(folder / benchmark / name) for folder in folders)
        pd.testing.assert_frame_equal(one.scores, two.scores, atol=0.02)
    assert len(one.scores) == 2 * len(miracl.LANGUAGES)
    assert not list((folder / "build" / "vectors").rglob("*.npy"))
