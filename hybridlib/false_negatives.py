"""Which examples may meet in a batch: a text that stands there twice is a false negative."""

from hybridlib.data.parallel import ParallelPairs


class DistinctTexts:
    """The texts of a batch so far.

    Parameters
    ----------
    pairs
        Whose examples come.
    """

    def __init__(self, pairs: ParallelPairs) -> None:
        self.pairs = pairs
        self.queries: set[int] = set()
        self.passages: set[int] = set()
        self.negatives: set[int] = set()

    def add(self, pair: int, query_language: int, passage_language: int) -> bool:
        """Take an example, unless one of its texts would be a false negative.

        Parameters
        ----------
        pair, query_language, passage_language
            Indices into ``pairs`` and ``pairs.languages``.

        Returns
        -------
        Whether it was taken.
        """
        query = int(self.pairs.query_codes[pair, query_language])
        passage = int(self.pairs.passage_codes[pair, passage_language])
        if query in self.queries or passage in self.passages or passage in self.negatives:
            return False
        if self.pairs.negative_codes is not None:
            negative = int(self.pairs.negative_codes[pair, passage_language])
            if negative in self.passages or negative == passage:
                return False
            self.negatives.add(negative)
        self.queries.add(query)
        self.passages.add(passage)
        return True
