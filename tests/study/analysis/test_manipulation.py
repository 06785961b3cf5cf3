"""What a change of the training languages does to the pairs that it should move."""

from dataclasses import replace

import numpy as np
import pytest

from study.analysis.manipulation import CHANGES, KINDS, effect, with_runs
from study.analysis.pair_counts import PairCounts, logit
from study.data.balanced_help import CORPORA
from study.data.language_facts import distances

LANGUAGES = ("ar", "de", "el", "en", "es", "hi", "ru", "th", "tr", "vi", "zh")
ASKED = np.full((1, len(LANGUAGES), len(LANGUAGES)), 100.0)


def run(lost=(), hits=50):
    """All pairs have 80 hits of 100, those with a language that is lost fewer."""
    found = 0.8 * ASKED
    for place in map(LANGUAGES.index, lost):
        found[:, place] = found[:, :, place] = hits
        found[:, place, place] = 0  # what a language does alone is no pair
    return PairCounts(LANGUAGES, ASKED, found, found, found)


@pytest.fixture
def counts():
    """Runs of all corpora; without a language X-X loses more than hybrid."""
    lost = {one.less: [one.language] for one in CHANGES if one.kind == KINDS[0]}
    return {
        (corpus, sampler): [run(lost.get(corpus, ()), hits)] * 2
        for corpus in CORPORA
        for sampler, hits in (("hybrid", 50), ("x-x", 20))
    }


def test_what_a_language_is_worth_is_the_mean_over_changes_of_what_its_pairs_lose(counts):
    changes = with_runs(counts, KINDS[0], ["hybrid", "x-x"])
    assert [change.language for change in changes] == ["de", "es", "ru", "tr", "zh"]
    own = effect(counts, changes, {"hybrid": 1})
    assert own.mean == pytest.approx(logit(80, 100) - logit(50, 100))
    more = effect(counts, changes, {"hybrid": 1, "x-x": -1})
    assert more.mean == pytest.approx(logit(20, 100) - logit(50, 100))
    (added,) = with_runs(counts, KINDS[1], ["hybrid"])
    assert effect(counts, [added], {"hybrid": 1}).mean == 0


def test_only_pairs_with_the_language_are_scored():
    german, greek, thai = (LANGUAGES.index(x) for x in ("de", "el", "th"))
    one = run()
    one.found[0, greek, [thai, german]] = 20
    assert CHANGES[0].language == "de"
    of_twenty = (19 * logit(80, 100) + logit(20, 100)) / 20
    assert CHANGES[0].number(one) == pytest.approx([of_twenty])


def test_distance_is_to_the_nearest_language_that_is_left():
    change = next(c for c in CHANGES if c.kind == KINDS[0] and c.language == "es")
    assert change.distance("syntactic") == min(
        distances(["es", x])[0, 1] for x in ("de", "en", "ru", "tr", "zh")
    )


def test_a_kind_without_one_of_its_runs_and_a_change_without_its_language_are_left_out(counts):
    del counts["balanced-help-without-tr", "x-x"]
    assert [c.language for c in with_runs(counts, KINDS[0], ["hybrid"])][-2:] == ["tr", "zh"]
    assert with_runs(counts, KINDS[0], ["hybrid", "x-x"]) == []  # the mean of four is another
    with pytest.raises(ValueError, match="there is no run of balanced-help-without-tr"):
        effect(counts, CHANGES[3:4], {"x-x": 1})
    with pytest.raises(ValueError, match="there is no run of any change"):
        effect(counts, [], {"x-x": 1})
    few = {key: [replace(runs[0], languages=LANGUAGES[:8])] for key, runs in counts.items()}
    assert with_runs(few, KINDS[1], ["hybrid"]) == []
    assert len(with_runs(few, KINDS[0], ["hybrid"])) == 3
