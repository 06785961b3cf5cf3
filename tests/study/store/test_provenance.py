import subprocess

from study.store import provenance


def test_a_replaced_result_is_of_the_commit_and_changed_code_is_not(tmp_path, monkeypatch):
    for name in ("study/store/provenance.py", "results/run.json"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("one\n")
    identity = ["-c", "user.name=me", "-c", "user.email=me@example.org"]
    for command in (["init", "-q"], ["add", "."], [*identity, "commit", "-qm", "first"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    monkeypatch.setattr(provenance, "__file__", str(tmp_path / "study/store/provenance.py"))
    head = ["git", "rev-parse", "--short=12", "HEAD"]
    commit = subprocess.run(head, cwd=tmp_path, capture_output=True, text=True).stdout.strip()
    (tmp_path / "results/run.json").write_text("two\n")
    assert provenance.describe({}, 1)["commit"] == commit
    (tmp_path / "study/store/provenance.py").write_text("two\n")
    assert provenance.describe({}, 1)["commit"] == f"{commit}-dirty"


def test_without_a_repository_there_is_no_commit(tmp_path, monkeypatch):
    monkeypatch.setattr(provenance, "__file__", str(tmp_path / "study/store/provenance.py"))
    assert provenance.describe({}, 1)["commit"] == "not a git checkout"
