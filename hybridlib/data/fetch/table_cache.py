"""Tables that took long to build, kept as Arrow files and read back memory-mapped."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
from filelock import FileLock

from hybridlib.files import whole_file


def cached_table(file: Path, build: Callable[[], pa.Table | pa.RecordBatchReader]) -> pa.Table:
    """Return the table in ``file``, memory-mapped; if there is none, build and write it first.

    The file appears under its name once it is complete, whenever the process may be killed. Of
    several processes one builds and the others wait. ``build`` makes the table whole, or as a
    reader, of which one batch at a time is held in memory. A damaged file is a ValueError, one that
    cannot be written an OSError; nothing of it is left then.
    """
    if not file.is_file():
        file.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{file}.lock"):
            if not file.is_file():
                table = build()
                with whole_file(file) as sink, pa.ipc.new_file(sink, table.schema) as rows:
                    for batch in table.to_reader() if isinstance(table, pa.Table) else table:
                        rows.write_batch(batch)
    try:
        return pa.ipc.open_file(pa.memory_map(str(file))).read_all()
    except pa.ArrowInvalid as error:
        raise ValueError(
            f"{file} is damaged: {error}. Way out: delete it, it will be built again"
        ) from error
