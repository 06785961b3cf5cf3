import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import hybridlib
import study
from study.store.key import VERSIONS, run_key

PARAMETERS = {"alpha": 0.5, "seed": 0, "sampler": "hybrid"}
REVISIONS = {"corpus": "r1", "backbone": "r2"}
COMPUTATIONS = ["sampling", "training"]
OF_THE_SAME = (
    "from study.store import key; "
    f"print(key.__file__, key.run_key({PARAMETERS}, {REVISIONS}, {COMPUTATIONS}))"
)


def of(parameters=PARAMETERS, revisions=REVISIONS, computations=COMPUTATIONS):
    return run_key(parameters, revisions, computations)


def test_a_key_follows_parameters_revisions_and_computations():
    others = [
        of(PARAMETERS | {"alpha": 0.6}),
        of(PARAMETERS | {"alpha": "0.5"}),
        of(PARAMETERS | {"more": 1}),
        of(revisions=REVISIONS | {"corpus": "r3"}),
        of(revisions={"corpus": "r2", "backbone": "r1"}),
        of(computations=["sampling"]),
    ]
    assert len({of(), *others}) == 1 + len(others)


def test_neither_the_order_of_names_nor_that_of_computations_is_in_a_key():
    backwards = dict(reversed(PARAMETERS.items()))
    assert of(backwards, dict(reversed(REVISIONS.items())), COMPUTATIONS[::-1]) == of()


@pytest.mark.parametrize("name", VERSIONS)
def test_a_raised_version_changes_the_keys_that_have_it_and_no_other(name, monkeypatch):
    without = [other for other in VERSIONS if other != name]
    before = of(computations=[name]), of(computations=without)
    monkeypatch.setitem(VERSIONS, name, VERSIONS[name] + 1)
    assert of(computations=[name]) != before[0]
    assert of(computations=without) == before[1]


def test_a_key_does_not_depend_on_source(tmp_path):
    for package in (hybridlib, study):
        shutil.copytree(Path(package.__file__).parent, tmp_path / package.__name__)
    for file in tmp_path.rglob("*.py"):
        file.write_text(ast.unparse(ast.parse(file.read_text())) + "\n_refactored = True\n")
    command = [sys.executable, "-c", OF_THE_SAME]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert found.stdout.rsplit(maxsplit=1) == [str(tmp_path / "study/store/key.py"), of()]


def test_an_unknown_computation_is_refused():
    with pytest.raises(KeyError, match="guessing"):
        of(computations=["guessing"])
