"""Files and folders that appear whole or not at all, whatever is killed when."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def whole_file(file: Path) -> Iterator[BinaryIO]:
    """Open a scratch file to write; when that is done, it takes the place of ``file``.

    Raises
    ------
    OSError
        If it cannot be written, as on a full disk. What was there before stays.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-new-")
    try:
        with os.fdopen(handle, "wb") as sink:
            yield sink
            sink.flush()
            os.fsync(sink.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(file)
    except OSError as error:
        raise OSError(
            f"{file} could not be written ({error}). What was finished before it is whole: free "
            "disk space and start again, it goes on from there"
        ) from error
    finally:
        Path(name).unlink(missing_ok=True)


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Give a scratch folder to write; when that is done, it takes the place of ``folder``.

    The folder that was there is moved aside first and deleted last: an error or an interrupt in
    between brings it back, and after a kill one of the two is still on the disk, complete.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-new-"))
    aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-old-"))
    try:
        yield scratch
        scratch.chmod(0o755)
        if folder.exists():
            folder.rename(aside / folder.name)
        scratch.rename(folder)
    finally:
        if not folder.exists() and (aside / folder.name).exists():
            (aside / folder.name).rename(folder)
        shutil.rmtree(scratch, ignore_errors=True)
        shutil.rmtree(aside, ignore_errors=True)
