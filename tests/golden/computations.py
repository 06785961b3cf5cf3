"""The cases of each computation in :data:`study.store.key.VERSIONS`."""

from collections.abc import Callable, Mapping

from tests.golden import encoding, measuring, ranking, remedy, sampling, search, training
from tests.golden.golden import Case

COMPUTATIONS: Mapping[str, Callable[[], dict[str, Case]]] = {
    "sampling": sampling.cases,
    "training": training.cases,
    "encoding": encoding.cases,
    "ranking": ranking.cases,
    "search": lambda: {"three shards": Case(search.searched, 1e-12)},
    "counts": lambda: {"counts": Case(measuring.counts)},
    "translation": lambda: {"four varieties": Case(measuring.translation)},
    "language-content": lambda: {"three languages": Case(measuring.language_content, 1e-5)},
    "language-mix": lambda: {"top ten": Case(measuring.language_mix, 1e-12)},
    "remedy": remedy.cases,
}
