"""Evaluation data: queries, candidates and which candidate answers which query."""

import pandas as pd
import pyarrow as pa

from hybridlib.data.fingerprint import fingerprint
from hybridlib.data.parallel import ParallelPairs

QUERY_COLUMNS = ("language", "question", "text")
CANDIDATE_COLUMNS = ("language", "candidate", "text")
RELEVANCE_COLUMNS = ("question", "candidate")
PLACE_COLUMNS = ("article", "paragraph")  # optional, of queries


class RetrievalBenchmark:
    """Queries and candidate passages in several languages, with their relevance.

    A *question* is asked in one or more languages: each (question, language) is one query. The
    relevant candidates of a question, in whatever language, are those of all of its queries.
    What does not join, or is empty, repeated or no text, is a ValueError that names the id.

    Parameters
    ----------
    name
        Short name, as in ``xquad-r``.
    queries
        Columns ``language`` (ISO 639-1), ``question`` (id) and ``text``; perhaps ``article`` and
        ``paragraph``, where it was asked: statistics take articles, whose questions share
        candidates, for clusters. Without them each question is an article of its own.
    candidates
        Columns ``language``, ``candidate`` (id, unique over all languages) and ``text``.
    relevance
        Columns ``question`` and ``candidate``: one row a relevant candidate.
    """

    def __init__(
        self, name: str, queries: pd.DataFrame, candidates: pd.DataFrame, relevance: pd.DataFrame
    ) -> None:
        self.name = name
        _check_texts(f"{name} queries", queries, QUERY_COLUMNS)
        _check_texts(f"{name} candidates", candidates, CANDIDATE_COLUMNS)
        _check_texts(f"{name} relevance", relevance, RELEVANCE_COLUMNS)
        _check_once(f"{name} queries", queries, ["language", "question"])
        _check_once(f"{name} candidates", candidates, ["candidate"])
        by_language = {"by": "language", "kind": "stable", "ignore_index": True}
        alone = {name: queries["question"] for name in PLACE_COLUMNS if name not in queries}
        placed = queries.assign(**alone)[[*QUERY_COLUMNS, *PLACE_COLUMNS]]
        self.queries = placed.sort_values(**by_language)
        self.candidates = candidates[list(CANDIDATE_COLUMNS)].sort_values(**by_language)
        self.relevance = relevance[list(RELEVANCE_COLUMNS)].drop_duplicates(ignore_index=True)
        self._check_relevance()
        if "relevance" in relevance:
            grades = pd.to_numeric(relevance["relevance"], errors="coerce")
            if not (grades > 0).all():
                raise ValueError(f"{name} relevance: every row counts; drop those of 0 or less")
        self.query_languages: tuple[str, ...] = tuple(sorted(queries["language"].unique()))
        self.candidate_languages: tuple[str, ...] = tuple(sorted(candidates["language"].unique()))

    @classmethod
    def from_pairs(cls, name: str, pairs: ParallelPairs) -> "RetrievalBenchmark":
        """Ask each query of parallel pairs for its passage, in every language that the pair has."""
        frame = pairs.table.to_pandas()
        frame["question"] = frame["corpus"] + "/" + frame["pair"]
        frame["candidate"] = frame["question"] + "/" + frame["language"]
        queries = frame.rename(columns={"query": "text"})
        return cls(name, queries, frame.rename(columns={"passage": "text"}), frame)

    def _check_relevance(self) -> None:
        for column, known in (("question", self.queries), ("candidate", self.candidates)):
            if lacking := set(self.relevance[column]) - set(known[column]):
                raise ValueError(
                    f"{self.name}: relevance names {len(lacking)} {column} ids that do not exist, "
                    f"{min(lacking)!r} among them"
                )
        if lacking := set(self.queries["question"]) - set(self.relevance["question"]):
            count, one = len(lacking), min(lacking)
            raise ValueError(
                f"{self.name}: {count} questions have no relevant candidate, as {one!r}"
            )

    @property
    def revision(self) -> str:
        """Fingerprint of every text and judgement, for the provenance of a result."""
        frames = (self.queries, self.candidates, self.relevance)
        tables = (pa.Table.from_pandas(frame, preserve_index=False) for frame in frames)
        return fingerprint(*(table.replace_schema_metadata(None) for table in tables))

    def relevant_candidates(self) -> pd.DataFrame:
        """Row numbers ``query`` and ``candidate`` of each query's relevant candidates, sorted."""
        queries = self.queries.reset_index(names="query")[["query", "question"]]
        candidates = self.candidates.reset_index(names="row")[["row", "candidate"]]
        joined = queries.merge(self.relevance, on="question").merge(candidates, on="candidate")
        rows = joined[["query", "row"]].rename(columns={"row": "candidate"})
        return rows.sort_values(["query", "candidate"], ignore_index=True)

    def sizes(self) -> pd.DataFrame:
        """Columns ``dataset``, ``language``, ``queries``, ``candidates``: tables 10 and 11."""
        sides = {"queries": self.queries["language"], "candidates": self.candidates["language"]}
        counts = pd.DataFrame({name: side.value_counts() for name, side in sides.items()})
        counts = counts.fillna(0).astype(int).sort_index().rename_axis("language").reset_index()
        counts.insert(0, "dataset", self.name)
        return counts


def _check_texts(place: str, frame: pd.DataFrame, columns: tuple[str, ...]) -> None:
    missing = [column for column in columns if column not in frame]
    if missing:
        raise ValueError(f"{place}: columns {missing} are missing, got {list(frame.columns)}")
    if frame.empty:
        raise ValueError(f"{place}: there is no row")
    for column in columns:
        values = frame[column].astype(object)
        is_text = values.map(lambda value: isinstance(value, str) and bool(value.strip()))
        if not is_text.all():
            row = frame[~is_text].iloc[0].to_dict()
            raise ValueError(f"{place}: the {column} is empty or no text at {row}")


def _check_once(place: str, frame: pd.DataFrame, identity: list[str]) -> None:
    repeated = frame.duplicated(identity)
    if repeated.any():
        row = frame.loc[repeated, identity].iloc[0].to_dict()
        raise ValueError(f"{place}: {row} stands there twice")
