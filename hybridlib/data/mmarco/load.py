"""mMARCO: MS MARCO's training triples, machine-translated; the paper's parallel training set."""

import hashlib
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
from tqdm import tqdm

from hybridlib.data.fetch.download import cache_folder
from hybridlib.data.fetch.hub import fetch_from_hub, in_mirror
from hybridlib.data.fetch.table_cache import cached_table
from hybridlib.data.mmarco.files import TextsById, distinct_pairs
from hybridlib.data.pair_batches import pair_reader
from hybridlib.data.parallel import ParallelPairs

CORPUS = "mmarco"
REPOSITORY = "unicamp-dl/mmarco"
TRIPLES = "data/triples.train.ids.small.tsv"
# The paper's; mMARCO has seven more. Vietnamese is one of them, but held out of training
NAMES = {
    "ar": "arabic",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "hi": "hindi",
    "ru": "russian",
    "zh": "chinese",
}
LANGUAGES = tuple(NAMES)
_VERSION = 1  # to be raised when the code below makes other tables of the same files


def load(languages: Sequence[str] = LANGUAGES, max_pairs: int | None = None) -> ParallelPairs:
    """Load the distinct positive pairs, each with one hard negative: the first that stands with it.

    The first call streams the files (the triples 0.9 GB, and for each language a collection of 2.7
    to 7.6 GB and the queries) into one Arrow file a language; memory grows with the number of pairs
    but not with the files. Later calls map these files into memory. A call after a kill keeps the
    languages that were complete. The files may then be deleted, if they came from the hub.

    Parameters
    ----------
    languages
        ISO 639-1 codes.
    max_pairs
        Take only the first so many distinct pairs of the triples; by default all, about 530,000.
        The paper counts 39,780,811 triples: most of them repeat a pair with another negative.

    Returns
    -------
    One corpus, ``mmarco``. A pair lacks the languages in which one of its texts is empty.

    Raises
    ------
    ValueError
        If a language is not among them, ``max_pairs`` is not positive, a line of a file is broken,
        a file is cut off, or a collection lacks an id. The message names file and line.
    PermissionError, FileNotFoundError, ConnectionError
        If a file is not in ``mmarco/data/...`` in ``HYBRIDLIB_MIRROR`` and the hub does not give
        it: see :func:`hybridlib.data.fetch.hub.fetch_from_hub`.
    OSError
        If the cache's disk is full. The languages that were complete are kept.

    Source
    ------
    https://huggingface.co/datasets/unicamp-dl/mmarco, Google's translations (Bonifacio et al.,
    2021); table 9 of the paper.
    """
    for language in languages or [""]:
        if language not in NAMES:
            raise ValueError(f"languages must be among {', '.join(NAMES)}; got {language!r}")
    if max_pairs is not None and max_pairs < 1:
        raise ValueError(f"max_pairs must be at least 1, got {max_pairs}")
    tables = []
    for language in tqdm(sorted(set(languages)), desc=CORPUS, unit="language"):
        key = _key([TRIPLES, *_paths(language)], max_pairs)
        file = cache_folder() / CORPUS / f"{language}-{key}.arrow"
        rows = _rows(language, max_pairs)  # a generator: it begins only where the file is lacking
        tables.append(cached_table(file, partial(pair_reader, rows, has_negatives=True)))
    return ParallelPairs(pa.concat_tables(tables))


def _paths(language: str) -> tuple[str, str]:
    name = NAMES[language]
    return (
        f"data/google/queries/train/{name}_queries.train.tsv",
        f"data/google/collections/{name}_collection.tsv",
    )


def _key(paths: Sequence[str], max_pairs: int | None) -> str:
    """Name what a table depends on; files of a mirror may change, those of the hub do not."""
    files = [in_mirror(CORPUS, path) for path in paths]
    states = [(file.stat().st_size, file.stat().st_mtime_ns) if file else "hub" for file in files]
    return hashlib.sha256(repr((_VERSION, max_pairs, states)).encode()).hexdigest()[:16]


def _rows(language: str, max_pairs: int | None) -> Iterator[tuple[str, ...]]:
    query_file, passage_file = (_fetch(path) for path in _paths(language))
    triples = _triples(max_pairs)
    query, positive, negative = (triples[name].to_numpy() for name in triples.column_names)
    queries = TextsById(query_file, query)
    passages = TextsById(passage_file, np.concatenate([positive, negative]))
    for ids in zip(query.tolist(), positive.tolist(), negative.tolist(), strict=True):
        texts = queries[ids[0]], passages[ids[1]], passages[ids[2]]
        if all(texts):
            yield CORPUS, f"{ids[0]}-{ids[1]}", language, *texts


def _triples(max_pairs: int | None) -> pa.Table:
    file = cache_folder() / CORPUS / f"triples-{_key([TRIPLES], max_pairs)}.arrow"
    return cached_table(file, lambda: distinct_pairs(_fetch(TRIPLES), max_pairs))


def _fetch(path: str) -> Path:
    return fetch_from_hub(CORPUS, REPOSITORY, path)
