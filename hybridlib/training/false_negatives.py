"""Which examples may meet in a batch: another query's answer would be a false negative."""

from hybridlib.data.parallel import ParallelPairs


class OnePairAGroup:
    """The groups of a batch so far: those of its pairs and those of their hard negatives."""

    def __init__(self, pairs: ParallelPairs) -> None:
        self.groups = pairs.groups
        self.negative_groups = pairs.negative_groups
        self.taken: set[int] = set()
        self.taken_negatives: set[int] = set()

    def add(self, pair: int, passage_language: int) -> bool:
        """Take an example unless it would be a false negative or bring one; say whether it was.

        ``pair`` and ``passage_language`` are indices into the pairs and their languages.
        """
        group = int(self.groups[pair])
        if group in self.taken or group in self.taken_negatives:
            return False
        if self.negative_groups is not None:
            negative = int(self.negative_groups[pair, passage_language])
            if negative in self.taken or negative == group:
                return False
            if negative >= 0:
                self.taken_negatives.add(negative)
        self.taken.add(group)
        return True
