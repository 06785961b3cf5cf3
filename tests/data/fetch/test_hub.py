import httpx2
import pytest
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    LocalEntryNotFoundError,
    RepositoryNotFoundError,
)

from hybridlib.data.fetch import hub

FILE = ("demo", "owner/demo", "data/train.tsv")


@pytest.fixture(autouse=True)
def mirror_of_other_data(tmp_path, monkeypatch):
    (tmp_path / "other").mkdir()
    monkeypatch.setenv("HYBRIDLIB_MIRROR", str(tmp_path))


@pytest.mark.parametrize("is_online", [True, False])
def test_the_hub_is_asked_for_a_file_that_the_mirror_lacks(monkeypatch, is_online):
    asked = {}

    def download(repository, path, **options):
        asked.update(options, repository=repository, path=path)
        return "/cached/train.tsv"

    monkeypatch.setattr(hub, "is_reachable", lambda _: is_online)
    monkeypatch.setattr(hub, "hf_hub_download", download)
    assert str(hub.fetch_from_hub(*FILE)) == "/cached/train.tsv"
    assert asked == {
        "repository": "owner/demo",
        "path": "data/train.tsv",
        "repo_type": "dataset",
        "local_files_only": not is_online,
    }


RESPONSE = httpx2.Response(401, request=httpx2.Request("GET", "https://huggingface.co"))


@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        (
            GatedRepoError("no", response=RESPONSE),
            PermissionError,
            "owner/demo is gated.*accept its",
        ),
        (
            RepositoryNotFoundError("no", response=RESPONSE),
            FileNotFoundError,
            "has no file data/train.tsv, or is private.*hf auth",
        ),
        (EntryNotFoundError("no"), FileNotFoundError, "no file data/train.tsv, or is private"),
        (LocalEntryNotFoundError("no"), ConnectionError, "is not at hand"),
        (HfHubHTTPError("500", response=RESPONSE), ConnectionError, r"does not give it \(500"),
    ],
)
def test_what_the_hub_refuses_is_said_with_the_way_out(monkeypatch, error, kind, message):
    def refuse(*_, **__):
        raise error

    monkeypatch.setattr(hub, "is_reachable", lambda _: True)
    monkeypatch.setattr(hub, "hf_hub_download", refuse)
    with pytest.raises(kind, match=rf"{message}.*demo/data/train\.tsv in a folder named in HYBRID"):
        hub.fetch_from_hub(*FILE)


def test_the_next_repository_is_asked_where_the_first_refuses(monkeypatch):
    asked = []

    def download(repository, path, **_):
        asked.append(repository)
        if repository == "owner/gated":
            raise GatedRepoError("no", response=RESPONSE)
        return f"/cached/{path}"

    monkeypatch.delenv("HYBRIDLIB_MIRROR")
    monkeypatch.setattr(hub, "is_reachable", lambda _: True)
    monkeypatch.setattr(hub, "hf_hub_download", download)
    found = hub.fetch_first("demo", ["owner/gated", "owner/open"], "x.tsv")
    assert (str(found), asked) == ("/cached/x.tsv", ["owner/gated", "owner/open"])
