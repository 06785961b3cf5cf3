"""The paper's English training sets that are public: table 9, apart from mMARCO."""

import hashlib
import zlib
from collections.abc import Iterator, Sequence
from functools import partial
from gzip import BadGzipFile
from pathlib import Path

from tqdm import tqdm

from hybridlib.data.fetch.download import cache_folder
from hybridlib.data.fetch.hub import fetch_from_hub
from hybridlib.data.fetch.table_cache import cached_table
from hybridlib.data.pair_batches import pair_reader
from hybridlib.data.parallel import ParallelPairs
from hybridlib.data.public_qa.rows import Row, Texts
from hybridlib.data.public_qa.sources import SOURCES, Source

_VERSION = 1  # to be raised when the code makes other tables of the same files


def load(name: str, max_pairs: int | None = None) -> ParallelPairs:
    """Load one set, in English only: the paper's translations of these sets are not public.

    The first call reads the files a batch at a time into an Arrow file, which later calls map.

    Parameters
    ----------
    name
        One of ``SOURCES``. In ``HYBRIDLIB_MIRROR`` its files lie in a folder of this name.
    max_pairs
        Take only the first so many pairs; by default all.

    Raises
    ------
    ValueError
        If the name is unknown, ``max_pairs`` is not positive, or a file is damaged or laid out in
        another way. The message names the file and the columns that it has.
    PermissionError, FileNotFoundError, ConnectionError
        If a file is not in the mirror and the hub does not give it.

    Source
    ------
    Table 9 of the paper.
    """
    if name not in SOURCES:
        raise ValueError(f"public set {name!r} is unknown; there is {', '.join(SOURCES)}")
    if max_pairs is not None and max_pairs < 1:
        raise ValueError(f"max_pairs must be at least 1, got {max_pairs}")
    source = SOURCES[name]
    files = [fetch_from_hub(name, source.repository, path) for path in source.files]
    table_file = cache_folder() / "public-qa" / f"{name}-{_key(files, max_pairs)}.arrow"
    pairs = _pairs(name, files, max_pairs)
    build = partial(pair_reader, pairs, source.has_negatives)
    return ParallelPairs(cached_table(table_file, build))


def _key(files: Sequence[Path], max_pairs: int | None) -> str:
    states = [(file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    return hashlib.sha256(repr((_VERSION, max_pairs, states)).encode()).hexdigest()[:16]


def _pairs(name: str, files: Sequence[Path], max_pairs: int | None) -> Iterator[tuple[str, ...]]:
    num_pairs = 0
    for file in files:
        for texts in _texts(SOURCES[name], file):
            if num_pairs == max_pairs:
                return
            if all(text and text.strip() for text in texts):
                yield name, str(num_pairs), "en", *(text.strip() for text in texts)
                num_pairs += 1
    if not num_pairs:
        raise ValueError(f"there is no pair in {', '.join(map(str, files))}")


def _texts(source: Source, file: Path) -> Iterator[Texts]:
    columns: list[str] = []
    try:
        for row in tqdm(_rows(source.builder, file), desc=file.name, unit="row", leave=False):
            columns = list(row)
            yield from source.read(row)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(
            f"{file} is laid out in another way: expected the columns {', '.join(source.columns)}, "
            f"found {', '.join(columns)} ({error!r})"
        ) from error


def _rows(builder: str, file: Path) -> Iterator[Row]:
    from datasets import load_dataset  # takes a second, and only this needs it

    folder = cache_folder() / "datasets"
    try:
        yield from load_dataset(
            builder, data_files=str(file), split="train", streaming=True, cache_dir=str(folder)
        )
    except (ValueError, StopIteration, EOFError, BadGzipFile, zlib.error) as error:
        raise ValueError(
            f"{file} is damaged, empty or no {builder}: {error}\nWay out: delete it and put the "
            "whole file there again"
        ) from error
