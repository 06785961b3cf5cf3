"""Training data: parallel query-passage pairs."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from hybridlib.checks import Range, check
from hybridlib.data import pair_checks
from hybridlib.data.fingerprint import fingerprint
from hybridlib.data.groups import group_pairs, text_codes
from hybridlib.data.pair_checks import COLUMNS, NEGATIVE, QUERY_ID


class Example(NamedTuple):
    """One training example: which pair, and in which language each side is read."""

    pair: int  # its index in ParallelPairs
    query_language: str
    passage_language: str


class ParallelPairs:
    """Query-passage pairs, each in one or more languages, from one or more corpora.

    Raises ValueError if a column is missing, unknown or no text, a text is empty, a language is no
    language code, a pair has a language twice, or a corpus has negatives in some rows only. The
    message names the row.

    Parameters
    ----------
    table
        One row a pair and language, with the string columns ``corpus``, ``pair`` (an id, unique
        within its corpus), ``language`` (BCP 47), ``query`` and ``passage``. The rows of a pair
        are translations of each other. A corpus may have hard negatives: then ``negative`` holds in
        each of its rows a passage that does not answer the query. Ids of queries, where a source
        has some, are in ``query_id``. The table may be memory-mapped; it is not copied.
    """

    def __init__(self, table: pa.Table) -> None:
        pair_checks.check_rows(table)
        optional = [
            name
            for name in (NEGATIVE, QUERY_ID)
            if name in table.column_names and not pa.types.is_null(table[name].type)
        ]
        self.table = table.select([*COLUMNS, *optional])
        self.languages: tuple[str, ...] = tuple(sorted(pc.unique(table["language"]).to_pylist()))
        self.corpora: tuple[str, ...] = tuple(sorted(pc.unique(table["corpus"]).to_pylist()))
        pair, pairs = _codes_of_both(table["corpus"], table["pair"])
        language = _codes(table["language"], self.languages)
        # (pairs, languages): the table's row, -1 where a pair lacks the language
        self.rows = np.full((len(pairs), len(self.languages)), -1, dtype=np.int64)
        self.rows[pair, language] = np.arange(len(pair))
        if np.count_nonzero(self.rows >= 0) < len(pair):
            raise ValueError(pair_checks.describe_duplicate(table, pair, language))
        # (pairs,): index into `corpora`
        self.corpus_of_pair = np.zeros(len(pairs), dtype=np.int64)
        self.corpus_of_pair[pair] = _codes(table["corpus"], self.corpora)

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, str]]) -> "ParallelPairs":
        """Build from dictionaries of the table's columns: see :class:`ParallelPairs`.

        Examples
        --------
        >>> pairs = ParallelPairs.from_rows(
        ...     {"corpus": "demo", "pair": "1", "language": language, "query": q, "passage": p}
        ...     for language, q, p in [("en", "Capital?", "Paris."), ("de", "Hauptort?", "Paris.")]
        ... )
        >>> len(pairs), pairs.languages
        (1, ('de', 'en'))
        >>> pairs[Example(0, "de", "en")]
        ('Hauptort?', 'Paris.')
        """
        content = [dict(row) for row in rows]
        names = list(dict.fromkeys([*COLUMNS, *(name for row in content for name in row)]))
        pair_checks.check_columns(names)
        schema = pa.schema([(name, pa.string()) for name in names])
        try:
            table = pa.Table.from_pylist(content, schema=schema)
        except (pa.ArrowTypeError, pa.ArrowInvalid) as error:
            raise ValueError(pair_checks.describe_non_text(content, names)) from error
        return cls(table)

    @classmethod
    def from_csv(cls, file: str | Path) -> "ParallelPairs":
        """Build from a CSV file, plain or compressed, with the table's columns.

        All of them are read as text: ``0042``, ``1.10`` and ``NA`` stay as they are. An empty
        negative or query id is a missing one. A file that is no CSV in UTF-8 is a ValueError.
        """
        try:
            frame = pd.read_csv(Path(file), dtype=str, keep_default_na=False, na_values=[""])
        except ValueError as error:
            raise ValueError(f"{file} is no CSV in UTF-8: {str(error).strip()}") from error
        if not frame.index.equals(pd.RangeIndex(len(frame))):  # what is too much became an index
            raise ValueError(f"{file}: the first row has more fields than the header")
        return cls(pa.Table.from_pandas(frame, preserve_index=False))

    @classmethod
    def concatenate(cls, parts: Sequence["ParallelPairs"]) -> "ParallelPairs":
        """Join corpora; a pair id may stand in several corpora, but only once in each."""
        return cls(pa.concat_tables([one.table for one in parts], promote_options="permissive"))

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, example: Example) -> tuple[str, ...]:
        """Return query, passage and, if there is one, the negative in the passage's language."""
        query_row = self._row(example.pair, example.query_language)
        passage_row = self._row(example.pair, example.passage_language)
        texts = [self.table["query"][query_row], self.table["passage"][passage_row]]
        if NEGATIVE in self.table.column_names:
            texts.append(self.table[NEGATIVE][passage_row])
        return tuple(text.as_py() for text in texts if text.is_valid)

    @property
    def revision(self) -> str:
        """Fingerprint of every row, for the provenance of a result."""
        return fingerprint(self.table)

    @cached_property
    def groups(self) -> np.ndarray:
        """Which pairs answer one question: the group of each. Shape: (pairs,).

        A group's pairs share a query text, a passage text, in whatever language, or a query id of
        their corpus, or are joined by others that do. Each one's passage may answer the other's
        query, so no batch holds two of them, and no hold-out one of a training's.
        """
        columns = [self.table["query"], self.table["passage"]]
        if QUERY_ID in self.table.column_names:
            known = self.table[QUERY_ID].is_valid()
            codes, _ = _codes_of_both(self.table["corpus"], self.table[QUERY_ID].fill_null(""))
            ids = pc.if_else(known.combine_chunks(), pa.array(codes.astype(str)), None)
            columns.append(pa.chunked_array([ids]))
        return group_pairs(self._pair_of_row, columns)

    @cached_property
    def negative_groups(self) -> np.ndarray:
        """Group that each hard negative is a passage of; -1: of none. Shape: (pairs, languages).

        Where a pair lacks a language, the group means nothing.
        """
        if NEGATIVE not in self.table.column_names:
            return np.full_like(self.rows, -1)
        passages = text_codes(self.table["passage"])
        negatives = text_codes(pc.fill_null(self.table[NEGATIVE], ""))
        rows, looked_up = np.argsort(passages), np.argsort(negatives)
        passages, negatives = passages[rows], negatives[looked_up]  # in order: far faster
        place = np.searchsorted(passages, negatives).clip(max=len(passages) - 1)
        group = np.full(len(negatives), -1)
        is_passage = passages[place] == negatives
        pairs = self._pair_of_row[rows[place[is_passage]]]
        group[looked_up[is_passage]] = self.groups[pairs]
        return group[self.rows]

    @property
    def _pair_of_row(self) -> np.ndarray:
        pair = np.empty(self.table.num_rows, dtype=np.int64)
        present = self.rows >= 0
        pair[self.rows[present]] = np.nonzero(present)[0]
        return pair

    def only(self, languages: Sequence[str]) -> "ParallelPairs":
        """Keep the rows in these languages; each must have a pair."""
        for language in languages:
            if language not in self.languages:
                raise ValueError(
                    f"no pair in language {language!r}; {', '.join(self.corpora)} has "
                    f"{', '.join(self.languages)}"
                )
        is_wanted = pc.is_in(self.table["language"], pa.array(languages))
        return ParallelPairs(self.table.filter(is_wanted))

    def split(self, num_held_out: int, seed: int) -> tuple["ParallelPairs", "ParallelPairs"]:
        """Part into (kept, held out) by group, so that no question stands on both sides.

        Groups are drawn until ``num_held_out`` pairs are held out; the last one may bring more.
        """
        check("num_held_out", num_held_out, int, Range(1, len(self) - 1))
        sizes = np.bincount(self.groups)
        drawn = np.random.default_rng(seed).permutation(len(sizes))
        num_groups = int(np.searchsorted(sizes[drawn].cumsum(), num_held_out)) + 1
        if num_groups == len(sizes):
            raise ValueError(
                f"{num_held_out} of {len(self)} pairs cannot be held out: they lie in "
                f"{len(sizes)} groups that share a query or a passage, and none would be left"
            )
        is_held_out = np.isin(self.groups, drawn[:num_groups])
        return self.take(np.flatnonzero(~is_held_out)), self.take(np.flatnonzero(is_held_out))

    def complete(self, languages: Sequence[str]) -> "ParallelPairs":
        """Keep the pairs that have all of these languages, and these languages of them alone."""
        pairs = self.only(languages)
        return pairs.take(np.flatnonzero((pairs.rows >= 0).all(1)))

    def take(self, pairs: np.ndarray) -> "ParallelPairs":
        """Keep the pairs of these indices, in their old order."""
        rows = self.rows[np.sort(pairs)]
        return ParallelPairs(self.table.take(rows[rows >= 0]))

    def _row(self, pair: int, language: str) -> int:
        row = self.rows[pair, self.languages.index(language)] if language in self.languages else -1
        if row < 0:
            raise KeyError(f"pair {pair} has no text in language {language!r}")
        return int(row)


def _codes_of_both(first: pa.ChunkedArray, second: pa.ChunkedArray) -> tuple[np.ndarray, Any]:
    """Number the combinations of two columns in the order of their first rows."""
    left, right = (
        column.combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False)
        for column in (first, second)
    )
    return pd.factorize(left.astype(np.int64) * len(right) + right)


def _codes(column: pa.ChunkedArray, values: Sequence[str]) -> np.ndarray:
    return pc.index_in(column, pa.array(values)).to_numpy().astype(np.int64)
