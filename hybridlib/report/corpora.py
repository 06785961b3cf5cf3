"""Tables of the data: corpora and their examples."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from hybridlib.data.parallel import Key, ParallelPairs


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
