"""Tables that took long to build, kept as Arrow files and read back memory-mapped."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa


def cached_table(file: Path, build: Callable[[], pa.Table]) -> pa.Table:
    """Return the table in ``file``, memory-mapped; if there is none, build and write it first.

    The file appears under its name once it is complete, whenever the process may be killed.

    Raises
    ------
    ValueError
        If the file is damaged.
    """
    if not file.is_file():
        _write(file, build())
    try:
        return pa.ipc.open_file(pa.memory_map(str(file))).read_all()
    except pa.ArrowInvalid as error:
        raise ValueError(
            f"{file} is damaged: {error}. Way out: delete it, it will be built again"
        ) from error


def _write(file: Path, table: pa.Table) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=file.parent, prefix="partial-") as partial:
        complete = Path(partial) / file.name
        with pa.ipc.new_file(str(complete), table.schema) as sink:
            sink.write_table(table)
        complete.replace(file)
