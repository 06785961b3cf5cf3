"""Rows of pairs as Arrow batches: corpora too large to hold in memory are written like this."""

from collections.abc import Iterable, Iterator
from itertools import islice

import pyarrow as pa

from hybridlib.data.pair_checks import COLUMNS, NEGATIVE

_ROWS_A_BATCH = 4096


def pair_reader(rows: Iterable[tuple[str, ...]], has_negatives: bool) -> pa.RecordBatchReader:
    """Read rows as a table of :class:`hybridlib.data.parallel.ParallelPairs`, a batch at a time.

    Parameters
    ----------
    rows
        Corpus, pair, language, query, passage and, if there are any, negative.
    has_negatives
        Whether there are.

    Returns
    -------
    Texts are large strings: Arrow cannot take rows of a column of ``string`` beyond 2 GiB.
    """
    names = [*COLUMNS, NEGATIVE] if has_negatives else list(COLUMNS)
    kinds = [pa.string() if name in COLUMNS[:3] else pa.large_string() for name in names]
    schema = pa.schema(list(zip(names, kinds, strict=True)))

    def batches() -> Iterator[pa.RecordBatch]:
        remaining = iter(rows)
        while batch := list(islice(remaining, _ROWS_A_BATCH)):
            columns = zip(zip(*batch, strict=True), kinds, strict=True)
            arrays = [pa.array(values, kind) for values, kind in columns]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)

    return pa.RecordBatchReader.from_batches(schema, batches())
