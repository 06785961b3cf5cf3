import resource
import signal
import subprocess
import sys

from pathlib import Path

import pytest

from hybridlib.files import whole_file, whole_folder


def write(file, content):
    with whole_file(file) as sink:
        sink.write(content)


def test_a_file_replaces_the_one_that_was_there(tmp_path):
    write(tmp_path / "file", b"old")
    write(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_disk_that_takes_no_more_leaves_the_old_file_and_names_the_way_out(tmp_path):
    write(tmp_path / "file", b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(OSError, match=r"file could not be written .* free disk space"):
            write(tmp_path / "file", b"new" * 1000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (tmp_path / "file").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_kill_while_writing_leaves_the_old_file(tmp_path):
    write(tmp_path / "file", b"old")
    program = (
        "import os, pathlib, signal, sys\n"
        "from hybridlib.files import whole_file\n"
        "with whole_file(pathlib.Path(sys.argv[1])) as sink:\n"
        "    sink.write(b'half')\n"
        "    sink.flush()\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "file")]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert (tmp_path / "file").read_bytes() == b"old"


def write_folder(folder, text):
    with whole_folder(folder) as scratch:
        (scratch / "file").write_text(text)


def test_a_folder_replaces_the_one_that_was_there(tmp_path):
    write_folder(tmp_path / "run", "old")
    write_folder(tmp_path / "run", "new")
    assert (tmp_path / "run" / "file").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_an_error_while_writing_leaves_the_old_folder(tmp_path):
    write_folder(tmp_path / "run", "old")
    with pytest.raises(OSError, match="No space left"), whole_folder(tmp_path / "run") as scratch:
        (scratch / "file").write_text("half")
        raise OSError(28, "No space left on device")
    assert (tmp_path / "run" / "file").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("interrupted", [1, 2])
def test_an_interrupt_at_any_rename_leaves_one_whole_folder(tmp_path, monkeypatch, interrupted):
    write_folder(tmp_path / "run", "old")
    rename, calls = Path.rename, []

    def interrupting(self, target):
        calls.append(target)
        if len(calls) == interrupted:
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", interrupting)
    with pytest.raises(KeyboardInterrupt):
        write_folder(tmp_path / "run", "new")
    assert (tmp_path / "run" / "file").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
