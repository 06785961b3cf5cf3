"""The cases of each computation in :data:`study.store.key.VERSIONS`."""

from collections.abc import Callable, Mapping

from tests.golden import (
    encoding,
    measuring,
    ranking,
    remedy,
    sampling,
    search,
    training,
    translation,
)
from tests.golden.golden import Case

COMPUTATIONS: Mapping[str, Callable[[], dict[str, Case]]] = {
    "sampling": sampling.cases,
    "training": training.cases,
    "encoding": encoding.cases,
    "ranking": ranking.cases,
    "search": search.cases,
    "counts": measuring.counts,
    "translation": translation.cases,
    "language-content": measuring.language_content,
    "language-mix": measuring.language_mix,
    "remedy": remedy.cases,
}
