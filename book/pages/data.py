"""Tables of the data: corpora and their examples."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from book.shared import reference
from hybridlib.data import mmarco
from hybridlib.data.parallel import Example, ParallelPairs
from hybridlib.data.public_qa import SOURCES, TABLE_9


def examples(pairs: ParallelPairs, languages: Sequence[str]) -> pd.DataFrame:
    """First pair of each corpus that has the languages."""
    columns = [pairs.languages.index(language) for language in languages]
    complete = (pairs.rows[:, columns] >= 0).all(1)
    rows = []
    for code, corpus in enumerate(pairs.corpora):
        first = int(np.flatnonzero(complete & (pairs.corpus_of_pair == code))[0])
        for language in languages:
            query, passage = pairs[Example(first, language, language)]
            rows.append((corpus, language, query, passage))
    return pd.DataFrame(rows, columns=["corpus", "language", "query", "passage"])


def beside_paper(counts: pd.DataFrame, paper: pd.DataFrame, dataset: str) -> pd.DataFrame:
    """Put the counted sizes of a benchmark beside those of table 10, by the paper's name of it."""
    theirs = paper.loc[paper["dataset"] == dataset, ["language", "queries", "candidates"]]
    return counts.drop(columns="dataset").merge(
        theirs, on="language", how="outer", suffixes=("", "_paper")
    )


def training_data() -> pd.DataFrame:
    """The paper's table 9, the corpus here, if it can be had, and how it differs or why not."""
    table = reference.training_data()
    repositories = {name: source.repository for name, source in SOURCES.items()}
    repositories[mmarco.CORPUS] = mmarco.REPOSITORY
    corpora, notes = zip(*(TABLE_9[name] for name in table["dataset"]), strict=True)
    hosts = [repositories[corpus] if corpus else None for corpus in corpora]
    table = table.rename(columns={"languages": "languages in the paper"})
    return table.assign(corpus=list(corpora), repository=hosts, note=list(notes))
