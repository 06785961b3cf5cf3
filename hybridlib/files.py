"""Files and folders that appear whole or not at all, whatever is killed when."""

import errno
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NO_SPACE_HIDDEN = re.compile(  # in the words of safetensors, and of torch.save
    rf"os error ({'|'.join(map(str, _NO_SPACE))})\)|unexpected pos \d+ vs|PytorchStreamWriter"
)


@contextmanager
def full_disk_named(target: Path) -> Iterator[None]:
    """Of an error that a full disk makes, in whatever disguise, tell target and way out.

    Raises
    ------
    OSError
        In place of such an error; others pass.
    """
    try:
        yield
    except Exception as error:
        if getattr(error, "errno", 0) in _NO_SPACE or _NO_SPACE_HIDDEN.search(str(error)):
            raise _not_written(target, error) from error
        raise


@contextmanager
def whole_file(file: Path) -> Iterator[BinaryIO]:
    """Open a scratch file to write; when that is done, it takes the place of ``file``.

    Raises
    ------
    OSError
        If it cannot be written, as on a full disk. What was there before stays.
    """
    with _scratch(file) as work:
        try:
            with (work / "new").open("wb") as sink:
                yield sink
                sink.flush()
                os.fsync(sink.fileno())
            (work / "new").replace(file)
        except OSError as error:
            raise _not_written(file, error) from error


@contextmanager
def whole_folder(
    folder: Path | str, mark: str = "", ours: Iterable[str] = ("*",)
) -> Iterator[Path]:
    """Give a scratch folder to write; when that is done, it takes the place of ``folder``.

    The folder that was there is moved aside first and deleted last: an error or an interrupt in
    between brings it back, and after a kill :func:`restore` does.

    Parameters
    ----------
    folder, mark, ours
        As for :func:`check_replaceable`.

    Raises
    ------
    FileExistsError
        As :func:`check_replaceable`, before anything is written.
    OSError
        If the disk is full. What was there before stays.
    """
    folder = Path(folder)
    restore(folder)
    check_replaceable(folder, mark, ours)
    with _scratch(folder) as work:
        new = work / "new"
        with full_disk_named(folder):
            new.mkdir()
            yield new
            for path in new.rglob("*"):
                _open_to_others(path)
            check_replaceable(folder, mark, ours)
            if folder.exists():
                folder.rename(work / "old")
            new.rename(folder)


def delete_folder(folder: Path) -> None:
    """Delete a folder at one stroke: a kill leaves the whole of it or none, never a part."""
    restore(folder)
    if folder.exists():
        with _scratch(folder) as work:
            folder.rename(work / "deleted")


def restore(target: Path | str) -> None:
    """Bring back a folder that a killed process had moved aside, and sweep what it left behind.

    What a living process is writing stays: it holds the lock of its scratch folder.
    """
    for work in leftovers(target):
        with suppress(OSError), FileLock(work / "lock", blocking=False):
            _end(work, Path(target))  # else a process is at it, or we may not write here


def leftovers(target: Path | str) -> list[Path]:
    """Scratch folders of a file or folder: of processes that write it, or were killed."""
    ours = re.compile(rf"\.{re.escape(Path(target).name)}-writing-[a-z0-9_]+")
    return [path for path in Path(target).parent.glob(".*-writing-*") if ours.fullmatch(path.name)]


def check_replaceable(folder: Path | str, mark: str, ours: Iterable[str]) -> None:
    """Refuse to replace what hybridlib did not write: see :func:`whole_folder`.

    Parameters
    ----------
    folder
        May be absent or empty.
    mark
        A file that is in every folder of ours of this kind.
    ours
        Patterns of the names, below the folder, of the other files that we write there.

    Raises
    ------
    FileExistsError
        If it is a file, or has files without the mark, or has files that are not ours.
    """
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise FileExistsError(f"{folder} is a file and is not replaced. Way out: name a folder")
    found = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    names = sorted(path.relative_to(folder).as_posix() for path in found)
    if names and mark and mark not in names:
        raise FileExistsError(
            f"{folder} holds {_first(names)} and no {mark}: hybridlib did not write it and does "
            "not replace it. Way out: name another folder, or delete this one"
        )
    known = [mark, *ours]
    strays = [name for name in names if not any(fnmatchcase(name, one) for one in known)]
    if strays:
        raise FileExistsError(
            f"{folder} is to be replaced and holds {_first(strays)}, which hybridlib did not "
            "write. Way out: move it elsewhere"
        )


def check_writable(folder: Path | str) -> None:
    """Refuse a folder in which nothing could be written later, before work is spent on it.

    Raises
    ------
    PermissionError
        If a file cannot be made there or, where it is absent, in its nearest parent.
    """
    folder = Path(folder)
    place = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        raise PermissionError(
            f"{folder} cannot be written ({place}: {error.strerror}). Way out: make it writable, "
            "or start in another folder"
        ) from error


def checksum(file: Path) -> str:
    """SHA-256 of a file, in hexadecimal; read once as long as the file stays as it is."""
    state = file.stat()
    return _checksum(file, state.st_size, state.st_mtime_ns, state.st_ctime_ns)


@cache
def _checksum(file: Path, size: int, modified: int, changed: int) -> str:
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


@contextmanager
def _scratch(target: Path) -> Iterator[Path]:
    """Give a locked folder beside a target, for its next form (``new``) and its last (``old``)."""
    restore(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}-writing-"))
    with FileLock(work / "lock"):
        try:
            yield work
        finally:
            _end(work, target)


def _end(work: Path, target: Path) -> None:
    if (work / "old").exists() and not target.exists():
        (work / "old").rename(target)
    shutil.rmtree(work, ignore_errors=True)


def _open_to_others(path: Path) -> None:
    """Give a scratch file, which is private, the mode that a new file has."""
    umask = os.umask(0)
    os.umask(umask)
    if path.is_file():
        path.chmod(0o666 & ~umask)


def _not_written(target: Path, error: Exception) -> OSError:
    return OSError(
        f"{target} could not be written ({error}). What was finished before it is whole: free "
        "disk space and start again, it goes on from there"
    )


def _first(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
