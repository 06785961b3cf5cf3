import subprocess

import pytest

from study.store import provenance


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A repository with the module and a result, whose commit the provenance names."""
    for name in ("study/store/provenance.py", "results/run.json"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("one\n")
    identity = ["-c", "user.name=me", "-c", "user.email=me@example.org"]
    for command in (["init", "-q"], ["add", "."], [*identity, "commit", "-qm", "first"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    monkeypatch.setattr(provenance, "__file__", str(tmp_path / "study/store/provenance.py"))
    return tmp_path


def test_a_run_that_replaces_a_result_is_of_the_commit_and_one_of_changed_code_is_not(checkout):
    head = ["git", "rev-parse", "--short=12", "HEAD"]
    commit = subprocess.run(head, cwd=checkout, capture_output=True, text=True).stdout.strip()
    (checkout / "results/run.json").write_text("two\n")
    assert provenance.describe({}, 1)["commit"] == commit
    (checkout / "study/store/provenance.py").write_text("two\n")
    assert provenance.describe({}, 1)["commit"] == f"{commit}-dirty"


def test_without_a_repository_there_is_no_commit(tmp_path, monkeypatch):
    monkeypatch.setattr(provenance, "__file__", str(tmp_path / "study/store/provenance.py"))
    assert provenance.describe({}, 1)["commit"] == "not a git checkout"
