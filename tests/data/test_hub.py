from types import SimpleNamespace

import pytest
from huggingface_hub import errors

from hybridlib.data import hub

ANSWER = SimpleNamespace(headers={}, request=None)


def refuse(monkeypatch, refusals, tmp_path):
    """A hub whose repositories answer with these errors, the others with a file."""
    asked = []

    def download(repository, path, repo_type):
        assert repo_type == "dataset"
        asked.append((repository, path))
        if repository in refusals:
            raise refusals[repository]
        return str(tmp_path / path)

    monkeypatch.delenv("HYBRIDLIB_MIRROR", raising=False)
    monkeypatch.setattr(hub, "hf_hub_download", download)
    return asked


GATED = errors.GatedRepoError("403", response=ANSWER)
ABSENT = errors.RepositoryNotFoundError("404", response=ANSWER)
NO_ENTRY = errors.RemoteEntryNotFoundError("404", response=ANSWER)


@pytest.mark.parametrize("refusal", [GATED, ABSENT])
def test_an_open_copy_is_asked_where_the_first_repository_refuses(monkeypatch, tmp_path, refusal):
    asked = refuse(monkeypatch, {"a/gated": refusal}, tmp_path)
    assert hub.fetch_files("data", ["a/gated", "b/open"], ["x", "y"]) == [
        tmp_path / "x",
        tmp_path / "y",
    ]
    assert asked == [("a/gated", "x"), ("b/open", "x"), ("b/open", "y")]


@pytest.mark.parametrize(
    ("refusal", "kind", "message"),
    [
        (GATED, PermissionError, "a/b is gated: accept its terms at https://.*, then log in with"),
        (ABSENT, ConnectionError, "a/b does not exist on the hub or is not public"),
        (NO_ENTRY, FileNotFoundError, r"a/b has no file x\.tsv: see https://.*HYBRIDLIB_MIRROR"),
        (OSError("no route"), ConnectionError, r"x\.tsv of a/b could not be downloaded \(no rou"),
        (
            errors.LocalEntryNotFoundError("offline"),
            ConnectionError,
            r"x\.tsv of a/b could not be downloaded \(offline",
        ),
    ],
)
def test_a_refusal_names_the_repository_and_the_way_out(
    monkeypatch, tmp_path, refusal, kind, message
):
    refuse(monkeypatch, {"a/b": refusal}, tmp_path)
    with pytest.raises(kind, match=message):
        hub.fetch_files("data", ["a/b"], ["x.tsv"])


def test_a_folder_is_taken_from_the_hub_or_the_mirror(monkeypatch, tmp_path):
    for path in ("README.md", "sw-corpus/b.parquet", "sw-corpus/a.parquet", "sw-qrels/c.parquet"):
        (tmp_path / "data" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / path).touch()
    expected = [tmp_path / "data" / "sw-corpus" / f"{name}.parquet" for name in "ab"]
    monkeypatch.delenv("HYBRIDLIB_MIRROR", raising=False)
    monkeypatch.setattr(hub, "snapshot_download", lambda *_, **__: str(tmp_path / "data"))
    assert hub.fetch_folder("data", "a/b", "sw-corpus", ".parquet") == expected
    monkeypatch.setenv("HYBRIDLIB_MIRROR", str(tmp_path))
    monkeypatch.setattr(hub, "snapshot_download", None)
    assert hub.fetch_folder("data", "a/b", "sw-corpus", ".parquet") == expected
    with pytest.raises(FileNotFoundError, match=r"data has no te-corpus/\*\.parquet: .* a/b"):
        hub.fetch_folder("data", "a/b", "te-corpus", ".parquet")


@pytest.mark.parametrize("refusal", [GATED, errors.LocalEntryNotFoundError("offline")])
def test_a_folder_that_is_refused_names_the_repository(monkeypatch, refusal):
    def refusing(*_, **__):
        raise refusal

    monkeypatch.delenv("HYBRIDLIB_MIRROR", raising=False)
    monkeypatch.setattr(hub, "snapshot_download", refusing)
    with pytest.raises(OSError, match=r"a/b is gated|sw-corpus of a/b could not be downloaded"):
        hub.fetch_folder("data", "a/b", "sw-corpus", ".parquet")
