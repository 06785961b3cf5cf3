"""Training data: parallel query-passage pairs."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from hybridlib.data.fingerprint import fingerprint
from hybridlib.data.pair_checks import COLUMNS, NEGATIVE, check_rows, describe_duplicate


class Key(NamedTuple):
    """One training example: which pair, and in which language each side is read.

    ``pair`` is the index of a pair in its :class:`ParallelPairs`, 0 <= pair < len(pairs).
    """

    pair: int
    query_language: str
    passage_language: str


class ParallelPairs:
    """Query-passage pairs, each in one or more languages, from one or more corpora.

    Parameters
    ----------
    table
        One row a pair and language, with the string columns ``corpus``, ``pair`` (an id, unique
        within its corpus), ``language`` (ISO 639-1), ``query`` and ``passage``. The rows of a pair
        are translations of each other. A corpus may have hard negatives: then the column
        ``negative`` holds in each of its rows a passage that does not answer the query. The table
        may be memory-mapped; it is not copied.

    Raises
    ------
    ValueError
        If a column is missing, a text is empty, a language is no ISO 639-1 code, a pair has a
        language twice, a corpus has negatives in some rows only, or there is no row at all. The
        message names the row.
    """

    def __init__(self, table: pa.Table) -> None:
        check_rows(table)
        has_negatives = NEGATIVE in table.column_names
        self.table = table.select([*COLUMNS, NEGATIVE] if has_negatives else COLUMNS)
        self.languages: tuple[str, ...] = tuple(sorted(pc.unique(table["language"]).to_pylist()))
        self.corpora: tuple[str, ...] = tuple(sorted(pc.unique(table["corpus"]).to_pylist()))
        pair, pairs = _pair_codes(table)
        language = _codes(table["language"], self.languages)
        # (pairs, languages): the table's row, -1 where a pair lacks the language
        self.rows = np.full((len(pairs), len(self.languages)), -1, dtype=np.int64)
        if len(np.unique(pair * len(self.languages) + language)) < len(pair):
            raise ValueError(describe_duplicate(table, pair, language))
        self.rows[pair, language] = np.arange(len(pair))
        # (pairs,): index into `corpora`
        self.corpus_of_pair = np.zeros(len(pairs), dtype=np.int64)
        self.corpus_of_pair[pair] = _codes(table["corpus"], self.corpora)

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, str]]) -> "ParallelPairs":
        """Build from dictionaries: corpus, pair, language, query, passage and perhaps negative.

        Examples
        --------
        >>> pairs = ParallelPairs.from_rows(
        ...     {"corpus": "demo", "pair": "1", "language": language, "query": q, "passage": p}
        ...     for language, q, p in [("en", "Capital?", "Paris."), ("de", "Hauptort?", "Paris.")]
        ... )
        >>> len(pairs), pairs.languages
        (1, ('de', 'en'))
        >>> pairs[Key(0, "de", "en")]
        ('Hauptort?', 'Paris.')
        """
        content = [dict(row) for row in rows]
        names = [*COLUMNS, NEGATIVE] if any(NEGATIVE in row for row in content) else COLUMNS
        schema = pa.schema([(name, pa.string()) for name in names])
        return cls(pa.Table.from_pylist(content, schema=schema))

    @classmethod
    def concatenate(cls, parts: Sequence["ParallelPairs"]) -> "ParallelPairs":
        """Join corpora; a pair id may stand in several corpora, but only once in each."""
        tables = [part.table for part in parts]
        return cls(pa.concat_tables(tables, promote_options="permissive"))

    def __len__(self) -> int:
        """Count the distinct pairs, whatever the number of their languages."""
        return len(self.rows)

    def __getitem__(self, key: Key) -> tuple[str, ...]:
        """Return the texts of a training example: query, passage and, if it has one, negative.

        The negative is in the passage's language.
        """
        query_row = self._row(key.pair, key.query_language)
        passage_row = self._row(key.pair, key.passage_language)
        texts = [self.table["query"][query_row], self.table["passage"][passage_row]]
        if NEGATIVE in self.table.column_names:
            texts.append(self.table[NEGATIVE][passage_row])
        return tuple(text.as_py() for text in texts if text.is_valid)

    @property
    def revision(self) -> str:
        """Fingerprint of every row, for the provenance of a result."""
        return fingerprint(self.table)

    @cached_property
    def query_codes(self) -> np.ndarray:
        """Codes of the queries, equal for equal texts in any language. Shape: (pairs, languages).

        Where a pair lacks a language, the code means nothing.
        """
        return _text_codes(self.table["query"])[self.rows]

    @cached_property
    def passage_codes(self) -> np.ndarray:
        """Codes of the passages, as :attr:`query_codes`. Shape: (pairs, languages)."""
        return _text_codes(self.table["passage"])[self.rows]

    @cached_property
    def negative_codes(self) -> np.ndarray | None:
        """Codes of the negatives, as :attr:`query_codes`; None where no corpus has any."""
        if NEGATIVE not in self.table.column_names:
            return None
        return _text_codes(pc.fill_null(self.table[NEGATIVE], ""))[self.rows]

    def translations(self) -> "ParallelPairs":
        """Each passage as the query for its own translation: the pairs of translation ranking.

        Passages in one language alone have no translation and are left out.
        """
        keep = np.sort(self.rows[(self.rows >= 0).sum(1) >= 2], axis=None)
        table = self.table.take(keep[keep >= 0]).select(COLUMNS)
        place = table.column_names.index("query")
        return ParallelPairs(table.set_column(place, "query", table["passage"]))

    def only(self, languages: Sequence[str]) -> "ParallelPairs":
        """Keep the rows in these languages.

        Raises
        ------
        ValueError
            If there is no pair in one of the languages.
        """
        for language in languages:
            if language not in self.languages:
                raise ValueError(
                    f"no pair in language {language!r}; {', '.join(self.corpora)} has "
                    f"{', '.join(self.languages)}"
                )
        return ParallelPairs(
            self.table.filter(pc.is_in(self.table["language"], pa.array(languages)))
        )

    def split(self, num_held_out: int, seed: int) -> tuple["ParallelPairs", "ParallelPairs"]:
        """Part into (kept, held out) by pair, so that no translation crosses the line.

        Raises
        ------
        ValueError
            Unless 0 < num_held_out < len(self).
        """
        if not 0 < num_held_out < len(self):
            raise ValueError(
                f"num_held_out must lie between 1 and {len(self) - 1}, got {num_held_out}"
            )
        shuffled = np.random.default_rng(seed).permutation(len(self))
        held_out, kept = shuffled[:num_held_out], shuffled[num_held_out:]
        return self._take(kept), self._take(held_out)

    def _take(self, pairs: np.ndarray) -> "ParallelPairs":
        rows = self.rows[np.sort(pairs)]
        return ParallelPairs(self.table.take(rows[rows >= 0]))

    def _row(self, pair: int, language: str) -> int:
        row = self.rows[pair, self.languages.index(language)] if language in self.languages else -1
        if row < 0:
            raise KeyError(f"pair {pair} has no text in language {language!r}")
        return int(row)


def _pair_codes(table: pa.Table) -> tuple[np.ndarray, pa.Array]:
    names = pc.binary_join_element_wise(table["corpus"], table["pair"], "\x1f").combine_chunks()
    encoded = names.dictionary_encode()
    return encoded.indices.to_numpy().astype(np.int64), encoded.dictionary


def _codes(column: pa.ChunkedArray, values: Sequence[str]) -> np.ndarray:
    return pc.index_in(column, pa.array(values)).to_numpy().astype(np.int64)


def _text_codes(column: pa.ChunkedArray) -> np.ndarray:
    chunks = [chunk.to_numpy(zero_copy_only=False) for chunk in column.chunks]
    return np.concatenate([pd.util.hash_array(chunk, categorize=False) for chunk in chunks])
