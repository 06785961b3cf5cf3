"""LibreOffice's help in all of six languages, and what a study of single languages makes of it.

In ``balanced-help`` every pair stands in every language, so a language's share of the texts is the
same for every sampler. The other corpora leave one language out and change nothing else: the pairs,
their order, their groups and so the held-out ones are those of ``balanced-help``. Or they add one.
"""

from collections.abc import Callable, Mapping
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from hybridlib.data.pair_checks import QUERY_ID
from hybridlib.data.parallel import ParallelPairs
from study.data import libreoffice_help

NAME = "balanced-help"
LANGUAGES = ("de", "en", "es", "ru", "tr", "zh")
ADDED = ("vi",)  # held out of training in the paper; the help has it


def load() -> ParallelPairs:
    """Load the pairs that exist in all six languages."""
    return libreoffice_help.load().complete(LANGUAGES)


def without(language: str) -> ParallelPairs:
    """Load the same pairs in the other five languages, in the groups of all six.

    A query id says which pairs answer one question. Texts that are left out would join pairs no
    more, and another split would hold out others.
    """
    full = load()
    part = full.only([other for other in LANGUAGES if other != language])
    pair_of_row = pc.index_in(_names(part.table), pc.unique(_names(full.table)))
    ids = pa.array(full.groups.astype(str)).take(pair_of_row)
    return ParallelPairs(part.table.append_column(QUERY_ID, ids))


def with_added(language: str) -> ParallelPairs:
    """Load the same pairs in the six languages and, where the help has them, in one more.

    Its texts may join groups, so that other pairs are held out than of ``balanced-help``.
    """
    full = load()
    # by their ids: with a language more, repetitions elsewhere could shed other pairs of the six
    more = libreoffice_help.load((*libreoffice_help.LANGUAGES, language)).only([language]).table
    added = more.filter(pc.is_in(_names(more), pc.unique(_names(full.table))))
    return ParallelPairs(pa.concat_tables([full.table, added]))


def _names(table: pa.Table) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(table["corpus"], table["pair"], "\x1f")


CORPORA: Mapping[str, Callable[[], ParallelPairs]] = {
    NAME: load,  # without English, the original, there is no pair
    **{f"{NAME}-without-{one}": partial(without, one) for one in LANGUAGES if one != "en"},
    **{f"{NAME}-with-{one}": partial(with_added, one) for one in ADDED},
}


def versions(corpus: str) -> dict[str, str]:
    """Versions of the packages that a corpus of :data:`CORPORA` was extracted from."""
    added = [language for language in ADDED if corpus.endswith(f"-with-{language}")]
    return libreoffice_help.versions([*libreoffice_help.LANGUAGES, *added])
