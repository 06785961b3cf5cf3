"""The paper's idea: which languages meet in a batch (section 3, figures 1 and 2)."""

import warnings
from collections.abc import Iterator

import numpy as np
from torch.utils.data import Sampler

from hybridlib.data.parallel import Key, ParallelPairs
from hybridlib.false_negatives import DistinctTexts

_CHUNK = 256  # pairs whose languages are drawn at a time


class Batches(Sampler[list[Key]]):
    """A batch sampler whose i-th batch depends on (seed, epoch, i) alone.

    So a run resumes at any batch to the byte, and all processes see one global plan. No batch holds
    a pair twice, nor two pairs with the same query or the same passage, nor a passage as the
    hard negative of another pair: the twin would be a false negative.

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

    Raises
    ------
    ValueError
        If a size is not positive, or no corpus has enough distinct pairs for a batch.
    """

    def __init__(self, pairs: ParallelPairs, batch_size: int, num_batches: int, seed: int) -> None:
        for name, value in (("batch_size", batch_size), ("num_batches", num_batches)):
            if value < 1:
                raise ValueError(f"{name} must be at least 1, got {value}")
        self.pairs = pairs
        self.batch_size = batch_size
        self.num_batches = num_batches
        self.seed = seed
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Choose the epoch whose batches come next."""
        self.epoch = epoch

    def __len__(self) -> int:
        """Count the batches of an epoch."""
        return self.num_batches

    def __iter__(self) -> Iterator[list[Key]]:
        """Yield the epoch's batches in order."""
        for index in range(self.num_batches):
            yield self.batch(index)

    def batch(self, index: int) -> list[Key]:
        """Return batch number ``index`` of the epoch, 0 <= index < len(self)."""
        raise NotImplementedError

    def _rng(self, index: int, stream: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, self.epoch, index, stream])

    def _corpora(self, usable: np.ndarray, what: str) -> list[np.ndarray]:
        """Usable pairs by corpus, without the corpora that cannot fill a batch."""
        large_enough, counts = [], {}
        for corpus, name in enumerate(self.pairs.corpora):
            members = np.flatnonzero(usable & (self.pairs.corpus_of_pair == corpus))
            if not len(members):
                continue
            present = self.pairs.rows[members] >= 0
            counts[name] = min(
                len(members),
                len(np.unique(self.pairs.query_codes[members][present])),
                len(np.unique(self.pairs.passage_codes[members][present])),
            )
            if counts[name] >= self.batch_size:
                large_enough.append(members)
        if not large_enough:
            raise ValueError(
                f"batch_size {self.batch_size} is larger than the number of distinct pairs {what} "
                f"of every corpus ({counts or 'there is none'}); choose a smaller batch or other "
                "languages"
            )
        if len(large_enough) < len(counts):
            small = {name: count for name, count in counts.items() if count < self.batch_size}
            warnings.warn(
                f"too few distinct pairs {what} for a batch, left out: {small}", stacklevel=4
            )
        return large_enough

    def _collect(self, keys: Iterator[tuple[int, int, int]]) -> list[Key]:
        """Take keys until the batch is full, without repeated texts."""
        batch: list[Key] = []
        texts = DistinctTexts(self.pairs)
        for key in keys:
            if texts.add(*key):
                pair, query_language, passage_language = key
                languages = self.pairs.languages
                batch.append(Key(int(pair), languages[query_language], languages[passage_language]))
            if len(batch) == self.batch_size:
                return batch
        raise ValueError(
            f"only {len(batch)} pairs with distinct texts could be drawn for a batch of "
            f"{self.batch_size}; choose a smaller batch"
        )


class MonolingualBatches(Batches):
    """X-X: every batch holds one language, drawn uniformly over the training languages."""

    def __init__(self, pairs: ParallelPairs, batch_size: int, num_batches: int, seed: int) -> None:
        super().__init__(pairs, batch_size, num_batches, seed)
        self._members = [
            self._corpora(pairs.rows[:, language] >= 0, f"in language {name!r}")
            for language, name in enumerate(pairs.languages)
        ]

    def batch(self, index: int) -> list[Key]:
        """Return batch number ``index``: one language, one corpus."""
        rng = self._rng(index, stream=0)
        language = int(rng.integers(len(self.pairs.languages)))
        members = _draw_corpus(rng, self._members[language])
        return self._collect((pair, language, language) for pair in rng.permutation(members))


class CrossLingualBatches(Batches):
    """X-Y: in every example the query and the passage are in different languages.

    Both are drawn uniformly among the languages that the pair has.
    """

    def __init__(self, pairs: ParallelPairs, batch_size: int, num_batches: int, seed: int) -> None:
        super().__init__(pairs, batch_size, num_batches, seed)
        self._members = self._corpora((pairs.rows >= 0).sum(1) >= 2, "in two or more languages")

    def batch(self, index: int) -> list[Key]:
        """Return batch number ``index``: many languages, one corpus."""
        rng = self._rng(index, stream=0)
        shuffled = rng.permutation(_draw_corpus(rng, self._members))
        return self._collect(self._with_languages(rng, shuffled))

    def _with_languages(
        self, rng: np.random.Generator, shuffled: np.ndarray
    ) -> Iterator[tuple[int, int, int]]:
        for start in range(0, len(shuffled), _CHUNK):
            chunk = shuffled[start : start + _CHUNK]
            lots = rng.random((len(chunk), len(self.pairs.languages)))
            lots[self.pairs.rows[chunk] < 0] = -1.0  # a language that the pair lacks never wins
            winners = np.argsort(-lots, axis=1)[:, :2]  # (pairs, 2): a uniform ordered draw of two
            yield from zip(chunk, winners[:, 0], winners[:, 1], strict=True)


class HybridBatches(Batches):
    """Hybrid: with probability alpha the next batch is X-X, else X-Y.

    Parameters
    ----------
    alpha
        Probability of an X-X batch, in [0, 1]. The paper found 0.4 to 0.6 best. With 1 and 0 the
        batches are those of :class:`MonolingualBatches` and :class:`CrossLingualBatches`.

    Raises
    ------
    ValueError
        If alpha lies outside [0, 1].
    """

    def __init__(
        self, pairs: ParallelPairs, batch_size: int, num_batches: int, seed: int, alpha: float
    ) -> None:
        if not 0 <= alpha <= 1:
            raise ValueError(f"alpha must be in [0, 1], got {alpha}")
        super().__init__(pairs, batch_size, num_batches, seed)
        self.alpha = alpha
        # whether monolingual -> sampler; the one that the coin never shows is not built
        self._samplers: dict[bool, Batches] = {}
        if alpha > 0:
            self._samplers[True] = MonolingualBatches(pairs, batch_size, num_batches, seed)
        if alpha < 1:
            self._samplers[False] = CrossLingualBatches(pairs, batch_size, num_batches, seed)

    def set_epoch(self, epoch: int) -> None:
        """Choose the epoch whose batches come next."""
        for sampler in self._samplers.values():
            sampler.set_epoch(epoch)
        super().set_epoch(epoch)

    def batch(self, index: int) -> list[Key]:
        """Return batch number ``index``, X-X or X-Y as the coin falls."""
        is_monolingual = self._rng(index, stream=1).random() < self.alpha
        return self._samplers[is_monolingual].batch(index)


def _draw_corpus(rng: np.random.Generator, members: list[np.ndarray]) -> np.ndarray:
    sizes = np.array([len(corpus) for corpus in members], dtype=float)
    return members[int(rng.choice(len(members), p=sizes / sizes.sum()))]
