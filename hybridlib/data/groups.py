"""Which pairs answer one question, though their texts may differ."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def group_pairs(pair_of_row: np.ndarray, columns: Sequence[pa.ChunkedArray]) -> np.ndarray:
    """Join the pairs that share a value of a column in any of their rows, and so on through others.

    A heading may have several paragraphs, and its translations other wordings: each of these
    paragraphs answers each of these queries. As negatives of one another they would be false.

    Parameters
    ----------
    pair_of_row
        Index of each row's pair, every pair having a row. Shape: (rows,).
    columns
        Texts or ids; a value of one column says nothing about another's, a missing value nothing.

    Returns
    -------
    Group of each pair, numbered in the order of their first pairs. Shape: (pairs,).
    """
    num_pairs = int(pair_of_row.max()) + 1
    group = np.arange(num_pairs)
    for column in columns:
        values = text_codes(column)
        is_known = column.is_valid().to_numpy()
        names, value = np.unique(values[is_known], return_inverse=True)
        size = num_pairs + len(names)  # a graph of the groups so far and this column's values
        edges = (np.ones(len(value), np.int8), (group[pair_of_row[is_known]], num_pairs + value))
        joined = connected_components(coo_array(edges, shape=(size, size)), directed=False)[1]
        group = joined[:num_pairs][group]
    _, first, codes = np.unique(group, return_index=True, return_inverse=True)
    place = np.empty(len(first), dtype=np.int64)
    place[np.argsort(first)] = np.arange(len(first))
    return place[codes]


def text_codes(column: pa.ChunkedArray) -> np.ndarray:
    """Codes that are equal for equal texts, within this process. Shape: (rows,).

    Python's own hash is several times faster than those of Arrow's or pandas' columns.
    """
    chunks = [
        np.fromiter(map(hash, part.to_pylist()), np.int64, len(part))
        for chunk in column.chunks
        for part in (chunk.slice(start, 1 << 16) for start in range(0, len(chunk), 1 << 16))
    ]
    return np.concatenate(chunks) if chunks else np.empty(0, np.int64)
