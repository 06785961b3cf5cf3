"""Validation: held-out pairs in English, each once, in order."""

import numpy as np

from hybridlib.data.parallel import Example, ParallelPairs
from hybridlib.training.batches import Batches, OnePairAGroup


class ValidationBatches(Batches):
    """The English side of every held-out pair, once and in order, as the paper validates.

    An example whose group is in the batch already waits for the next one; the last batches may be
    smaller than the others. Without a pair in English, a ValueError.
    """

    def __init__(self, pairs: ParallelPairs, batch_size: int) -> None:
        if "en" not in pairs.languages:
            known = ", ".join(pairs.languages)
            raise ValueError(
                f"no held-out pair is in English, as validation needs; there is {known}"
            )
        english = pairs.languages.index("en")
        waiting = np.flatnonzero(pairs.rows[:, english] >= 0).tolist()
        self._batches: list[list[Example]] = []
        while waiting:
            groups, others = OnePairAGroup(pairs), []
            batch: list[Example] = []
            for pair in waiting:
                if len(batch) < batch_size and groups.add(pair, english):
                    batch.append(Example(pair, "en", "en"))
                else:
                    others.append(pair)
            self._batches.append(batch)
            waiting = others
        super().__init__(pairs, batch_size, len(self._batches), seed=0)

    def batch(self, index: int) -> list[Example]:
        """Return batch number ``index``."""
        return self._batches[index]
