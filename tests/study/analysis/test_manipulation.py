"""What a change of the training languages does to the pairs that it should move."""

import numpy as np
import pytest

from study.analysis.manipulation import CHANGES, KINDS, effect, with_runs
from study.analysis.pair_counts import PairCounts
from study.data.balanced_help import CORPORA
from study.data.language_facts import distances

LANGUAGES = ("ar", "de", "el", "en", "es", "hi", "ru", "th", "tr", "vi", "zh")
ARTICLES, QUESTIONS = 6, 4000


def run(rng, logits):
    """A run with the shares of these logits in all articles, but for chance."""
    shape = (ARTICLES, len(LANGUAGES), len(LANGUAGES))
    share = 1 / (1 + np.exp(-(logits + rng.normal(0, 0.02))))
    found = rng.binomial(QUESTIONS, np.broadcast_to(share, shape)).astype(float)
    asked = np.full(shape, float(QUESTIONS))
    sums = [np.concatenate([x.sum(0)[None], x.sum(0) - x]) for x in (asked, found, found, found)]
    return PairCounts(LANGUAGES, *sums)


def counts(harm):
    """Runs of all corpora: without or with less of a language its pairs lose, by the sampler."""
    rng = np.random.default_rng(0)
    found = {}
    for corpus in CORPORA:
        for sampler, loss in harm.items():
            logits = np.zeros((len(LANGUAGES), len(LANGUAGES)))
            for change in CHANGES:
                if change.less == corpus and change.kind == KINDS[0]:
                    place = LANGUAGES.index(change.language)
                    logits[place] -= loss
                    logits[:, place] -= loss
                    logits[place, place] = -9  # what a language does alone is no pair
            found[corpus, sampler] = [run(rng, logits) for _ in range(3)]
    return found


@pytest.fixture(scope="module")
def planted():
    return counts({"hybrid": 0.5, "x-x": 1.0})


def test_a_planted_harm_is_found_and_its_difference_between_samplers(planted):
    changes = with_runs(planted, KINDS[0], ["hybrid", "x-x"])
    assert [change.language for change in changes] == ["de", "es", "ru", "tr", "zh"]
    own = effect(planted, changes, {"hybrid": 1})
    assert own.mean == pytest.approx(0.5, abs=0.05)
    more = effect(planted, changes, {"hybrid": 1, "x-x": -1})
    assert more.low < -0.5 < more.high
    assert more.high < -0.3


def test_a_change_without_effect_shows_none(planted):
    for kind in KINDS[1:]:
        changes = with_runs(planted, kind, ["hybrid", "x-x"])
        found = effect(planted, changes, {"hybrid": 1, "x-x": -1})
        assert abs(found.mean) < 0.1


def test_only_pairs_with_the_language_are_scored():
    values = np.zeros((1, len(LANGUAGES), len(LANGUAGES)))
    german, greek, thai = (LANGUAGES.index(x) for x in ("de", "el", "th"))
    values[0, greek, thai] = 8
    values[0, greek, german] = 20
    asked = np.ones_like(values)
    one = PairCounts(LANGUAGES, asked, asked, asked, values)  # mAP is the sum itself
    assert CHANGES[0].language == "de"
    assert CHANGES[0].number(one, "mAP") == pytest.approx([1])  # of twenty pairs with German


def test_every_corpus_is_part_of_a_change():
    assert {c for change in CHANGES for c in (change.more, change.less)} == set(CORPORA)


def test_distance_is_to_the_nearest_language_that_is_left():
    change = next(c for c in CHANGES if c.kind == KINDS[0] and c.language == "es")
    assert change.distance("syntactic") == min(
        distances(["es", x])[0, 1] for x in ("de", "en", "ru", "tr", "zh")
    )


def test_a_kind_without_one_of_its_runs_and_a_change_without_its_language_are_left_out(planted):
    some = {
        key: runs for key, runs in planted.items() if key != ("balanced-help-without-tr", "x-x")
    }
    assert [c.language for c in with_runs(some, KINDS[0], ["hybrid"])][-2:] == ["tr", "zh"]
    kept = [c.language for c in with_runs(some, KINDS[0], ["hybrid", "x-x"])]
    assert kept == []  # the mean of four is not the mean of five
    with pytest.raises(ValueError, match="there is no run of balanced-help-without-tr"):
        effect(some, CHANGES[3:4], {"x-x": 1})
    with pytest.raises(ValueError, match="there is no run of any change"):
        effect(some, [], {"x-x": 1})
    few = {
        key: [PairCounts(LANGUAGES[:8], *(x[:, :8, :8] for x in (r.asked, r.found, r.own, r.own)))
              for r in runs]
        for key, runs in planted.items()
    }  # fmt: skip
    assert with_runs(few, KINDS[1], ["hybrid"]) == []
    assert len(with_runs(few, KINDS[0], ["hybrid"])) == 3
