"""Validation: every held-out pair once, in order."""

from collections.abc import Iterator, Sequence

import numpy as np

from hybridlib.data.parallel import Example, ParallelPairs
from hybridlib.training.batches import Batches, Draw
from hybridlib.training.false_negatives import OnePairAGroup


class ValidationBatches(Batches):
    """The English side of every held-out pair, once and in order, as the paper validates.

    An example whose group is in the batch already waits for the next one; the last batch may be
    smaller than the others.

    Parameters
    ----------
    pairs
        Held out of training.
    batch_size
        Pairs a batch, over all processes.

    Raises
    ------
    ValueError
        If no pair is in English.
    """

    def __init__(self, pairs: ParallelPairs, batch_size: int) -> None:
        if "en" not in pairs.languages:
            raise ValueError(
                f"no held-out pair is in English, which validation needs; there is "
                f"{', '.join(pairs.languages)}"
            )
        self._batches = list(_batches(pairs, _examples(pairs), batch_size))
        super().__init__(pairs, batch_size, len(self._batches), seed=0)

    def batch(self, index: int) -> list[Example]:
        """Return batch number ``index``."""
        return self._batches[index]


def _examples(pairs: ParallelPairs) -> list[Draw]:
    english = pairs.languages.index("en")
    in_english = np.flatnonzero(pairs.rows[:, english] >= 0).tolist()
    return [(pair, english, english) for pair in in_english]


def _batches(
    pairs: ParallelPairs, examples: Sequence[Draw], batch_size: int
) -> Iterator[list[Example]]:
    while examples:
        groups = OnePairAGroup(pairs)
        batch: list[Example] = []
        waiting = []
        for pair, query, passage in examples:
            if len(batch) < batch_size and groups.add(pair, passage):
                batch.append(Example(pair, pairs.languages[query], pairs.languages[passage]))
            else:
                waiting.append((pair, query, passage))
        yield batch
        examples = waiting
