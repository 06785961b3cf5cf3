"""Every training example of parallel pairs as a row of a ``datasets.Dataset``."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from datasets import Dataset

from hybridlib.data.parallel import Example, ParallelPairs


class ParallelDataset(Dataset):
    """One row a pair, query language and passage language that the pair has.

    A row holds the texts ``anchor``, ``positive`` and, where its corpus has them, ``negative``, and
    nothing else: sentence-transformers would embed a column of languages as a text. Texts are read
    when a row is; the rows of all language pairs share their memory, so that there may be many.
    Several corpora go into one set, by :meth:`ParallelPairs.concatenate`, not a ``DatasetDict``.

    Parameters
    ----------
    pairs
        What to train on.

    Raises
    ------
    ValueError
        If no pair is in two languages.
    """

    def __init__(self, pairs: ParallelPairs) -> None:
        present = pairs.rows >= 0
        if not (present.sum(1) >= 2).any():
            raise ValueError(
                f"none of the {len(pairs)} pairs is in two or more languages, there is "
                f"{', '.join(pairs.languages)}: translations share their corpus and pair id"
            )
        self.pairs = pairs
        self.epoch = 0
        language_sets, self._set = np.unique(present, axis=0, return_inverse=True)
        # (sets, languages): which of a set's languages; (pairs,): which of its set's pairs
        self._rank = np.cumsum(language_sets, axis=1) - 1
        self._place = np.empty(len(pairs), dtype=np.int64)
        self._num_languages, self._num_pairs = language_sets.sum(1), np.bincount(self._set)
        chunks: list[tuple[pa.Array, ...]] = []
        for number, languages in enumerate(language_sets):
            members = np.flatnonzero(self._set == number)
            self._place[members] = np.arange(len(members))
            chunks += _examples(members, np.flatnonzero(languages))
        sizes = self._num_languages**2 * self._num_pairs
        self._first = np.cumsum(sizes) - sizes
        columns = [pa.chunked_array(column) for column in zip(*chunks, strict=True)]
        table = pa.table(columns, names=["pair", "query_language", "passage_language"])
        super().__init__(table, fingerprint=pairs.revision)
        self.set_transform(self._texts)
        self._made_as = self._fingerprint  # another one after filter, with_format and their like

    @classmethod
    def from_rows(cls, rows: Dataset) -> "ParallelDataset":
        """Build from a data set with the columns of :class:`ParallelPairs`, in whatever order.

        Filter, shuffle or join the rows before: afterwards they no longer fit the pairs.

        Raises
        ------
        ValueError
            If :class:`ParallelPairs` refuses a row or a column, or no pair is in two languages.
        """
        index = [name for name in rows.column_names if name.startswith("__index_level_")]  # pandas'
        return cls(ParallelPairs(rows.remove_columns(index).with_format("arrow")[:]))

    @classmethod
    def from_csv(cls, file: str | Path) -> "ParallelDataset":
        """Build from a CSV file: see :meth:`ParallelPairs.from_csv`."""
        return cls(ParallelPairs.from_csv(file))

    @property
    def is_whole(self) -> bool:
        """Whether the rows and their texts are still those of the pairs."""
        return self._fingerprint == self._made_as

    def rows_of(self, examples: Sequence[Example]) -> list[int]:
        """Row of each example."""
        languages = self.pairs.languages
        pair = np.array([example.pair for example in examples])
        query = np.array([languages.index(example.query_language) for example in examples])
        passage = np.array([languages.index(example.passage_language) for example in examples])
        group = self._set[pair]
        block = self._rank[group, query] * self._num_languages[group] + self._rank[group, passage]
        return (self._first[group] + block * self._num_pairs[group] + self._place[pair]).tolist()

    def set_epoch(self, epoch: int) -> None:
        """Choose the epoch whose batches come next.

        Of a data set accelerate sets it whatever wraps the sampler; the sampler's own it does not
        reach in a run that several processes resume.
        """
        self.epoch = epoch

    def _texts(self, rows: dict[str, list[int]]) -> dict[str, list[str]]:
        languages = self.pairs.languages
        texts = [
            self.pairs[Example(pair, languages[query], languages[passage])]
            for pair, query, passage in zip(*rows.values(), strict=True)
        ]
        # rows of a corpus without negatives have two texts; no batch mixes corpora
        columns = zip(*texts, strict=False)
        names = ("anchor", "positive", "negative")
        return {name: list(column) for name, column in zip(names, columns, strict=False)}


def _examples(pairs: np.ndarray, languages: np.ndarray) -> Iterator[tuple[pa.Array, ...]]:
    """Yield columns for each query and passage language of pairs that have all of them."""
    pair = pa.array(pairs)
    codes = [pa.array(np.full(len(pairs), language)) for language in languages]
    for query in codes:
        for passage in codes:
            yield pair, query, passage
