import resource
import signal
import subprocess
import sys

import pytest

from hybridlib.files import whole_file


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
