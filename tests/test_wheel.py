"""A first visit: the wheel in an environment that has what the wheel asks for and nothing else."""

import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from importlib import metadata

import pytest
from packaging.requirements import Requirement

from hybridlib.models import on_disk
from tests.processes import ROOT

SOURCES = "hybridlib", "study", "pyproject.toml", "README.md", "LICENSE"
SNIPPETS = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.S)
EXTRAS = "hybridlib.integrations.mteb", "hybridlib.integrations.ir_measures"
ALONE = f"""
import importlib, pkgutil, hybridlib

for module in pkgutil.walk_packages(hybridlib.__path__, "hybridlib."):
    if not module.name.startswith({EXTRAS}):
        importlib.import_module(module.name)
for name in ("study", "book", "seaborn", "mteb"):
    assert importlib.util.find_spec(name) is None, name
"""
TRAINER = """
from sentence_transformers import (
    SentenceTransformer, SentenceTransformerTrainer, SentenceTransformerTrainingArguments,
)
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

model = SentenceTransformer("encoder", device="cpu")
loss = MultipleNegativesRankingLoss(model)
arguments = SentenceTransformerTrainingArguments(
    "out", max_steps=2, use_cpu=True, report_to="none", save_strategy="no"
)
"""


def run(*command, cwd, **options):
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd, env=environment | {"PIP_NO_INDEX": "1"}, capture_output=True, text=True, **options,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The built wheel; from a copy, as setuptools leaves files beside what it builds."""
    copy = tmp_path_factory.mktemp("copy")
    for name in SOURCES:
        take = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        take(ROOT / name, copy / name)
    options = ["--no-deps", "--no-build-isolation", "--quiet", "--wheel-dir", "dist"]
    run(sys.executable, "-m", "pip", "wheel", *options, ".", cwd=copy)
    (file,) = (copy / "dist").iterdir()
    return file


def find_needs(lines, extras, found):
    """Add all that requirements ask for, and what that asks for in turn."""
    for need in map(Requirement, lines):
        if need.marker is None or any(need.marker.evaluate({"extra": one}) for one in extras):
            key = need.name, frozenset(need.extras)
            if key not in found:
                found.add(key)
                find_needs(metadata.requires(need.name) or [], {"", *need.extras}, found)


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory):
    """A Python with the wheel, and links to the packages that it asks for."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps"]
    run(*pip, wheel, cwd=folder)
    (site,) = folder.glob("lib/*/site-packages")
    (distribution,) = metadata.distributions(path=[str(site)])
    found = set()
    find_needs(distribution.requires, {""}, found)
    for name, _ in found:
        parts = {file.parts[0] for file in metadata.files(name)} - {"..", "__pycache__"}
        for part in parts:
            if not (site / part).exists():
                (site / part).symlink_to(metadata.distribution(name).locate_file(part))
    return python


@pytest.fixture
def folder(make_encoder, pairs, tmp_path):
    """A visitor's: an encoder and a CSV."""
    on_disk.save(make_encoder(), tmp_path / "encoder")
    pairs.only(["de", "en"]).table.to_pandas().to_csv(tmp_path / "pairs.csv", index=False)
    return tmp_path


def test_the_wheel_holds_the_library_alone(wheel):
    with zipfile.ZipFile(wheel) as archive:
        first = {name.partition("/")[0] for name in archive.namelist()}
        modules = {name for name in archive.namelist() if name.endswith(".py")}
    assert first == {"hybridlib", f"hybridlib-{metadata.version('hybridlib')}.dist-info"}
    assert modules == {str(file.relative_to(ROOT)) for file in ROOT.glob("hybridlib/**/*.py")}


def test_what_the_wheel_asks_for_is_enough_to_import_and_to_train(python, folder):
    (snippet,) = [one for one in SNIPPETS if "LanguageBatchSampler" in one]
    trained = "trainer.train()\nassert trainer.state.global_step == 2\n"
    run(python, "-c", ALONE + TRAINER + snippet + trained, cwd=folder)


def test_an_audit_prints_its_table_and_writes_a_page_that_needs_no_other_file(python, folder):
    hybridlib = python.with_name("hybridlib")
    printed = run(hybridlib, "audit", "encoder", "--pairs", "pairs.csv", cwd=folder)
    assert re.search(r"^pairs.csv +de +\d\.\d{3}", printed, re.M)
    assert printed.endswith("audit-encoder/audit.html\n")
    page = (folder / "audit-encoder" / "audit.html").read_text("utf-8")
    assert "<h2>pairs.csv</h2>" in page
    assert not re.findall(r"""(?:src|href)=["'](?!data:)""", page)
