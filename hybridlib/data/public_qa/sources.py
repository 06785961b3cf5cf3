"""Where the public sets of the paper's table 9 lie, and which of that table cannot be had."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from hybridlib.data.public_qa import rows as rows_of
from hybridlib.data.public_qa.rows import Row, Texts


@dataclass(frozen=True)
class Source:
    """Where a set lies and how it is laid out.

    ``builder`` is one of ``datasets``, as in ``load_dataset("parquet")``; repositories' own scripts
    are never run. ``columns`` are those that ``read`` needs to make pairs of a row.
    """

    repository: str
    files: tuple[str, ...]
    builder: str
    columns: tuple[str, ...]
    read: Callable[[Row], Iterator[Texts]]
    has_negatives: bool = False


SOURCES: Mapping[str, Source] = {
    "duorc": Source(
        "ibm-research/duorc",
        ("SelfRC/train-00000-of-00001.parquet",),  # asked about this plot, not a paraphrase of it
        "parquet",
        ("plot", "question", "answers"),
        rows_of.from_document("plot"),
    ),
    "mfaq": Source("clips/mfaq", ("data/en/train.jsonl",), "json", ("qa_pairs",), rows_of.mfaq),
    "mr-tydi": Source(
        "castorini/mr-tydi",
        ("mrtydi-v1.1-english/train.jsonl.gz",),
        "json",
        ("query", "positive_passages", "negative_passages"),
        rows_of.mr_tydi,
        has_negatives=True,
    ),
    "natural-questions": Source(
        "sentence-transformers/natural-questions",
        ("pair/train-00000-of-00001.parquet",),
        "parquet",
        ("query", "answer"),
        rows_of.as_they_are("query", "answer"),
    ),
    "newsqa": Source(
        "lucadiliello/newsqa",
        ("data/train-00000-of-00001-ec54fbe500fc3b5c.parquet",),
        "parquet",
        ("context", "question", "answers"),
        rows_of.from_document("context"),
    ),
    "wiki-qa": Source(
        "microsoft/wiki_qa",
        tuple(f"data/{split}-00000-of-00001.parquet" for split in ("train", "validation", "test")),
        "parquet",
        ("question", "answer", "label"),
        rows_of.wiki_qa,
    ),
    "yahoo-answers": Source(
        "sentence-transformers/yahoo-answers",
        ("question-answer-pair/train-00000-of-00001.parquet",),
        "parquet",
        ("question", "answer"),
        rows_of.as_they_are("question", "answer"),
    ),
}

# Row of the paper's table 9: the corpus that it is here, or None, and what differs
TABLE_9: Mapping[str, tuple[str | None, str]] = {
    "WikiQA": ("wiki-qa", "English only, all three splits"),
    "Mr. TyDi": ("mr-tydi", "the paper's; with a hard negative"),
    "DuoRC": ("duorc", "English only; SelfRC, the passage of the plot that holds the answer"),
    "NewsQA": ("newsqa", "English only; the passage of the article that holds the answer"),
    "Google NQ": ("natural-questions", "English only, in the form of sentence-transformers"),
    "Yahoo QA": ("yahoo-answers", "English only, in the form of sentence-transformers"),
    "EntityQuestions": (None, "published as questions and answers without passages"),
    "MFAQ": ("mfaq", "the paper's"),
    "mMARCO": ("mmarco", "each pair once; the paper counts a pair with every negative"),
}
