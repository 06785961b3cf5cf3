"""MIRACL dev (Zhang et al., 2023): queries over the whole Wikipedia of their language."""

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator
from pathlib import Path

from hybridlib.checks import check
from hybridlib.data.fetch.hub import fetch_first, fetch_from_hub
from hybridlib.data.streamed_benchmark import Judgement, Passage, StreamedBenchmark
from hybridlib.files import checksum

TOPIC_REPOSITORIES = ("miracl/miracl", "macavaney/miracl-noauth")
CORPUS_REPOSITORY = "miracl/miracl-corpus"
NUM_CORPUS_FILES = {
    "ar": 5, "bn": 1, "en": 66, "es": 21, "fa": 5, "fi": 4, "fr": 30, "hi": 2,
    "id": 3, "ja": 14, "ko": 3, "ru": 20, "sw": 1, "te": 2, "th": 2, "zh": 10,
}  # fmt: skip
LANGUAGES = tuple(language for language in NUM_CORPUS_FILES if language != "en")  # tables 12, 13
NUM_PASSAGES = {
    "ar": 2_061_414, "bn": 297_265, "en": 32_893_221, "es": 10_373_953,
    "fa": 2_207_172, "fi": 1_883_509, "fr": 14_636_953, "hi": 506_264,
    "id": 1_446_315, "ja": 6_953_614, "ko": 1_486_752, "ru": 9_543_918,
    "sw": 131_924, "te": 518_079, "th": 542_166, "zh": 4_934_368,
}  # fmt: skip


def load(language: str) -> StreamedBenchmark:
    """Load MIRACL dev of a language of table 11; the corpus is read later, a shard at a time.

    A passage's text is its article's title, a space and the passage, as mteb joins them. The files
    come from ``HYBRIDLIB_MIRROR`` (folder ``miracl/`` with the hub's paths), else from the hub;
    errors are those of :func:`hybridlib.data.fetch.hub.fetch_from_hub`. A damaged file is a
    ValueError that names file and line.

    Source: https://huggingface.co/datasets/miracl/miracl and miracl/miracl-corpus; section 4.1 and
    table 11 of the paper.
    """
    check("language of MIRACL", language, str, NUM_CORPUS_FILES)
    version = f"miracl-v1.0-{language}"
    paths = [f"{version}/{kind}/{kind}.{version}-dev.tsv" for kind in ("topics", "qrels")]
    topics, qrels = (fetch_first("miracl", TOPIC_REPOSITORIES, path) for path in paths)
    folder, numbers = f"miracl-corpus-v1.0-{language}", range(NUM_CORPUS_FILES[language])
    paths = [f"{folder}/docs-{number}.jsonl.gz" for number in numbers]
    corpus = [fetch_from_hub("miracl", CORPUS_REPOSITORY, path) for path in paths]
    sums = b"".join(bytes.fromhex(checksum(file)) for file in (topics, qrels, *corpus))
    revision = hashlib.sha256(sums).hexdigest()[:16]
    judged = _queries(topics), _judgements(qrels)
    return StreamedBenchmark(
        "miracl", language, *judged, corpus, _passages, revision, NUM_PASSAGES[language]
    )


def _queries(file: Path) -> dict[str, str]:
    queries: dict[str, str] = {}
    for place, (query, text) in _tab_separated(file, ("query id", "query")):
        if query in queries:
            raise ValueError(f"{place}: query {query!r} stands there twice")
        queries[query] = text
    return queries


def _judgements(file: Path) -> list[Judgement]:
    judgements = []
    for place, fields in _tab_separated(file, ("query id", "Q0", "passage id", "relevance")):
        query, _, passage, relevance = fields
        if relevance not in ("0", "1"):
            raise ValueError(f"{place}: relevance must be 0 or 1, got {relevance!r}")
        judgements.append(Judgement(query, passage, int(relevance), place))
    return judgements


def _passages(file: Path) -> Iterator[Passage]:
    number = 0
    try:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                number += 1
                passage = json.loads(line)
                yield passage["docid"], f"{passage['title'] or ''} {passage['text']}".strip()
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ValueError(
            f"{file} is cut or damaged behind line {number} ({error}). Way out: delete it and "
            f"download it again, from {CORPUS_REPOSITORY}"
        ) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ValueError(
            f"{file}, line {number}: not a passage with docid, title and text ({error!r})"
        ) from error


def _tab_separated(file: Path, names: tuple[str, ...]) -> Iterator[tuple[str, list[str]]]:
    """Yield place and fields of each line; there is no quoting."""
    with file.open(encoding="utf-8", newline="\n") as lines:
        for number, line in enumerate(lines, start=1):
            place, fields = f"{file}, line {number}", line.rstrip("\r\n").split("\t")
            if len(fields) != len(names) or not all(field.strip() for field in fields):
                expected, found = ", ".join(names), line.rstrip()[:80]
                raise ValueError(f"{place}: expected {expected} between tabs, got {found!r}")
            yield place, fields
