"""Reading mMARCO's files: gigabytes of lines, of which few are wanted."""

import mmap
from array import array
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
from tqdm import tqdm

_LINES_A_TICK = 1 << 16  # of the progress bar
_WAY_OUT = "Way out: put the whole file there again"


def distinct_pairs(file: Path, max_pairs: int | None) -> pa.Table:
    """Select the first triple of each distinct (query, positive), in the file's order.

    Parameters
    ----------
    file
        Lines of three ids, separated by tabs: query, positive, negative.
    max_pairs
        Read no further than that many; None reads to the end.

    Returns
    -------
    Integer columns ``query``, ``positive`` and ``negative``. Shape: (pairs, 3).

    Raises
    ------
    ValueError
        If a line is broken or there is none. The message names file and line.
    """
    seen: set[bytes] = set()
    triples = array("q")
    for number, line in numbered_lines(file):
        pair = line.rpartition(b"\t")[0]
        if pair in seen:
            continue
        _check_complete(file, number, line)
        try:
            query, positive, negative = map(int, line.split(b"\t"))
        except ValueError as error:
            raise ValueError(
                f"{file}, line {number}: expected three ids, as in 121352\\t2912791\\t3259191, got "
                f"{line[:80]!r}. {_WAY_OUT}"
            ) from error
        seen.add(pair)
        triples.extend((query, positive, negative))
        if len(seen) == max_pairs:
            break
    if not triples:
        raise ValueError(f"{file} is empty. {_WAY_OUT}")
    columns = np.frombuffer(triples, dtype=np.int64).reshape(-1, 3).T
    return pa.table(dict(zip(("query", "positive", "negative"), columns, strict=True)))


def numbered_lines(file: Path) -> Iterator[tuple[int, bytes]]:
    """Yield (1-based number, line) and show the progress through the file."""
    size = file.stat().st_size
    bar = tqdm(total=size, desc=file.name, unit="B", unit_scale=True, leave=False)
    with file.open("rb") as lines, bar:
        for number, line in enumerate(lines, 1):
            yield number, line
            if number % _LINES_A_TICK == 0:
                bar.update(lines.tell() - bar.n)


class TextsById:
    """The texts of some ids, left where they are in their file and read from there when asked for.

    Memory grows with the number of these ids, not with the file.

    Parameters
    ----------
    file
        Lines of id and text, separated by a tab, in any order.
    ids
        The wanted ones, in any order, perhaps repeated.

    Raises
    ------
    ValueError
        If a line is broken or an id is lacking. The message names file and line.
    """

    def __init__(self, file: Path, ids: np.ndarray) -> None:
        wanted = np.unique(ids)
        self._place = {str(i).encode(): place for place, i in enumerate(wanted.tolist())}
        # (ids, 2): the text's first byte and the one behind its last
        self._spans = np.full((len(wanted), 2), -1, dtype=np.int64)
        position = number = 0
        for number, line in numbered_lines(file):
            name, tab, text = line.partition(b"\t")
            if not tab:
                raise ValueError(
                    f"{file}, line {number}: expected an id, a tab and a text, got {line[:80]!r}. "
                    f"{_WAY_OUT}"
                )
            if (place := self._place.get(name)) is not None:
                _check_complete(file, number, line)
                _check_encoding(file, number, text)
                self._spans[place] = position + len(name) + 1, position + len(line)
            position += len(line)
        missing = wanted[self._spans[:, 0] < 0]
        if len(missing):
            raise ValueError(
                f"{file} ends at line {number} and lacks {len(missing)} of the {len(wanted)} ids "
                f"that the triples name, as {missing[0]}: it is cut off, or of another version. "
                f"{_WAY_OUT}"
            )
        with file.open("rb") as stream:
            self._bytes = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)

    def __getitem__(self, wanted_id: int) -> str:
        """Return the text without white space around it; it may be empty."""
        first, behind = self._spans[self._place[str(wanted_id).encode()]]
        return self._bytes[first:behind].decode().strip()


def _check_complete(file: Path, number: int, line: bytes) -> None:
    if not line.endswith(b"\n"):
        raise ValueError(
            f"{file}, line {number}: the file ends in the middle of a line, {line[-40:]!r}: it is "
            f"cut off. {_WAY_OUT}"
        )


def _check_encoding(file: Path, number: int, text: bytes) -> None:
    try:
        text.decode()
    except UnicodeDecodeError as error:
        raise ValueError(f"{file}, line {number}: not UTF-8: {error}. {_WAY_OUT}") from error
