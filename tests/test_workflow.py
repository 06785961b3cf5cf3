"""What the workflow would make; nothing is run."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def to_be_made(folder):
    command = [sys.executable, "-m", "snakemake", "--dry-run", "--nolock", "--", "book"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    outputs = re.findall(r"^    output: (.*)$", done.stdout, re.M)
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
    for source in (*sources, ROOT / "_config.yml", *committed):
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
    [
        "results/quick/cldr/x-x-*/run.json",
        "build/executed/*.ipynb",
        "build/notebooks/train.ipynb",  # of no page, for papermill
    ],
)
def test_a_deleted_result_page_or_figure_is_made_again(workplace, pattern):
    deleted = next(workplace.glob(pattern))
    time = deleted.stat().st_mtime
    deleted.unlink()
    assert deleted.relative_to(workplace).as_posix() in to_be_made(workplace)
    deleted.touch()
    os.utime(deleted, (time, time))


def test_the_table_of_contents_is_made_by_a_python_whose_path_has_a_blank(workplace, tmp_path):
    environment = tmp_path / "my prôjects"
    environment.symlink_to(sys.prefix)
    contents = workplace / "build" / "toc.yml"
    contents.unlink()
    command = [environment / "bin" / "python", "-m", "snakemake", "--cores", "1", "--nolock"]
    subprocess.run(
        [*command, "--", "build/toc.yml"],
        cwd=workplace, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=True,
    )  # fmt: skip
    assert contents.read_text(encoding="utf-8").startswith("format: jb-book\n")
