"""What the workflow would make; nothing is run."""

import os
import re

import pytest

from tests.processes import ROOT, run_python

SNAKEMAKE = "-m", "snakemake", "--nolock"


def to_be_made(folder):
    said = run_python(*SNAKEMAKE, "--dry-run", "--", "book", cwd=folder)
    outputs = re.findall(r"^    output: (.*)$", said, re.M)
    return {file.removesuffix(" (update)") for line in outputs for file in line.split(", ")}


@pytest.fixture(scope="module")
def workplace(tmp_path_factory):
    """A folder in which everything of the book has been made, each file empty, at one time."""
    folder = tmp_path_factory.mktemp("workplace")
    (folder / "results").mkdir()
    committed = [path for path in (ROOT / "results").iterdir() if path.name != "quick"]
    sources = (
        ROOT / name for name in ("Snakefile", "profiles", "book", "hybridlib", "study", "notebooks")
    )
    for source in (*sources, ROOT / "_config.yml", ROOT / "_toc.yml", *committed):
        (folder / source.relative_to(ROOT)).symlink_to(source)
    made = [folder / file for file in to_be_made(folder)]
    for file in made:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    now = max(file.stat().st_mtime for file in made)
    for file in made:
        os.utime(file, (now, now))
    return folder


def test_what_is_made_is_not_made_again(workplace):
    assert to_be_made(workplace) == set()


@pytest.mark.parametrize(
    "pattern",
    ["results/quick/cldr/x-x-*/run.json", "build/executed/*.ipynb", "build/notebooks/train.ipynb"],
)
def test_a_deleted_result_page_or_figure_is_made_again(workplace, pattern):
    deleted = next(workplace.glob(pattern))
    time = deleted.stat().st_mtime
    deleted.unlink()
    assert deleted.relative_to(workplace).as_posix() in to_be_made(workplace)
    deleted.touch()
    os.utime(deleted, (time, time))


def test_a_cluster_gets_one_job_a_run_and_benchmark_with_its_gpus():
    cluster = ["--workflow-profile", "profiles/slurm"]
    config = ["--config", "profile=paper-xlm-r", "processes=4"]
    said = run_python(*SNAKEMAKE, "--dry-run", *cluster, *config, "--", "runs")
    trainings, evaluations = (
        [job.partition("\nrule ")[0] for job in said.split(f"rule {rule}:")[1:]]
        for rule in ("train", "evaluate")
    )
    assert len(trainings) == 9
    assert len(evaluations) == 30  # of nine trainings and the untrained start, on three benchmarks
    assert all("gres=gpu:4" in job and "runtime=4320" in job for job in trainings + evaluations)
    output = "output: results/paper-xlm-r/miracl/x-y-seed1"
    searched = next(job for job in evaluations if output in job)
    assert "results/paper-xlm-r/training/x-y-seed1/run.json" in searched.split("output:")[0]
