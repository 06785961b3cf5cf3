"""mMARCO: MS MARCO's training triples, machine-translated; the paper's parallel training set."""

import hashlib
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv
from tqdm import tqdm

from hybridlib.checks import check
from hybridlib.data.fetch.download import cache_folder, in_mirror
from hybridlib.data.fetch.hub import fetch_from_hub
from hybridlib.data.fetch.table_cache import cached_table
from hybridlib.data.pair_checks import pair_schema
from hybridlib.data.parallel import ParallelPairs

CORPUS = "mmarco"
REPOSITORY = "unicamp-dl/mmarco"
TRIPLES = "data/triples.train.ids.small.tsv"
# The paper's; mMARCO has seven more. Vietnamese is one of them, but held out of training
NAMES = {
    "ar": "arabic", "de": "german", "en": "english", "es": "spanish", "hi": "hindi",
    "ru": "russian", "zh": "chinese",
}  # fmt: skip
LANGUAGES = tuple(NAMES)
_VERSION = 1  # to be raised when the code below makes other tables of the same files
_WAY_OUT = "Way out: put the whole file there again"


def load(languages: Sequence[str] = LANGUAGES) -> ParallelPairs:
    """Load the distinct positive pairs, each with one hard negative: the first that stands with it.

    They are about 530,000 in each language, an ISO 639-1 code: the paper counts 39,780,811 triples,
    most of which repeat a pair with another negative. A pair lacks the languages in which one of
    its texts is empty.

    The first call streams the files (the triples 0.9 GB, and for each language a collection of 2.7
    to 7.6 GB and the queries) into one Arrow file a language; memory holds the pairs' texts of one
    language, not the files. Later calls map these files into memory. A call after a kill keeps the
    languages that were complete. The files may then be deleted, if they came from the hub.

    Raises ValueError if a line of a file is broken, a file is cut off, or a collection lacks an id.
    The message names file and line. If a file is missing, as
    :func:`hybridlib.data.fetch.hub.fetch_from_hub`.

    Source: https://huggingface.co/datasets/unicamp-dl/mmarco, Google's translations (Bonifacio et
    al., 2021); table 9 of the paper.
    """
    for language in languages or [""]:
        check("language of mMARCO", language, str, NAMES)
    tables = []
    for language in tqdm(sorted(set(languages)), desc=CORPUS, unit="language"):
        file = _cached(language, [TRIPLES, *_paths(language)])
        tables.append(cached_table(file, partial(_pairs, language)))
    return ParallelPairs(pa.concat_tables(tables))


def _paths(language: str) -> tuple[str, str]:
    name = NAMES[language]
    return (
        f"data/google/queries/train/{name}_queries.train.tsv",
        f"data/google/collections/{name}_collection.tsv",
    )


def _cached(name: str, paths: Sequence[str]) -> Path:
    """Name a table by what it depends on; files of a mirror may change, those of the hub do not."""
    files = [in_mirror(f"{CORPUS}/{path}") for path in paths]
    states = [(file.stat().st_size, file.stat().st_mtime_ns) if file else "hub" for file in files]
    key = hashlib.sha256(repr((_VERSION, states)).encode()).hexdigest()[:16]
    return cache_folder() / CORPUS / f"{name}-{key}.arrow"


def _pairs(language: str) -> pa.Table:
    query_file, passage_file = (
        fetch_from_hub(CORPUS, REPOSITORY, path) for path in _paths(language)
    )
    triples = cached_table(_cached("triples", [TRIPLES]), _distinct_pairs)
    query, positive, negative = (column.to_numpy() for column in triples.columns)
    queries = _texts_by_id(query_file, query)
    passages = _texts_by_id(passage_file, np.concatenate([positive, negative]))
    texts = {
        "query": queries[query].array,
        "passage": passages[positive].array,
        "negative": passages[negative].array,
    }
    ids = [f"{one}-{other}" for one, other in zip(query, positive, strict=True)]
    frame = pd.DataFrame({"corpus": CORPUS, "pair": ids, "language": language, **texts})
    has_texts = (frame[list(texts)] != "").all(axis=1)
    table = pa.Table.from_pandas(frame[has_texts], pair_schema(True), preserve_index=False)
    return table.replace_schema_metadata(None)


def _distinct_pairs() -> pa.Table:
    """Select the first triple of each distinct (query, positive), in the file's order."""
    file = fetch_from_hub(CORPUS, REPOSITORY, TRIPLES)
    found = pd.DataFrame()
    for batch in _batches(file, dict.fromkeys(("query", "positive", "negative"), pa.int64())):
        found = pd.concat([found, batch.to_pandas()]).drop_duplicates(["query", "positive"])
    _check_end(file)
    return pa.Table.from_pandas(found, preserve_index=False)


def _texts_by_id(file: Path, ids: np.ndarray) -> pd.Series:
    """Texts by id, without white space around them; they may be empty."""
    wanted = pd.Index(np.unique(ids))
    parts = []
    for batch in _batches(file, {"id": pa.int64(), "text": pa.large_string()}):
        is_wanted = wanted.get_indexer(batch["id"].to_numpy()) >= 0
        parts.append(batch.filter(pa.array(is_wanted)))
    if is_wanted[-1]:
        _check_end(file)
    texts = pa.Table.from_batches(parts).to_pandas().set_index("id")["text"].str.strip()
    missing = wanted.difference(texts.index)
    if len(missing):
        raise ValueError(
            f"{file} lacks {len(missing)} of the {len(wanted)} ids that the triples name, as "
            f"{missing[0]}: it is cut off, or of another version. {_WAY_OUT}"
        )
    return texts[~texts.index.duplicated(keep="last")]


def _batches(file: Path, types: dict[str, pa.DataType]) -> Iterator[pa.RecordBatch]:
    """Read lines of tab-separated columns, a block at a time, and show the progress."""
    # one thread: with several, errors do not name the line
    read = csv.ReadOptions(use_threads=False, column_names=list(types))
    parse = csv.ParseOptions(delimiter="\t", quote_char=False, ignore_empty_lines=False)
    convert = csv.ConvertOptions(column_types=types, null_values=[])
    bar = tqdm(total=file.stat().st_size, desc=file.name, unit="B", unit_scale=True, leave=False)
    try:
        with csv.open_csv(file, read, parse, convert) as batches, bar:
            for batch in batches:
                yield batch
                bar.update(batch.nbytes)
    except pa.ArrowInvalid as error:
        raise ValueError(
            f"{file}: {error}. Expected lines of {', '.join(types)}, between tabs. {_WAY_OUT}"
        ) from error


def _check_end(file: Path) -> None:
    with file.open("rb") as stream:
        stream.seek(-1, 2)
        if stream.read() != b"\n":
            raise ValueError(f"{file} ends in the middle of a line: it is cut off. {_WAY_OUT}")
