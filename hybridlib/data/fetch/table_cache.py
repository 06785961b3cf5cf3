"""Tables that took long to build, kept as Arrow files and read back memory-mapped."""

import errno
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
from filelock import FileLock

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def cached_table(file: Path, build: Callable[[], pa.Table | pa.RecordBatchReader]) -> pa.Table:
    """Return the table in ``file``, memory-mapped; if there is none, build and write it first.

    The file appears under its name once it is complete, whenever the process may be killed. Of
    several processes one builds and the others wait.

    Parameters
    ----------
    file
        Where the table lies or will lie.
    build
        Makes it: whole, or as a reader, of which one batch at a time is held in memory.

    Raises
    ------
    ValueError
        If the file is damaged.
    OSError
        If it cannot be written; nothing of it is left then.
    """
    if not file.is_file():
        file.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{file}.lock"):
            if not file.is_file():
                _write(file, build())
    try:
        return pa.ipc.open_file(pa.memory_map(str(file))).read_all()
    except pa.ArrowInvalid as error:
        raise ValueError(
            f"{file} is damaged: {error}. Way out: delete it, it will be built again"
        ) from error


def _write(file: Path, table: pa.Table | pa.RecordBatchReader) -> None:
    partial = file.with_name(f"{file.name}.partial")  # what a killed process left is overwritten
    try:
        with pa.ipc.new_file(str(partial), table.schema) as sink:
            for batch in table.to_reader() if isinstance(table, pa.Table) else table:
                sink.write_batch(batch)
        partial.replace(file)
    except OSError as error:
        if error.errno in _NO_SPACE:
            error.add_note(f"no space for {file}. Way out: free some, or set HYBRIDLIB_CACHE")
        raise
    finally:
        partial.unlink(missing_ok=True)
