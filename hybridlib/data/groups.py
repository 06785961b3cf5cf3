"""Which pairs answer one question, though their texts may differ."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def group_pairs(pair_of_row: np.ndarray, columns: Sequence[pa.ChunkedArray]) -> np.ndarray:
    """Join the pairs that share a value of a column in any of their rows, and so on through others.

    A heading may have several paragraphs, and its translations other wordings: each of these
    paragraphs answers each of these queries. As negatives of one another they would be false.

    ``pair_of_row`` has the shape (rows,), every pair having a row. Columns hold texts or ids; a
    value of one column says nothing about another's, a missing value nothing. Groups are numbered
    in the order of their first pairs. Shape: (pairs,).
    """
    sides: list[tuple[np.ndarray, np.ndarray]] = []
    for column in columns:
        is_known = column.is_valid().to_numpy()
        values, pairs = text_codes(column)[is_known], pair_of_row[is_known]
        order = np.argsort(values)
        values, pairs = values[order], pairs[order]
        is_shared = values[1:] == values[:-1]
        sides.append((pairs[:-1][is_shared], pairs[1:][is_shared]))
    left, right = (np.concatenate(side) for side in zip(*sides, strict=True))
    num_pairs = int(pair_of_row.max()) + 1
    graph = coo_array((np.ones(len(left), bool), (left, right)), shape=(num_pairs, num_pairs))
    return pd.factorize(connected_components(graph, directed=False)[1])[0]


def text_codes(column: pa.ChunkedArray) -> np.ndarray:
    """Codes that are equal for equal texts, within this process. Shape: (rows,).

    Texts are equal in Unicode's form NFC and without white space around them. Python's own hash is
    several times faster than those of Arrow's or pandas' columns.
    """
    parts = [np.empty(0, np.int64)]
    for chunk in column.chunks:
        for start in range(0, len(chunk), 1 << 16):
            texts = pc.utf8_normalize(chunk.slice(start, 1 << 16), form="NFC")
            texts = pc.utf8_trim_whitespace(texts).to_pylist()
            parts.append(np.fromiter(map(hash, texts), np.int64, len(texts)))
    return np.concatenate(parts)
