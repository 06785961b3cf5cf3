from functools import partial

import numpy as np
import pytest

from hybridlib.data.parallel import ParallelPairs
from study.data import balanced_help
from study.data.registry import load_pairs

SIX = balanced_help.LANGUAGES
REDUCED = [language for language in SIX if language != "en"]


def help_texts(languages=(*SIX, "hi")):
    """400 pairs in all six languages, 30 in five; Vietnamese in every other pair, Hindi in some."""
    return ParallelPairs.from_rows(
        {
            "corpus": "help",
            "pair": f"p{number}",
            "language": language,
            # the Turkish heading joins the pairs of a decade; no other text does
            "query": f"tr heading {number // 10}" if language == "tr" else f"{language} {number}",
            "passage": f"{language} passage {number}",
        }
        for number in range(430)
        for language in languages
        if number < 400 or language != SIX[5]
        if {"hi": number % 9 == 0, "vi": number % 2 == 0}.get(language, True)
    )


@pytest.fixture(autouse=True)
def small_help(monkeypatch):
    """Return a function that puts another help in the place of the small one."""
    put = partial(monkeypatch.setattr, balanced_help.libreoffice_help, "load")
    put(help_texts)
    return put


def counts(pairs):
    return dict(zip(pairs.languages, (pairs.rows >= 0).sum(0).tolist(), strict=True))


def texts(pairs, language):
    table = pairs.table.to_pandas().query("language == @language")
    return table.set_index("pair")[["query", "passage"]]


def ids(pairs):
    return pairs.table["pair"].unique().to_pylist()


@pytest.mark.parametrize("language", REDUCED)
def test_a_language_left_out_changes_nothing_else(language):
    full, part = balanced_help.load(), load_pairs(f"balanced-help-without-{language}")
    assert counts(part) == dict.fromkeys([other for other in SIX if other != language], 400)
    for other in part.languages:
        assert texts(part, other).equals(texts(full, other))


@pytest.mark.parametrize("name", [n for n in balanced_help.CORPORA if "-with-" not in n])
def test_groups_and_held_out_pairs_stay_those_of_all_languages(name):
    pairs, full = load_pairs(name), balanced_help.load()
    assert full.groups.max() + 1 == 40
    assert np.array_equal(pairs.groups, full.groups)
    for part, expected in zip(pairs.split(256, seed=0), full.split(256, seed=0), strict=True):
        assert ids(part) == ids(expected)


def test_a_language_is_added_where_the_help_has_it_and_pairs_that_it_would_shed_stay(small_help):
    """With Greek asked for, real help has four complete pairs fewer, repetitions elsewhere."""
    fewer = help_texts((*SIX, "vi")).take(np.arange(4, 430))
    small_help(lambda languages=(): fewer if "vi" in languages else help_texts())
    full, more = balanced_help.load(), load_pairs("balanced-help-with-vi")
    assert counts(more) == dict.fromkeys(SIX, 400) | {"vi": 198}
    assert ids(more) == ids(full)
    for language in SIX:
        assert texts(more, language).equals(texts(full, language))


def test_texts_of_an_added_language_join_groups(small_help):
    table = help_texts((*SIX, "vi")).table.to_pandas()
    is_vietnamese = (table["language"] == "vi") & table["pair"].isin(["p0", "p398"])
    table.loc[is_vietnamese, "query"] = "one heading"
    small_help(lambda _=(): ParallelPairs.from_rows(table.to_dict("records")))
    groups = balanced_help.with_added("vi").groups
    assert groups[0] == groups[398]


def test_a_corpus_of_another_language_is_unknown():
    with pytest.raises(ValueError, match=r"is unknown, did you mean .* There is .*-without-de, "):
        load_pairs("balanced-help-without-fr")
