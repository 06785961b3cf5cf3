import hashlib
import subprocess
import threading
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from hybridlib.data.fetch import download


@pytest.fixture
def server(tmp_path):
    """A host on this machine that publishes one file."""
    folder = tmp_path / "published"
    folder.mkdir()
    (folder / "data.txt").write_text("the data")
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as host:
        threading.Thread(target=host.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{host.server_port}/data.txt"
        host.shutdown()


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.delenv("HYBRIDLIB_MIRROR", raising=False)
    monkeypatch.setenv("HYBRIDLIB_CACHE", str(tmp_path / "cache"))
    download.is_reachable.cache_clear()


CHECKSUM = hashlib.sha256(b"the data").hexdigest()


def test_a_file_is_downloaded_once_and_verified(server, monkeypatch):
    first = download.fetch("set/data.txt", server, CHECKSUM)
    assert first.read_text() == "the data"
    monkeypatch.setattr(download, "is_reachable", lambda _: False)
    assert download.fetch("set/data.txt", server, CHECKSUM) == first
    first.write_text("other data")
    with pytest.raises(ValueError, match="delete it: it will be downloaded again"):
        download.fetch("set/data.txt", server, CHECKSUM)


def test_a_download_of_another_checksum_leaves_nothing(server, tmp_path):
    with pytest.raises(ValueError, match="hash"):
        download.fetch("set/data.txt", server, "0" * 64)
    assert not list((tmp_path / "cache").rglob("data.txt"))


def test_a_package_that_is_not_installed_is_read_from_its_wheel(tmp_path, monkeypatch):
    def download_wheel(command, **_):
        folder = command[command.index("--dest") + 1]
        with zipfile.ZipFile(f"{folder}/some_package-1.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr("some_package/data.txt", "the data")
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(download.subprocess, "run", download_wheel)
    file = download.package_file("some-package", "1.0", "some_package/data.txt", CHECKSUM)
    assert file.read_text() == "the data"
    file.write_text("other data")
    with pytest.raises(ValueError, match="delete it: it will be downloaded again"):
        download.package_file("some-package", "1.0", "some_package/data.txt", CHECKSUM)
    with pytest.raises(ValueError, match=r"1\.0 of the package index has no other\.txt"):
        download.package_file("some-package", "1.0", "other.txt", CHECKSUM)


def test_a_package_that_the_index_lacks_names_the_command(monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    with pytest.raises(ConnectionError, match="pip could not download no-such-package-hybrid==1"):
        download.package_file("no-such-package-hybrid", "1", "x", CHECKSUM)
