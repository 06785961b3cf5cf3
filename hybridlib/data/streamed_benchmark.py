"""Evaluation data whose corpus is read from its files, a shard at a time."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PASSAGES_A_SHARD = 49_152  # a kill while encoding costs at most one shard; 38 MB of 384 float16

Passage = tuple[str, str]


@dataclass(frozen=True)
class Judgement:
    """One line of the relevance judgements; ``place`` names file and line."""

    query: str
    passage: str
    relevance: int
    place: str


class StreamedBenchmark:
    """Queries, judgements and a corpus of one language, of which memory holds one shard.

    Parameters
    ----------
    name
        Short name, as in ``miracl``.
    language
        ISO 639-1.
    queries
        Texts by id.
    judgements
        Which passages were judged for which query; those of relevance 0 do not answer it.
    corpus_files
        The files of the corpus, in order.
    read_file
        Yields id and text of each passage of a file.
    revision
        Of every file, for the provenance of a result.

    Raises
    ------
    ValueError
        If there is no query, a query's text is empty, a query has no judgement, or a judgement
        stands there twice or names an unknown query. The message names the place.
    """

    def __init__(
        self,
        name: str,
        language: str,
        queries: Mapping[str, str],
        judgements: Sequence[Judgement],
        corpus_files: Sequence[Path],
        read_file: Callable[[Path], Iterator[Passage]],
        revision: str,
    ) -> None:
        self.name = name
        self.language = language
        self.queries = dict(queries)
        self.judgements = list(judgements)
        self.revision = revision
        self._corpus_files = list(corpus_files)
        self._read_file = read_file
        self._check()

    def _check(self) -> None:
        place = f"{self.name} {self.language}"
        if not self.queries:
            raise ValueError(f"{place}: there is no query")
        for query, text in self.queries.items():
            if not text.strip():
                raise ValueError(f"{place}: the text of query {query!r} is empty")
        seen = set()
        for judgement in self.judgements:
            pair = judgement.query, judgement.passage
            if judgement.query not in self.queries:
                raise ValueError(f"{judgement.place}: query {judgement.query!r} is unknown")
            if pair in seen:
                raise ValueError(f"{judgement.place}: {pair} is judged twice")
            seen.add(pair)
        unjudged = set(self.queries) - {query for query, _ in seen}
        if unjudged:
            raise ValueError(
                f"{place}: {len(unjudged)} queries have no judgement, {min(unjudged)!r} among "
                "them; the file of judgements seems to be cut. Way out: download it again"
            )

    def shards(self) -> Iterator[tuple[list[str], list[str]]]:
        """Read the whole corpus, in the order of its files.

        Yields
        ------
        Ids and texts of at most ``PASSAGES_A_SHARD`` passages of one file.

        Raises
        ------
        ValueError
            If a file is damaged or, once the corpus has been read, a judgement names a passage that
            it does not have.
        """
        unseen = {judgement.passage for judgement in self.judgements}
        for file in self._corpus_files:
            ids, texts = [], []
            for passage, text in self._read_file(file):
                ids.append(passage)
                texts.append(text)
                if len(ids) == PASSAGES_A_SHARD:
                    unseen.difference_update(ids)
                    yield ids, texts
                    ids, texts = [], []
            if ids:
                unseen.difference_update(ids)
                yield ids, texts
        for judgement in self.judgements:
            if judgement.passage in unseen:
                raise ValueError(
                    f"{judgement.place}: passage {judgement.passage!r} is not in the corpus of "
                    f"{self.name} {self.language} ({len(unseen)} judged passages are not)"
                )


def hash_of_files(files: Sequence[Path]) -> str:
    """First 16 hexadecimal digits of the SHA-256 of files' SHA-256s, in order."""
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as source:
            digest.update(hashlib.file_digest(source, "sha256").digest())
    return digest.hexdigest()[:16]
