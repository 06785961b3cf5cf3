import hashlib
import os
import resource
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from hybridlib.files import check_writable, checksum, restore, whole_file, whole_folder


@contextmanager
def small_disk(num_bytes):
    """No file may be longer."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (num_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def write(file, content):
    with whole_file(file) as sink:
        sink.write(content)


def test_a_disk_that_takes_no_more_leaves_the_old_file_and_names_the_way_out(tmp_path):
    write(tmp_path / "file", b"old")
    with (
        small_disk(1000),
        pytest.raises(OSError, match=r"file could not be written .* free disk space"),
    ):
        write(tmp_path / "file", b"new" * 1000)
    assert (tmp_path / "file").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def write_folder(folder, text, **options):
    with whole_folder(folder, "mark", **options) as scratch:
        (scratch / "mark").write_text(text)


def test_an_empty_folder_is_filled_and_what_is_ours_replaced(tmp_path):
    (tmp_path / "run").mkdir()
    write_folder(tmp_path / "run", "old")
    assert contents(tmp_path) == {"run/mark": "old"}
    (tmp_path / "run" / "part").mkdir()
    (tmp_path / "run" / "part" / "a.json").touch()
    write_folder(str(tmp_path / "run"), "new", ours=["part/a.json"])
    assert contents(tmp_path) == {"run/mark": "new"}
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
    assert (tmp_path / "run" / "mark").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def contents(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"weights": "theirs"}, r"models holds weights and no mark: hybridlib did not write it"),
        ({"a/b": "1", "a/c": "2"}, r"models holds a/b and 1 more and no mark"),
        ({"mark": "", "notes.txt": "1"}, r"holds notes\.txt, which hybridlib did not write"),
        ({"mark": "", "part/b.json": "1"}, r"holds part/b\.json, which hybridlib did not write"),
    ],
)
def test_what_we_did_not_write_is_not_replaced(tmp_path, files, message):
    for name, text in files.items():
        (tmp_path / "models" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "models" / name).write_text(text)
    with pytest.raises(FileExistsError, match=message):
        write_folder(tmp_path / "models", "ours", ours=["part/a.json", "*"])  # no pattern
    assert contents(tmp_path) == {f"models/{name}": text for name, text in files.items()}


def test_what_appears_in_a_folder_while_its_next_form_is_written_stops_the_exchange(tmp_path):
    write_folder(tmp_path / "run", "old", ours=[])
    with (
        pytest.raises(FileExistsError, match=r"holds notes\.txt, which hybridlib"),
        whole_folder(tmp_path / "run", "mark", ours=[]) as scratch,
    ):
        (scratch / "mark").write_text("new")
        (tmp_path / "run" / "notes.txt").write_text("theirs")
    assert contents(tmp_path) == {"run/mark": "old", "run/notes.txt": "theirs"}


def test_a_file_is_not_turned_into_a_folder(tmp_path):
    (tmp_path / "notes").write_text("theirs")
    with pytest.raises(FileExistsError, match="notes is a file and is not replaced"):
        write_folder(tmp_path / "notes", "ours")
    assert contents(tmp_path) == {"notes": "theirs"}


WRITER = (
    "import os, pathlib, signal, sys, time\n"
    "from hybridlib.files import whole_folder\n"
    "folder, killed = pathlib.Path(sys.argv[1]), int(sys.argv[2])\n"
    "rename, calls = pathlib.Path.rename, []\n"
    "def dying(self, target):\n"
    "    calls.append(target)\n"
    "    if len(calls) == killed:\n"
    "        os.kill(os.getpid(), signal.SIGKILL)\n"
    "    return rename(self, target)\n"
    "pathlib.Path.rename = dying\n"
    "with whole_folder(folder, 'mark') as scratch:\n"
    "    (scratch / 'mark').write_text('new')\n"
    "    if not killed:\n"
    "        print('writing', flush=True)\n"
    "        time.sleep(60)\n"
)


@pytest.mark.parametrize("killed", [1, 2])
def test_a_folder_comes_back_after_a_kill_at_any_rename(tmp_path, killed):
    write_folder(tmp_path / "run", "old")
    command = [sys.executable, "-c", WRITER, str(tmp_path / "run"), str(killed)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert (tmp_path / "run").exists() == (killed == 1)
    assert len(list(tmp_path.iterdir())) == 3 - killed
    restore(tmp_path / "run")
    assert contents(tmp_path) == {"run/mark": "old"}
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_what_a_living_process_writes_is_not_swept(tmp_path):
    command = [sys.executable, "-c", WRITER, str(tmp_path / "run"), "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "writing\n"
        (scratch,) = tmp_path.iterdir()
        restore(tmp_path / "run")
        assert (scratch / "new" / "mark").read_text() == "new"
        process.kill()
    restore(tmp_path / "run")
    assert not list(tmp_path.iterdir())


def test_leftovers_of_a_folder_with_a_longer_name_are_left_alone(tmp_path):
    command = [sys.executable, "-c", WRITER, str(tmp_path / "run-writing-b"), "1"]
    subprocess.run(command, check=False)
    (leftover,) = tmp_path.iterdir()
    restore(tmp_path / "run")
    assert leftover.exists()


@pytest.mark.parametrize("name", [".run-writing-notes", f".run-writing-{'0' * 32}"])
def test_a_users_folder_that_is_named_like_a_scratch_folder_stays(tmp_path, name):
    write_folder(tmp_path / "run", "old")
    (tmp_path / name).mkdir()
    (tmp_path / name / "thesis.tex").write_text("theirs")
    write_folder(tmp_path / "run", "new")
    assert contents(tmp_path) == {"run/mark": "new", f"{name}/thesis.tex": "theirs"}


def test_an_empty_folder_in_one_of_ours_is_not_deleted(tmp_path):
    write_folder(tmp_path / "run", "old")
    (tmp_path / "run" / "drafts").mkdir()
    with pytest.raises(FileExistsError, match="holds drafts, which hybridlib did not write"):
        write_folder(tmp_path / "run", "new")


def test_a_link_in_what_is_written_is_not_followed(tmp_path):
    (tmp_path / "theirs").touch(0o600)
    with whole_folder(tmp_path / "run", "mark") as scratch:
        (scratch / "mark").symlink_to(tmp_path / "theirs")
    assert (tmp_path / "theirs").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o002, 0o664), (0o077, 0o600)])
def test_what_is_written_has_the_mode_of_a_new_file(tmp_path, umask, mode):
    before = os.umask(umask)
    try:
        write(tmp_path / "file", b"")
        with whole_folder(tmp_path / "run", "mark") as scratch:
            (scratch / "mark").touch(0o600)
    finally:
        os.umask(before)
    assert (tmp_path / "file").stat().st_mode & 0o777 == mode
    assert (tmp_path / "run" / "mark").stat().st_mode & 0o777 == mode


@pytest.fixture
def read_only(tmp_path):
    """A folder in which not even root makes a file."""
    if os.geteuid():
        tmp_path.chmod(0o500)
        yield tmp_path
        tmp_path.chmod(0o700)
    elif Path("/sys/kernel").is_dir():
        yield Path("/sys/kernel")
    else:
        pytest.skip("needs a folder that is read-only to root")


def test_a_read_only_folder_is_refused_beforehand(read_only):
    message = rf"{read_only}/results/mine could not be written \(.*{read_only}/.* make its folder"
    with pytest.raises(OSError, match=message):
        check_writable(read_only / "results" / "mine")


def test_what_may_not_be_written_is_not_called_a_full_disk(read_only):
    for attempt in (write, lambda file, text: write_folder(file, text.decode())):
        with pytest.raises(
            OSError, match=r"mine could not be written .* folder writable"
        ) as raised:
            attempt(read_only / "mine", b"")
        assert "disk space" not in str(raised.value)


def test_another_error_of_the_disk_names_the_file_and_is_no_full_disk(tmp_path):
    (tmp_path / "file").mkdir()
    with pytest.raises(OSError, match=r"file could not be written \(.*: mend this and") as raised:
        write(tmp_path / "file", b"")
    assert "disk space" not in str(raised.value)


def test_a_checksum_follows_the_content_and_is_read_once(tmp_path, monkeypatch):
    file = tmp_path / "file"
    file.write_bytes(b"old")
    assert checksum(file) == hashlib.sha256(b"old").hexdigest()
    state = file.stat()
    file.write_bytes(b"new")
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))  # as a copy with its times kept
    new = hashlib.sha256(b"new").hexdigest()
    assert checksum(file) == new
    monkeypatch.setattr(hashlib, "file_digest", None)
    assert checksum(file) == new


def test_a_writable_folder_is_left_as_it_was(tmp_path):
    check_writable(tmp_path / "results" / "mine")
    assert not list(tmp_path.iterdir())
