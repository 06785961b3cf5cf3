"""What Debian's tools fetch; they are small scripts here, and a package is a tar file."""

import os
import subprocess
import sys
import tarfile

import pytest

from study.data import libreoffice_help, package_descriptions
from tests.processes import ROOT
from tests.study.data.test_libreoffice_help import fill_tree
from tests.study.data.test_package_descriptions import fill_lists

LANGUAGES = ("en", "de")
HELP = ["libreoffice-help-de", "libreoffice-help-en-us"]
DOWNLOAD = 'for package; do :; done; cp "$FILES/archive" "${package}_1%3a2.0-1_all.deb"'
UPDATE = """
for option; do case "$option" in Dir::State::Lists=*) lists=${option#*=};; esac; done
printf 'Label: Debian\\nCodename: stable\\nDate: today\\n' > "$lists/deb_stable_InRelease"
cp "$FILES"/lists/* "$lists/"
"""
APT_GET = f'case " $* " in *" download "*) {DOWNLOAD};; *) {UPDATE};; esac'
DPKG_DEB = 'mkdir "$3" && tar -xf "$2" -C "$3"'
KILL = "kill -9 $PPID && sleep 1"


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """Return a function that puts a script in the place of a tool."""
    fill_lists(tmp_path / "lists")
    with tarfile.open(tmp_path / "archive", "w") as tar:
        tar.add(fill_tree(tmp_path / "tree"), ".")
    tools = tmp_path / "bin"
    tools.mkdir()
    for variable in ("HYBRIDLIB_PRODUCT_HELP", "HYBRIDLIB_PACKAGE_DESCRIPTIONS"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("FILES", str(tmp_path))
    monkeypatch.setenv("HYBRIDLIB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tools), prepend=os.pathsep)

    def put(tool, script):
        (tools / tool).write_text(f"#!/bin/sh\n{script}\n")
        (tools / tool).chmod(0o755)

    put("apt-get", APT_GET)
    put("dpkg-deb", DPKG_DEB)
    return put


def kept(tmp_path):
    """What lies complete in the cache."""
    cache = tmp_path / "cache"
    packages = sorted((cache / "product-help/packages").glob("libreoffice*"))
    return [path.name for path in (*packages, *cache.glob("package-descriptions/indices"))]


@pytest.mark.parametrize(
    ("corpus", "names", "versions"),
    [
        (libreoffice_help, [f"{n}_1%3a2.0-1_all" for n in HELP], dict.fromkeys(HELP, "1:2.0-1")),
        (package_descriptions, ["indices"], {"Debian stable": "today"}),
    ],
)
def test_what_is_fetched_and_read_is_kept_and_its_version_told(
    machine, tmp_path, monkeypatch, corpus, names, versions
):
    assert corpus.versions() == {}
    first = corpus.load(LANGUAGES)
    assert len(first) == 1
    for tool in ("apt-get", "dpkg-deb"):
        machine(tool, "exit 1")
    monkeypatch.setattr(corpus, "pair_table", None)
    assert corpus.load(LANGUAGES[::-1]).revision == first.revision
    assert corpus.versions() == versions
    assert kept(tmp_path) == names


@pytest.mark.parametrize(
    ("corpus", "tool", "message"),
    [
        (libreoffice_help, "apt-get", "libreoffice-help-tr.*HYBRIDLIB_PRODUCT_HELP"),
        (libreoffice_help, "dpkg-deb", "libreoffice-help-tr.*HYBRIDLIB_PRODUCT_HELP"),
        (package_descriptions, "apt-get", "HYBRIDLIB_PACKAGE_DESC"),
    ],
)
def test_without_a_tool_the_way_out_is_told(machine, tmp_path, monkeypatch, corpus, tool, message):
    (tmp_path / "bin" / tool).unlink()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(FileNotFoundError, match=f"{tool} is not here.*{message}"):
        corpus.load()


@pytest.mark.parametrize(
    ("corpus", "message"),
    [
        (libreoffice_help, "libreoffice-help-de failed: {}.*sudo apt-get update.*the folder"),
        (package_descriptions, "no English descriptions: {}.*Way out"),
    ],
)
@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("echo 'E: no network' >&2; exit 100", "E: no network"),
        ("exit 0", "no message"),
        (f"{APT_GET}; echo 'E: no network' >&2; exit 100", "E: no network"),
    ],
)
def test_apt_gets_failure_is_told_and_not_kept(machine, tmp_path, corpus, message, script, reason):
    machine("apt-get", script)
    with pytest.raises(ConnectionError, match=message.format(reason)):
        corpus.load(LANGUAGES)
    assert kept(tmp_path) == []


def test_a_truncated_package_is_named_and_leaves_nothing(machine, tmp_path):
    archive = tmp_path / "archive"
    complete = archive.read_bytes()
    archive.write_bytes(complete[:700])
    with pytest.raises(ConnectionError, match=r"libreoffice-help-de_\S+\.deb is damaged"):
        libreoffice_help.load(LANGUAGES)
    assert kept(tmp_path) == []
    archive.write_bytes(complete)
    assert len(libreoffice_help.load(LANGUAGES)) == 1


@pytest.mark.parametrize(
    ("corpus", "tool", "script", "half"),
    [
        (libreoffice_help, "dpkg-deb", DPKG_DEB, "unpacked/usr/share"),
        (package_descriptions, "apt-get", APT_GET, "lists/*Translation-en"),
    ],
)
def test_a_kill_while_fetching_leaves_no_half(machine, tmp_path, corpus, tool, script, half):
    machine(tool, f"{script}; {KILL}")
    code = f"from {corpus.__name__} import load; load({LANGUAGES})"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    outcome = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True)
    assert outcome.returncode == -9
    assert list((tmp_path / "cache").rglob(f"partial-*/{half}"))
    assert kept(tmp_path) == []
    machine(tool, script)
    assert len(corpus.load(LANGUAGES)) == 1
