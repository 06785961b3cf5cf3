"""The paper's idea: which languages meet in a batch (section 3, figures 1 and 2); a control."""

from collections.abc import Iterator, Mapping

import numpy as np

from hybridlib.checks import Range, check
from hybridlib.data.parallel import ParallelPairs
from hybridlib.training.batches import Batches, Draw

Languages = tuple[np.ndarray, np.ndarray]  # of queries and of passages, each (pairs,)


class MonolingualBatches(Batches):
    """X-X: every batch holds one language, drawn uniformly over the training languages."""

    name, label = "x-x", "X-X"

    def __init__(self, pairs: ParallelPairs, batch_size: int, num_batches: int, seed: int) -> None:
        super().__init__(pairs, batch_size, num_batches, seed)
        self._corpora = [
            self.large_enough_corpora(pairs.rows[:, language] >= 0, f"in language {name!r}")
            for language, name in enumerate(pairs.languages)
        ]

    def draws(self, index: int) -> Iterator[Draw]:
        """Yield examples of one language and one corpus."""
        rng = self.rng(index)
        language = int(rng.integers(len(self.pairs.languages)))
        for pairs in self.draw_pairs(rng, self._corpora[language]):
            yield from ((pair, language, language) for pair in pairs.tolist())


class _ManyLanguages(Batches):
    """Batches of pairs that have two or more languages, from one corpus each."""

    def __init__(self, pairs: ParallelPairs, batch_size: int, num_batches: int, seed: int) -> None:
        super().__init__(pairs, batch_size, num_batches, seed)
        is_usable = (pairs.rows >= 0).sum(1) >= 2
        self._corpora = self.large_enough_corpora(is_usable, "in two or more languages")

    def draws(self, index: int) -> Iterator[Draw]:
        """Yield examples of one corpus, their languages as the sampler draws them."""
        rng = self.rng(index)
        for pairs in self.draw_pairs(rng, self._corpora):
            query, passage = self.languages_of_examples(rng, pairs)
            yield from zip(pairs.tolist(), query.tolist(), passage.tolist(), strict=True)

    def languages_of_examples(self, rng: np.random.Generator, pairs: np.ndarray) -> Languages:
        """Draw the query's and the passage's language of each pair."""
        raise NotImplementedError


class CrossLingualBatches(_ManyLanguages):
    """X-Y: in every example the query and the passage are in different languages.

    Both are drawn uniformly among the languages that the pair has.
    """

    name, label = "x-y", "X-Y"

    def languages_of_examples(self, rng: np.random.Generator, pairs: np.ndarray) -> Languages:
        """Draw two different languages."""
        drawn = self.draw_languages(rng, pairs)
        return drawn[:, 0], drawn[:, 1]


class HybridBatches(Batches):
    """Hybrid: with probability alpha, in [0, 1], the next batch is X-X, else X-Y.

    The paper found 0.4 to 0.6 best. With 1 and 0 the batches are those of
    :class:`MonolingualBatches` and :class:`CrossLingualBatches`.
    """

    name, label, takes_alpha = "hybrid", "Hybrid", True

    def __init__(
        self, pairs: ParallelPairs, batch_size: int, num_batches: int, seed: int, alpha: float
    ) -> None:
        super().__init__(pairs, batch_size, num_batches, seed)
        check("alpha", alpha, float, Range(0, 1))
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

    def draws(self, index: int) -> Iterator[Draw]:
        """Yield examples of an X-X or an X-Y batch, as the coin falls."""
        is_monolingual = self.rng(index, stream=1).random() < self.alpha
        return self._samplers[is_monolingual].draws(index)


class HybridExamples(_ManyLanguages):
    """A control: the mix of hybrid batches example by example, so that every batch is mixed.

    With probability alpha, in [0, 1], an example is X-X, in one of its pair's languages. If this
    does as well as :class:`HybridBatches`, it is not the unmixed batches that help.
    """

    name, label, takes_alpha = "hybrid-by-example", "Hybrid by example", True

    def __init__(
        self, pairs: ParallelPairs, batch_size: int, num_batches: int, seed: int, alpha: float
    ) -> None:
        super().__init__(pairs, batch_size, num_batches, seed)
        check("alpha", alpha, float, Range(0, 1))
        self.alpha = alpha

    def languages_of_examples(self, rng: np.random.Generator, pairs: np.ndarray) -> Languages:
        """Draw one language or two, as the coin falls."""
        drawn = self.draw_languages(rng, pairs)
        is_monolingual = rng.random(len(pairs)) < self.alpha
        return drawn[:, 0], np.where(is_monolingual, drawn[:, 0], drawn[:, 1])


_ALL = (MonolingualBatches, CrossLingualBatches, HybridBatches, HybridExamples)
SAMPLERS: Mapping[str, type[Batches]] = {sampler.name: sampler for sampler in _ALL}
"""Samplers by name, in the order of tables and figures. A new one is a class and a line here."""


def make_batches(
    name: str, pairs: ParallelPairs, batch_size: int, num_batches: int, seed: int, alpha: float
) -> Batches:
    """Make a sampler by its name; those that know no ``alpha`` do without."""
    check("sampler", name, str, SAMPLERS)
    options = {"alpha": alpha} if SAMPLERS[name].takes_alpha else {}
    return SAMPLERS[name](pairs, batch_size, num_batches, seed, **options)
