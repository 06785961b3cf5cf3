"""Files and folders that appear whole or not at all, whatever is killed when."""

import errno
import hashlib
import os
import re
import shutil
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_DENIED = (errno.EACCES, errno.EPERM, errno.EROFS)
_SCRATCH = {"lock", "new", "old", "deleted"}  # all that a scratch folder holds
_NO_SPACE_HIDDEN = re.compile(  # in the words of safetensors, and of torch.save
    rf"os error ({'|'.join(map(str, _NO_SPACE))})\)|unexpected pos \d+ vs|PytorchStreamWriter"
)


@contextmanager
def writing(target: Path) -> Iterator[None]:
    """Say target and way out where the disk refuses, a full one in whatever disguise.

    An OSError takes the place of such an error; others pass.
    """
    try:
        yield
    except Exception as error:
        number = error.errno if isinstance(error, OSError) else None
        if _NO_SPACE_HIDDEN.search(str(error)):
            number = errno.ENOSPC
        if number is None:
            raise
        way_out = "make its folder writable" if number in _DENIED else "mend this"
        way_out = "free disk space" if number in _NO_SPACE else way_out
        raise OSError(
            f"{target} could not be written ({error}). Way out: {way_out} and start again; it goes "
            "on from what was finished"
        ) from error


@contextmanager
def whole_file(file: Path) -> Iterator[BinaryIO]:
    """Open a scratch file to write; when that is done, it takes the place of ``file``.

    Where it cannot be written, as on a full disk, an OSError says so, and what was there stays.
    """
    with _scratch(file) as work:
        with (work / "new").open("wb") as sink:
            yield sink
            sink.flush()
            os.fsync(sink.fileno())
        (work / "new").replace(file)


@contextmanager
def whole_folder(folder: Path | str, mark: str = "", ours: Iterable[str] = ()) -> Iterator[Path]:
    """Give a scratch folder to write; when that is done, it takes the place of ``folder``.

    The folder that was there is moved aside first and deleted last: an error or an interrupt in
    between brings it back, and after a kill :func:`restore` does. What may be replaced, and is
    refused with a FileExistsError before anything is written, says :func:`check_replaceable`; what
    cannot be written is an OSError.
    """
    folder = Path(folder)
    restore(folder)
    check_replaceable(folder, mark, ours)
    with _scratch(folder) as work:
        new = work / "new"
        new.mkdir()
        yield new
        umask = os.umask(0)
        os.umask(umask)
        for path in new.rglob("*"):
            if path.is_file() and not path.is_symlink():
                path.chmod(0o666 & ~umask)  # as a new file has it: some libraries' are private
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
    """Scratch folders of a target, known by a name that nobody else gives and by what they hold."""
    ours = re.compile(rf"\.{re.escape(Path(target).name)}-writing-[0-9a-f]{{32}}")
    named = [path for path in Path(target).parent.glob(".*-writing-*") if ours.fullmatch(path.name)]
    return [path for path in named if not path.is_symlink() and _SCRATCH.issuperset(_names(path))]


def _names(folder: Path) -> set[str]:
    try:
        return {path.name for path in folder.iterdir()}
    except OSError:  # no folder, or no longer: its process has just ended
        return {folder.name}


def check_replaceable(folder: Path | str, mark: str, ours: Iterable[str]) -> None:
    """Refuse with a FileExistsError to replace what hybridlib did not write.

    ``mark`` is a file that is in every folder of ours of this kind; without one the folder's own
    name, as that of a checkpoint, tells that all of it is ours. ``ours`` are names, below the
    folder, of the other files that we wrote there. The folder may be absent or empty.
    """
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise FileExistsError(f"{folder} is a file and is not replaced. Way out: name a folder")
    if not mark:
        return
    # an empty folder counts: somebody made it
    found = (p for p in folder.rglob("*") if p.is_symlink() or not p.is_dir() or not _names(p))
    names = sorted(path.relative_to(folder).as_posix() for path in found)
    if names and mark not in names:
        raise FileExistsError(
            f"{folder} holds {_first(names)} and no {mark}: hybridlib did not write it and does "
            "not replace it. Way out: name another folder, or move this one elsewhere"
        )
    strays = [name for name in names if name not in {mark, *ours}]
    if strays:
        stray = f"{folder} is to be replaced and holds {_first(strays)}"
        raise FileExistsError(f"{stray}, which hybridlib did not write. Way out: move it elsewhere")


def check_writable(folder: Path | str) -> None:
    """Refuse a folder in which nothing could be written later, before work is spent on it."""
    folder = Path(folder)
    place = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    with writing(folder), tempfile.TemporaryFile(dir=place):
        pass


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
    work = target.with_name(f".{target.name}-writing-{uuid.uuid4().hex}")
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        work.mkdir(0o700)
        with FileLock(work / "lock"):
            try:
                yield work
            finally:
                _end(work, target)


def _end(work: Path, target: Path) -> None:
    if (work / "old").exists() and not target.exists():
        (work / "old").rename(target)
    shutil.rmtree(work, ignore_errors=True)


def _first(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
