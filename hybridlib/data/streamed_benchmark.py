"""Evaluation data whose corpus is read from its files, a shard at a time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
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


@dataclass
class StreamedBenchmark:
    """Queries, judgements and a corpus of one language, of which memory holds one shard.

    ``queries`` are texts by id, ``judgements`` say which passages were judged for which query,
    where those of relevance 0 do not answer it. ``read_file`` yields id and text of each passage of
    one of the ``corpus_files``; ``expected_passages`` is the corpus' published size, or 0 where
    none is known. A query without text or judgement, or a judgement that stands there twice or
    names an unknown query, is a ValueError that names the place.
    """

    name: str
    language: str
    queries: Mapping[str, str]
    judgements: Sequence[Judgement]
    corpus_files: Sequence[Path]
    read_file: Callable[[Path], Iterator[Passage]]
    revision: str
    expected_passages: int = 0
    num_passages: int = field(default=0, init=False)  # of a corpus that was read to its end

    def __post_init__(self) -> None:
        place = f"{self.name} {self.language}"
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
        if unjudged or not self.queries:
            raise ValueError(
                f"{place}: {len(unjudged)} of {len(self.queries)} queries have no judgement, as "
                f"{min(unjudged, default='')!r}; a file seems to be cut. Way out: download it again"
            )

    def check_corpus(self) -> None:
        """Read the whole corpus once, so that nothing is encoded of one that is not whole."""
        for _ in self.shards():
            pass

    def shards(self) -> Iterator[tuple[list[str], list[str]]]:
        """Yield ids and texts of at most ``PASSAGES_A_SHARD`` passages of one file, in order.

        A damaged file is a ValueError; so is, once the corpus has been read, another size than the
        published one or a judgement of a passage that it does not have.
        """
        unseen = {judgement.passage for judgement in self.judgements}
        num_passages = 0
        for file in self.corpus_files:
            passages = self.read_file(file)
            while part := list(islice(passages, PASSAGES_A_SHARD)):
                ids, texts = map(list, zip(*part, strict=True))
                unseen.difference_update(ids)
                num_passages += len(ids)
                yield ids, texts
        corpus = f"the corpus of {self.name} {self.language}"
        for one in self.judgements:
            if one.passage in unseen:
                fault = f"passage {one.passage!r} is not in {corpus}"
                raise ValueError(f"{one.place}: {fault} ({len(unseen)} judged passages are not)")
        if self.expected_passages and num_passages != self.expected_passages:
            raise ValueError(
                f"{corpus} has {num_passages:,} passages, published are "
                f"{self.expected_passages:,}. Way out: download its files again, "
                f"{self.corpus_files[0].parent} has {len(self.corpus_files)}"
            )
        self.num_passages = num_passages
