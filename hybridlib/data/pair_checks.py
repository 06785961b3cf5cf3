"""Rows of training pairs: their columns, and what is wrong with those that are refused."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from hybridlib.checks import unknown

COLUMNS = ("corpus", "pair", "language", "query", "passage")
NEGATIVE, QUERY_ID = "negative", "query_id"  # optional
KNOWN_COLUMNS = (*COLUMNS, NEGATIVE, QUERY_ID)
_LANGUAGE_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")
_ROWS_A_BATCH = 4096


def pair_schema(has_negatives: bool) -> pa.Schema:
    """Columns of a table of pairs; Arrow cannot take rows of texts beyond 2 GiB of ``string``."""
    texts = [*COLUMNS[3:], *([NEGATIVE] if has_negatives else [])]
    ids = [(name, pa.string()) for name in COLUMNS[:3]]
    return pa.schema([*ids, *((name, pa.large_string()) for name in texts)])


def pair_reader(rows: Iterable[tuple[str, ...]], has_negatives: bool) -> pa.RecordBatchReader:
    """Read rows as a table of pairs, a batch at a time: memory may not hold them all.

    A row has corpus, pair, language, query, passage and, if ``has_negatives``, negative.
    """
    schema = pair_schema(has_negatives)

    def batches() -> Iterator[pa.RecordBatch]:
        remaining = iter(rows)
        while batch := list(islice(remaining, _ROWS_A_BATCH)):
            columns = zip(zip(*batch, strict=True), schema.types, strict=True)
            arrays = [pa.array(values, kind) for values, kind in columns]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)

    return pa.RecordBatchReader.from_batches(schema, batches())


def check_rows(table: pa.Table) -> None:
    """Refuse rows that :class:`hybridlib.data.parallel.ParallelPairs` cannot take."""
    check_columns(table.column_names)
    if table.num_rows == 0:
        raise ValueError("there is no pair in the table")
    for name in table.column_names:
        kind = table[name].type
        is_missing = pa.types.is_null(kind) and name not in COLUMNS
        if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or is_missing):
            raise ValueError(f"{name} must be text, got a column of {kind}{_way_out(kind)}")
        row = None if is_missing else _first_blank(table[name], may_be_missing=name not in COLUMNS)
        if row is not None:
            place = {column: table[column][row].as_py() for column in COLUMNS[:3]}
            raise ValueError(f"{name} is empty at row {row}: {place}")
    if NEGATIVE in table.column_names:
        _check_negatives(table)
    for language in pc.unique(table["language"]).to_pylist():
        if not _LANGUAGE_CODE.fullmatch(language):
            raise ValueError(f"language must be a code as de, fil or zh-Hans, got {language!r}")


def check_columns(names: Sequence[str]) -> None:
    """Refuse columns that are missing, unknown or there twice."""
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise ValueError(
            f"columns {missing} are missing; ParallelPairs needs {list(COLUMNS)}, got {list(names)}"
        )
    for place, name in enumerate(names):
        if name not in KNOWN_COLUMNS:
            raise ValueError(
                f"{unknown('column', str(name), KNOWN_COLUMNS)}; drop it if it is no part of a pair"
            )
        if name in names[:place]:
            raise ValueError(f"column {name!r} is there twice")


def _way_out(kind: pa.DataType) -> str:
    if pa.types.is_primitive(kind):
        return (
            "; a number is no longer what the file said (0042, 1.10): read its columns as text, as "
            "ParallelDataset.from_csv does"
        )
    return "; give one text a row" if pa.types.is_nested(kind) else ""


def _first_blank(column: pa.ChunkedArray, may_be_missing: bool) -> int | None:
    start = 0
    for chunk in column.chunks:  # one at a time: the column may be larger than memory
        length = pc.utf8_length(pc.utf8_trim_whitespace(chunk))
        row = pc.index(pc.fill_null(pc.equal(length, 0), not may_be_missing), True).as_py()
        if row >= 0:
            return start + row
        start += len(chunk)
    return None


def _check_negatives(table: pa.Table) -> None:
    counts = table.group_by("corpus").aggregate([("pair", "count"), (NEGATIVE, "count")])
    for corpus, rows, negatives in zip(*(column.to_pylist() for column in counts), strict=True):
        if negatives not in (0, rows):
            found = f"corpus {corpus!r} has a negative in {negatives} of {rows} rows"
            raise ValueError(f"{found}; it must have one in every row or in none")


def describe_non_text(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> str:
    """Name the first value of these columns that is neither text nor missing."""
    row, name, value = next(
        (row, name, values[name])
        for row, values in enumerate(rows)
        for name in names
        if not isinstance(values.get(name), str | None)
    )
    return f"{name} must be text, got {value!r} ({type(value).__name__}) at row {row}"


def describe_duplicate(table: pa.Table, pair: np.ndarray, language: np.ndarray) -> str:
    """Name the first row whose pair has its language already; codes have the shape (rows,)."""
    row = int(pd.DataFrame({"pair": pair, "language": language}).duplicated().argmax())
    place = {column: table[column][row].as_py() for column in COLUMNS[:3]}
    return f"a pair may have each language once; row {row} repeats {place}"
