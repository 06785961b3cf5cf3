"""LibreOffice's help in all of six languages, and what a study of single languages makes of it.

In ``balanced-help`` every pair stands in every language, so a language's share of the texts is the
same for every sampler. The other corpora change the resource of one language and nothing else: the
pairs, their order, their groups and so the held-out ones are those of ``balanced-help``.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hybridlib.data.pair_checks import QUERY_ID
from hybridlib.data.parallel import ParallelPairs
from study.data import libreoffice_help

NAME = "balanced-help"
LANGUAGES = ("de", "en", "es", "ru", "tr", "zh")
NUM_LEFT = 269  # what Hindi has in the whole help
NEAR, FAR = ("en", "de", "es"), ("en", "tr", "zh")
ADDED = ("vi",)  # held out of training in the paper; the help has it
_HELD_OUT = 256  # TrainingParameters.num_validation_pairs


def _load(languages: Sequence[str] = libreoffice_help.LANGUAGES) -> ParallelPairs:
    return libreoffice_help.load(os.environ.get("HYBRIDLIB_PRODUCT_HELP"), languages)


def load() -> ParallelPairs:
    """Load the pairs that exist in all six languages."""
    return _load().complete(LANGUAGES)


def only(languages: Sequence[str]) -> ParallelPairs:
    """Load the same pairs in some of the languages."""
    full = load()
    return _with_groups(full, full.only(languages))


def without(language: str) -> ParallelPairs:
    """Load the same pairs in the other five languages."""
    return only([other for other in LANGUAGES if other != language])


def cut(language: str, num_pairs: int = NUM_LEFT) -> ParallelPairs:
    """Load the same pairs, but a language in a few alone, drawn once among those trained on."""
    full = load()
    trained_on, _ = full.split(_HELD_OUT, seed=0)
    drawn = np.random.default_rng(0).choice(len(trained_on), num_pairs, replace=False)
    left = trained_on.take(drawn)
    is_other = pc.not_equal(full.table["language"], language)
    is_left = pc.is_in(_names(full.table), pc.unique(_names(left.table)))
    return _with_groups(full, ParallelPairs(full.table.filter(pc.or_(is_other, is_left))))


def with_added(language: str) -> ParallelPairs:
    """Load the same pairs in the six languages and, where the help has them, in one more.

    Its texts may join groups, so that other pairs are held out than of ``balanced-help``.
    """
    full = load()
    # by their ids: with a language more, repetitions elsewhere could shed other pairs of the six
    more = _load((*libreoffice_help.LANGUAGES, language)).only([language]).table
    added = more.filter(pc.is_in(_names(more), pc.unique(_names(full.table))))
    return ParallelPairs(pa.concat_tables([full.table, added]))


def _names(table: pa.Table) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(table["corpus"], table["pair"], "\x1f")


def _with_groups(full: ParallelPairs, part: ParallelPairs) -> ParallelPairs:
    """Keep the groups of all languages: a query id says which pairs of a part answer one question.

    Texts that are left out would join pairs no more, and another split would hold out others.
    """
    first = full.rows[:, 0]  # complete: every pair has a row in the first language
    names = _names(full.table.take(first))
    groups = pa.array(full.groups.astype(str))
    ids = groups.take(pc.index_in(_names(part.table), names.combine_chunks()))
    return ParallelPairs(part.table.append_column(QUERY_ID, ids))


def _corpora() -> Iterator[tuple[str, Callable[[], ParallelPairs]]]:
    yield NAME, load
    for language in LANGUAGES:
        if language != "en":  # the original, which every pair has
            yield f"{NAME}-without-{language}", partial(without, language)
            yield f"{NAME}-{NUM_LEFT}-{language}", partial(cut, language)
    for languages in (NEAR, FAR):
        yield f"{NAME}-only-{'-'.join(languages)}", partial(only, languages)
    for language in ADDED:
        yield f"{NAME}-with-{language}", partial(with_added, language)


CORPORA: Mapping[str, Callable[[], ParallelPairs]] = dict(_corpora())


def versions(corpus: str) -> dict[str, str]:
    """Versions of the packages that a corpus of :data:`CORPORA` was extracted from."""
    added = [language for language in ADDED if corpus.endswith(f"-with-{language}")]
    return libreoffice_help.versions([*libreoffice_help.LANGUAGES, *added])
