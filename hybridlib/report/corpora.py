"""Tables of the data: corpora and their examples."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from hybridlib.data import mmarco
from hybridlib.data.parallel import Key, ParallelPairs
from hybridlib.data.public_qa_sources import SOURCES, TABLE_9
from hybridlib.report import reference


def corpus_sizes(pairs: ParallelPairs) -> pd.DataFrame:
    """Pairs of each corpus by language, and in all."""
    rows = []
    for code, corpus in enumerate(pairs.corpora):
        present = pairs.rows[pairs.corpus_of_pair == code] >= 0
        counts = dict(zip(pairs.languages, present.sum(0), strict=True))
        rows.append({"corpus": corpus, "pairs": len(present)} | counts)
    return pd.DataFrame(rows)


def examples(pairs: ParallelPairs, languages: Sequence[str]) -> pd.DataFrame:
    """First pair of each corpus that has the languages."""
    columns = [pairs.languages.index(language) for language in languages]
    complete = (pairs.rows[:, columns] >= 0).all(1)
    rows = []
    for code, corpus in enumerate(pairs.corpora):
        first = int(np.flatnonzero(complete & (pairs.corpus_of_pair == code))[0])
        for language in languages:
            query, passage = pairs[Key(first, language, language)]
            rows.append((corpus, language, query, passage))
    return pd.DataFrame(rows, columns=["corpus", "language", "query", "passage"])


def training_data() -> pd.DataFrame:
    """The paper's table 9 and what of it can be had.

    Returns
    -------
    Columns ``dataset``, ``pairs_per_language`` and ``languages`` of the paper; ``corpus``, its name
    here (missing where it cannot be had), ``repository`` on the Hugging Face hub, and ``note``: how
    it differs from the paper's, or why it cannot be had.
    """
    table = reference.training_data()
    repositories = {name: source.repository for name, source in SOURCES.items()}
    repositories[mmarco.CORPUS] = mmarco.REPOSITORY
    corpora, notes = zip(*(TABLE_9[name] for name in table["dataset"]), strict=True)
    hosts = [repositories[corpus] if corpus else None for corpus in corpora]
    return table.assign(corpus=list(corpora), repository=hosts, note=list(notes))
