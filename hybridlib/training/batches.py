"""What every sampler has in common: batches that depend on a number alone, one pair a group."""

import warnings
from collections.abc import Iterator, Sequence
from typing import ClassVar

import numpy as np

from hybridlib.checks import Range, check
from hybridlib.data.parallel import Example, ParallelPairs

Draw = tuple[int, int, int]  # indices of a pair, its query's language, its passage's language


class OnePairAGroup:
    """The groups of a batch so far: those of its pairs and those of their hard negatives."""

    def __init__(self, pairs: ParallelPairs) -> None:
        self.pairs = pairs
        self.taken: set[int] = set()
        self.taken_negatives: set[int] = set()

    def add(self, pair: int, passage_language: int) -> bool:
        """Take an example unless it would be a false negative or bring one; say whether it was.

        ``pair`` and ``passage_language`` are indices into the pairs and their languages.
        """
        group = int(self.pairs.groups[pair])
        negative = int(self.pairs.negative_groups[pair, passage_language])  # -1 is no pair's group
        if group in self.taken or negative in self.taken:
            return False
        if group in self.taken_negatives or group == negative:
            return False
        self.taken.add(group)
        self.taken_negatives.add(negative)
        return True


class Batches:
    """A batch sampler whose i-th batch depends on (seed, epoch, i) alone.

    So a run resumes at any batch to the byte, and all processes see one global plan. No batch holds
    two pairs of one group, nor a passage of a group as the hard negative of another: it would be
    a false negative (:attr:`hybridlib.data.parallel.ParallelPairs.groups`).

    A sampler of one's own is a subclass with one method, :meth:`draws`. To train and to publish it
    by name, give it ``name`` and ``label`` (of tables and figures) and add it to
    :data:`hybridlib.training.sampling.SAMPLERS`.

    Raises ValueError if a size is not positive, or no corpus has pairs of enough groups for a
    batch.

    Parameters
    ----------
    pairs
        What to draw from. Corpora are drawn in proportion to their number of usable pairs.
    batch_size
        Pairs a batch, over all processes.
    num_batches
        Batches an epoch.
    seed
        Of the draws.
    """

    name: ClassVar[str] = ""  # in profiles, on the command line and in a run's name
    label: ClassVar[str] = ""
    takes_alpha: ClassVar[bool] = False  # whether the constructor has a parameter ``alpha``

    def __init__(self, pairs: ParallelPairs, batch_size: int, num_batches: int, seed: int) -> None:
        check("batch_size", batch_size, int, Range(1))
        check("num_batches", num_batches, int, Range(1))
        self.pairs = pairs
        self.batch_size = batch_size
        self.num_batches = num_batches
        self.seed = seed
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Choose the epoch whose batches come next."""
        self.epoch = epoch

    def __len__(self) -> int:
        return self.num_batches

    def __iter__(self) -> Iterator[list[Example]]:
        for index in range(self.num_batches):
            yield self.batch(index)

    def batch(self, index: int) -> list[Example]:
        """Return batch number ``index`` of the epoch: the first draws that fit together."""
        batch: list[Example] = []
        groups = OnePairAGroup(self.pairs)
        languages = self.pairs.languages
        for pair, query_language, passage_language in self.draws(index):
            if groups.add(pair, passage_language):
                batch.append(Example(pair, languages[query_language], languages[passage_language]))
            if len(batch) == self.batch_size:
                return batch
        drawn = f"only {len(batch)} pairs of different groups could be drawn for a batch"
        raise ValueError(f"{drawn} of {self.batch_size}; choose a smaller batch")

    def draws(self, index: int) -> Iterator[Draw]:
        """Yield examples for batch number ``index``, more than it can hold."""
        raise NotImplementedError

    def rng(self, index: int, stream: int = 0) -> np.random.Generator:
        """Random numbers of batch number ``index``; each stream is independent of the others."""
        return np.random.default_rng([self.seed, self.epoch, index, stream])

    def large_enough_corpora(self, is_usable: np.ndarray, what: str) -> list[np.ndarray]:
        """Usable pairs by corpus, without the corpora that cannot fill a batch.

        ``is_usable`` says which pairs the sampler can draw, shape (pairs,); ``what`` describes them
        in a message.
        """
        large_enough, counts = [], {}
        for corpus, name in enumerate(self.pairs.corpora):
            members = np.flatnonzero(is_usable & (self.pairs.corpus_of_pair == corpus))
            if len(members):
                counts[name] = len(np.unique(self.pairs.groups[members]))
                large_enough += [members] if counts[name] >= self.batch_size else []
        if not large_enough:
            raise ValueError(
                f"batch_size {self.batch_size} is larger than the number of groups of pairs {what} "
                f"of every corpus ({counts or 'there is none'}); choose less or other languages"
            )
        if len(large_enough) < len(counts):
            small = {name: count for name, count in counts.items() if count < self.batch_size}
            message = f"too few groups of pairs {what} for a batch, left out: {small}"
            warnings.warn(message, stacklevel=4)
        return large_enough

    def draw_pairs(
        self, rng: np.random.Generator, corpora: Sequence[np.ndarray]
    ) -> Iterator[np.ndarray]:
        """Choose a corpus in proportion to its pairs, then draw its pairs uniformly, in chunks.

        Chunks of independent draws, which cost the same however large the corpus is, then every
        pair once: a batch fills if it can. With one pair a group, the first chunk is as good as
        always enough.
        """
        sizes = np.array([len(members) for members in corpora], dtype=float)
        members = corpora[int(rng.choice(len(corpora), p=sizes / sizes.sum()))]
        for _ in range(4):
            yield members[rng.integers(len(members), size=2 * self.batch_size)]
        yield rng.permutation(members)

    def draw_languages(self, rng: np.random.Generator, pairs: np.ndarray) -> np.ndarray:
        """Shuffle the languages that each pair has. Shape: (pairs, languages).

        The first columns are a uniform ordered draw without repetition; behind the languages that
        a pair has come those that it lacks.
        """
        lots = rng.random((len(pairs), len(self.pairs.languages)))
        lots[self.pairs.rows[pairs] < 0] = -1.0
        return np.argsort(-lots, axis=1)
