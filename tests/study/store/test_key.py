import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import hybridlib
import study
from study.store.key import VERSIONS, run_key

PARAMETERS, REVISIONS, COMPUTATIONS = {"alpha": 0.5}, {"corpus": "r1"}, ["sampling", "training"]
OF_THE_SAME = (
    "from study.store import key; "
    f"print(key.__file__, key.run_key({PARAMETERS}, {REVISIONS}, {COMPUTATIONS}))"
)


@pytest.mark.parametrize("name", VERSIONS)
def test_a_raised_version_changes_the_keys_that_have_it_and_no_other(name, monkeypatch):
    without = [other for other in VERSIONS if other != name]
    before = [run_key({}, {}, computations) for computations in ([name], without)]
    monkeypatch.setitem(VERSIONS, name, VERSIONS[name] + 1)
    assert run_key({}, {}, [name]) != before[0]
    assert run_key({}, {}, without) == before[1]


def test_a_key_does_not_depend_on_source(tmp_path):
    for package in (hybridlib, study):
        shutil.copytree(Path(package.__file__).parent, tmp_path / package.__name__)
    for file in tmp_path.rglob("*.py"):
        file.write_text(ast.unparse(ast.parse(file.read_text())) + "\n_refactored = True\n")
    command = [sys.executable, "-c", OF_THE_SAME]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    expected = run_key(PARAMETERS, REVISIONS, COMPUTATIONS)
    assert found.stdout.rsplit(maxsplit=1) == [str(tmp_path / "study/store/key.py"), expected]


def test_an_unknown_computation_is_refused():
    with pytest.raises(KeyError, match="guessing"):
        run_key({}, {}, ["guessing"])
