"""The Makefile: which Python it takes, and in which folders it works. Nothing is installed."""

import shlex
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tests.processes import ROOT

TAKEN = SpecifierSet(
    tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
)
VERSIONS = [f"3.{minor}" for minor in range(9, 16)]


def write_script(file, *lines):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(["#!/bin/sh", *lines]))
    file.chmod(0o755)


@pytest.fixture
def make(tmp_path):
    """Run make in a folder with a blank and an accent, with none but our Pythons on the PATH."""
    folder, programs = tmp_path / "my prôjects", tmp_path / "programs"
    folder.mkdir()
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    programs.mkdir()
    for name in ("sh", "getconf", "touch"):
        (programs / name).symlink_to(shutil.which(name))

    def run(*words, **pythons):
        for name, version in pythons.items():
            acting = (
                f"import sys; sys.version_info = ({version.replace('.', ', ')}); exec(sys.argv[1])"
            )
            write_script(
                programs / name.replace("_", "."),
                f'if [ "$1" = -m ]; then echo making with {name}; exit; fi',
                f"exec {shlex.quote(sys.executable)} -c '{acting}' \"$2\"",
            )
        done = subprocess.run(
            [shutil.which("make"), *words],
            cwd=folder, env={"PATH": str(programs)}, capture_output=True, text=True,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    run.folder = folder
    return run


@pytest.mark.parametrize("version", VERSIONS)
def test_the_python3_that_is_there_is_taken_if_pyproject_takes_it(make, version):
    _, said = make(".venv/installed", python3=version)
    assert ("making with python3" in said) == (version in TAKEN)
    assert ("is needed, found none. Way out" in said) == (version not in TAKEN)


def test_another_python_is_taken_where_python3_does_not_fit(make):
    assert "making with python3_12" in make(".venv/installed", python3="3.9", python3_12="3.12")[1]


def test_a_python_that_is_named_and_does_not_fit_is_told_before_anything_is_made(make):
    code, said = make("book", "PYTHON=python3", python3="3.9")
    assert code
    assert said.startswith("Python 3.11, 3.12 or 3.13 is needed, found python3. Way out: ")
    assert not (make.folder / ".venv").exists()


def test_a_blank_and_an_accent_in_the_path_do_no_harm(make):
    write_script(make.folder / ".venv/bin/python", 'echo python "$@"')
    write_script(make.folder / ".venv/bin/snakemake", 'echo snakemake "$@"')
    code, said = make("book", python3="3.11")
    assert code == 0, said
    assert "making with python3" in said
    assert "snakemake --cores" in said
    assert (make.folder / ".venv/installed").is_file()


@pytest.mark.parametrize("version", [version for version in VERSIONS if version in TAKEN])
def test_what_a_pinned_package_needs_is_pinned_on_every_python(version):
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    pins = {
        canonicalize_name(pin.name): pin
        for pin in (Requirement(line) for line in lines if not line.startswith("#"))
    }
    python = {"python_version": version, "python_full_version": f"{version}.0", "extra": ""}
    asked = {}
    for name, pin in pins.items():
        if pin.marker is None or pin.marker.evaluate():
            needs = (Requirement(need) for need in metadata.requires(name) or [])
            asked |= {
                (canonicalize_name(need.name), name): need
                for need in needs if need.marker is None or need.marker.evaluate(python)
            }  # fmt: skip
    assert len(asked) > len(pins)
    for (name, asking), need in asked.items():
        assert name in pins, f"{asking} needs {need}"
        pin = pins[name]
        assert pin.marker is None or pin.marker.evaluate(python), f"{asking} needs {need}"
        assert next(iter(pin.specifier)).version in need.specifier, f"{asking} needs {need}"
