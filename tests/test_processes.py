"""Whole runs by one process and by two under torchrun: ``python -m study``."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from transformers import XLMRobertaConfig, XLMRobertaModel

from hybridlib.data import miracl
from hybridlib.models import on_disk
from hybridlib.models.encoder import DualEncoder, TextSettings
from study.store.runs import Store

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
def workplace(tmp_path_factory, tokenizer):
    """A folder with a profile, a tiny XLM-R without dropout, and a small MIRACL."""
    folder = tmp_path_factory.mktemp("workplace")
    config = XLMRobertaConfig(
        vocab_size=len(tokenizer), hidden_size=32, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=64, max_position_embeddings=130,
        hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
    )  # fmt: skip
    settings = TextSettings("Query: ", "Passage: ", 64, 64)
    encoder = DualEncoder(XLMRobertaModel(config, add_pooling_layer=False), tokenizer, settings)
    on_disk.save(encoder, folder / "backbone")
    (folder / "profiles").mkdir()
    (folder / "profiles" / "tiny.yaml").write_text(PROFILE)
    (folder / "program.py").write_text(PROGRAM)
    for language in miracl.LANGUAGES:
        version = f"miracl-v1.0-{language}"
        write(folder, f"{version}/topics/topics.{version}-dev.tsv", b"7\ttext 6?\n")
        write(folder, f"{version}/qrels/qrels.{version}-dev.tsv", b"7\tQ0\t6#0\t1\n")
        passages = [{"docid": f"{i}#0", "title": f"T{i}", "text": language} for i in range(9)]
        lines = "".join(json.dumps(passage) + "\n" for passage in passages)
        corpus = f"miracl-corpus-v1.0-{language}/docs-0.jsonl.gz"
        write(folder, corpus, gzip.compress(lines.encode()))
    return folder


def write(folder, path, content):
    file = folder / "mirror" / "miracl" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def run(workplace, num_processes, *arguments):
    """Do a run in a folder of its own; return its results."""
    folder = workplace / f"processes-{num_processes}"
    folder.mkdir(exist_ok=True)
    for name in ("backbone", "profiles"):
        if not (folder / name).exists():
            (folder / name).symlink_to(workplace / name)
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
        command = [*start, workplace / "program.py", step, "tiny", *arguments]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
        if done.returncode:
            break
    return folder / "results" / "tiny", done


def test_two_processes_train_and_score_as_one_does(workplace):
    name = "hybrid-0.5-seed0"
    folders = []
    for num_processes in (1, 2):
        folder, done = run(workplace, num_processes, name)
        assert done.returncode == 0, done.stderr[-3000:]
        folders.append(folder)
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


def test_a_cluster_gets_one_job_a_run_and_benchmark_with_its_gpus():
    command = [
        sys.executable, "-m", "snakemake", "--dry-run", "--nolock",
        "--workflow-profile", "profiles/slurm",
        "--config", "profile=paper-xlm-r", "processes=4", "--", "runs",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    trainings, evaluations = (
        [job.partition("\nrule ")[0] for job in done.stdout.split(f"rule {rule}:")[1:]]
        for rule in ("train", "evaluate")
    )
    assert len(trainings) == 9
    assert len(evaluations) == 30  # of nine trainings and the untrained start, on three benchmarks
    assert all("gres=gpu:4" in job and "runtime=4320" in job for job in trainings + evaluations)
    output = "output: results/paper-xlm-r/miracl/x-y-seed1"
    searched = next(job for job in evaluations if output in job)
    assert "results/paper-xlm-r/training/x-y-seed1/run.json" in searched.split("output:")[0]
