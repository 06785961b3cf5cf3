import hashlib
import os
import signal
from pathlib import Path

import pytest

from hybridlib.files import check_writable, checksum, restore, whole_file, whole_folder


def write(file, content):
    with whole_file(file) as sink:
        sink.write(content)


def write_folder(folder, text, **options):
    with whole_folder(folder, "mark", **options) as scratch:
        (scratch / "mark").write_text(text)


def fill(folder, files):
    """Write texts by path; without a text, an empty folder."""
    for name, text in files.items():
        path = folder / name
        (path if text is None else path.parent).mkdir(parents=True, exist_ok=True)
        if text is not None:
            path.write_text(text)


def contents(folder):
    """All that lies in a folder, as it is filled: no scratch folder, not even an empty one."""
    return {
        path.relative_to(folder).as_posix(): path.read_text() if path.is_file() else None
        for path in folder.rglob("*")
        if path.is_file() or not any(path.iterdir())
    }


def test_a_disk_that_takes_no_more_leaves_the_old_file_and_names_the_way_out(tmp_path, small_disk):
    write(tmp_path / "file", b"old")
    out_of_space = pytest.raises(OSError, match=r"file could not be written .* free disk space")
    with out_of_space, small_disk(1000):
        write(tmp_path / "file", b"new" * 1000)
    assert contents(tmp_path) == {"file": "old"}


def test_an_empty_folder_is_filled_and_what_is_ours_replaced(tmp_path):
    (tmp_path / "run").mkdir()
    write_folder(tmp_path / "run", "old")
    assert contents(tmp_path) == {"run/mark": "old"}
    fill(tmp_path, {"run/part/a.json": ""})
    write_folder(str(tmp_path / "run"), "new", ours=["part/a.json"])
    assert contents(tmp_path) == {"run/mark": "new"}


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"run/weights": "theirs"}, "run holds weights and no mark: hybridlib did not write it"),
        ({"run/a/b": "1", "run/a/c": "2"}, "run holds a/b and 1 more and no mark"),
        ({"run/mark": "", "run/notes": "1"}, "holds notes, which hybridlib did not write"),
        ({"run/mark": "", "run/part/b": "1"}, "holds part/b, which hybridlib did not write"),
        ({"run/mark": "", "run/drafts": None}, "holds drafts, which hybridlib did not write"),
        ({"run": "theirs"}, "run is a file and is not replaced"),
    ],
)
def test_what_we_did_not_write_is_not_replaced(tmp_path, files, message):
    fill(tmp_path, files)
    with pytest.raises(FileExistsError, match=message):
        write_folder(tmp_path / "run", "ours", ours=["part/a", "*"])  # no pattern
    assert contents(tmp_path) == files


def test_what_appears_in_a_folder_while_its_next_form_is_written_stops_the_exchange(tmp_path):
    write_folder(tmp_path / "run", "old", ours=[])
    with (
        pytest.raises(FileExistsError, match=r"holds notes\.txt, which hybridlib"),
        whole_folder(tmp_path / "run", "mark", ours=[]) as scratch,
    ):
        (scratch / "mark").write_text("new")
        (tmp_path / "run" / "notes.txt").write_text("theirs")
    assert contents(tmp_path) == {"run/mark": "old", "run/notes.txt": "theirs"}


@pytest.mark.parametrize("interrupted", [1, 2])
def test_an_interrupt_at_any_rename_leaves_one_whole_folder(tmp_path, stop_at, interrupted):
    write_folder(tmp_path / "run", "old")
    stop_at(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_folder(tmp_path / "run", "new")
    assert contents(tmp_path) == {"run/mark": "old"}


@pytest.mark.parametrize("killed", [1, 2])
def test_a_folder_comes_back_after_a_kill_at_any_rename(tmp_path, stop_at, killed):
    folder = tmp_path / "run-writing-b"
    write_folder(folder, "old")
    process = os.fork()
    if not process:
        try:
            stop_at(Path, "rename", killed, lambda: os.kill(os.getpid(), signal.SIGKILL))
            write_folder(folder, "new")
        finally:
            os._exit(1)
    assert os.waitpid(process, 0)[1] == signal.SIGKILL
    left = contents(tmp_path)
    assert folder.exists() == (killed == 1)
    assert len(list(tmp_path.iterdir())) == 3 - killed
    restore(tmp_path / "run")  # another's, though what is left over begins with its name
    assert contents(tmp_path) == left
    restore(folder)
    assert contents(tmp_path) == {"run-writing-b/mark": "old"}


def test_what_is_being_written_is_not_swept(tmp_path):
    with whole_folder(tmp_path / "run", "mark") as scratch:
        (scratch / "mark").write_text("new")
        restore(tmp_path / "run")
    assert contents(tmp_path) == {"run/mark": "new"}


@pytest.mark.parametrize("name", [".run-writing-notes", f".run-writing-{'0' * 32}"])
def test_a_users_folder_that_is_named_like_a_scratch_folder_stays(tmp_path, name):
    write_folder(tmp_path / "run", "old")
    fill(tmp_path, {f"{name}/thesis.tex": "theirs"})
    write_folder(tmp_path / "run", "new")
    assert contents(tmp_path) == {"run/mark": "new", f"{name}/thesis.tex": "theirs"}


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
