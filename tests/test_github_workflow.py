"""The workflow for GitHub: valid, the README's commands, and no more rights than it needs."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.specifiers import SpecifierSet

from tests.processes import ROOT

FILE = ROOT / ".github" / "workflows" / "book.yml"
TEXT = FILE.read_text()
JOBS = yaml.safe_load(TEXT)["jobs"]
STEPS = [step for job in JOBS.values() for step in job["steps"]]
MATRIX = JOBS["build"]["strategy"]["matrix"]["include"]
FOR_MAIN = "github.event_name == 'push' && github.ref == 'refs/heads/main'"


def problems_of(file):
    """What zizmor says of a workflow: its form, and what could be turned against the repository."""
    policy = str(ROOT / ".github" / "zizmor.yml")
    zizmor = str(Path(sys.executable).with_name("zizmor"))
    command = [zizmor, "--offline", "--no-progress", "--config", policy, str(file)]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout + done.stderr if done.returncode else ""


def test_the_workflow_is_valid_and_safe():
    assert problems_of(FILE) == ""
    assert all(job.get("needs", "build") in JOBS for job in JOBS.values())
    used = [step["uses"] for step in STEPS if "uses" in step]
    assert used and all(re.fullmatch(r"actions/[\w-]+@v\d+", action) for action in used)


@pytest.mark.parametrize(
    ("right", "wrong", "found"),
    [
        ("runs-on", "run-on", "does not match expected validation schema"),
        ("persist-credentials: false", "fetch-depth: 1", "artipacked"),
        ("actions/checkout@v4", "somebody/checkout@v4", "unpinned-uses"),
        ("permissions:\n  contents: read", "permissions: write-all", "excessive-permissions"),
        ("make book", "make ${{ github.head_ref }}", "template-injection"),
    ],
)
def test_a_broken_key_and_an_open_door_are_found(tmp_path, right, wrong, found):
    assert right in TEXT
    broken = tmp_path / "book.yml"
    broken.write_text(TEXT.replace(right, wrong, 1))
    assert found in problems_of(broken)


def test_it_runs_the_readmes_two_commands():
    commands = [step["run"] for step in STEPS if "run" in step]
    readme = (ROOT / "README.md").read_text().partition("## Two commands")[2]
    assert commands == re.findall(r"^make \w+", readme.partition("## ")[0], re.M)
    makefile = (ROOT / "Makefile").read_text()
    for command in commands:
        assert re.search(rf"^{command.removeprefix('make ')}:", makefile, re.M)


def test_the_book_is_published_from_main_alone_with_the_rights_that_takes():
    assert yaml.safe_load(TEXT)["permissions"] == {"contents": "read"}
    assert "permissions" not in JOBS["build"]
    assert JOBS["publish"]["if"] == FOR_MAIN
    assert JOBS["publish"]["permissions"] == {"pages": "write", "id-token": "write"}
    (upload,) = [step for step in STEPS if "upload" in step.get("uses", "")]
    assert upload["if"] == f"{FOR_MAIN} && matrix.python == '3.11'"
    assert [where["python"] for where in MATRIX].count("3.11") == 1
    assert upload["with"]["path"] == "_build/html"
    assert "secrets." not in TEXT


def test_it_builds_on_every_python_and_kind_of_machine_that_the_readme_names():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    taken = SpecifierSet(project["requires-python"])
    assert {where["python"] for where in MATRIX} == {
        version for version in (f"3.{minor}" for minor in range(20)) if version in taken
    }
    machines = {"ubuntu-latest", "ubuntu-24.04-arm", "macos-latest"}
    assert {where["os"] for where in MATRIX} == machines
