from unittest.mock import Mock

import httpx2
import pytest
from huggingface_hub import errors

from hybridlib.data.fetch import hub

FILE = ("demo", "owner/demo", "data/train.tsv")


@pytest.fixture(autouse=True)
def mirror_of_other_data(tmp_path, monkeypatch):
    (tmp_path / "other").mkdir()
    monkeypatch.setenv("HYBRIDLIB_MIRROR", str(tmp_path))


@pytest.mark.parametrize("is_online", [True, False])
def test_the_hub_is_asked_for_a_file_that_the_mirror_lacks(monkeypatch, is_online):
    download = Mock(return_value="/cached/train.tsv")
    monkeypatch.setattr(hub, "is_reachable", lambda _: is_online)
    monkeypatch.setattr(hub, "hf_hub_download", download)
    assert str(hub.fetch_from_hub(*FILE)) == "/cached/train.tsv"
    options = {"repo_type": "dataset", "local_files_only": not is_online}
    download.assert_called_once_with("owner/demo", "data/train.tsv", **options)


def refusal(kind):
    request = httpx2.Request("GET", "https://huggingface.co")
    return kind("500", response=httpx2.Response(401, request=request))


GATED = refusal(errors.GatedRepoError)
NO_REPOSITORY = refusal(errors.RepositoryNotFoundError)


@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        (GATED, PermissionError, "owner/demo is gated.*accept its"),
        (NO_REPOSITORY, FileNotFoundError, "has no file data/train.tsv, or is private.*hf auth"),
        (errors.EntryNotFoundError("no"), FileNotFoundError, "no file data/train.tsv, or is priv"),
        (errors.LocalEntryNotFoundError("no"), ConnectionError, "is not at hand"),
        (refusal(errors.HfHubHTTPError), ConnectionError, r"does not give it \(500"),
    ],
)
def test_what_the_hub_refuses_is_said_with_the_way_out(monkeypatch, error, kind, message):
    monkeypatch.setattr(hub, "is_reachable", lambda _: True)
    monkeypatch.setattr(hub, "hf_hub_download", Mock(side_effect=error))
    with pytest.raises(kind, match=rf"{message}.*demo/data/train\.tsv in a folder named in HYBRID"):
        hub.fetch_from_hub(*FILE)


def test_the_next_repository_is_asked_where_the_first_refuses(monkeypatch):
    download = Mock(side_effect=[GATED, "/cached/x.tsv"])
    monkeypatch.delenv("HYBRIDLIB_MIRROR")
    monkeypatch.setattr(hub, "is_reachable", lambda _: True)
    monkeypatch.setattr(hub, "hf_hub_download", download)
    found = hub.fetch_first("demo", ["owner/gated", "owner/open"], "x.tsv")
    asked = [call.args for call in download.call_args_list]
    assert str(found) == "/cached/x.tsv"
    assert asked == [("owner/gated", "x.tsv"), ("owner/open", "x.tsv")]
