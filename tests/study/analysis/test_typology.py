"""From ranks to the gain of each pair of languages, and its slope on a distance."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from study.analysis import typology
from study.analysis.pair_counts import PairCounts, pair_counts, pair_terms
from study.data.language_facts import distances
from study.statistics.language_pairs import PairSlope

LANGUAGES = ("ar", "de", "en", "hi", "tr", "zh")
APART = distances(LANGUAGES)


def ranks(rows):
    columns = ["question", "article", "query_language", "candidate_language", "rank_in_language"]
    return pd.DataFrame(rows, columns=columns)


def drawn(rng, cross, own):
    """A run: hits out of 800 questions, drawn by these logits and by article and seed."""
    luck = rng.normal(0, 0.3, 20)[:, None, None] + rng.normal(0, 0.3)
    asked = np.full((20, len(LANGUAGES), len(LANGUAGES)), 40.0)
    found, of_own = (
        rng.binomial(40, 1 / (1 + np.exp(-(logits + luck))), asked.shape).astype(float)
        for logits in (cross, own)
    )
    sums = [np.concatenate([x.sum(0)[None], x.sum(0) - x]) for x in (asked, found, of_own, found)]
    return PairCounts(LANGUAGES, *sums)


def test_counts_and_terms_are_those_of_the_questions():
    rows = [
        ("q1", "a", "de", "en", 1), ("q1", "a", "en", "en", 1),
        ("q1", "a", "en", "de", 2), ("q1", "a", "de", "de", 1),
        ("q2", "b", "de", "en", 4), ("q2", "b", "en", "en", 2),
        ("q3", "b", "en", "en", 1), ("q3", "b", "en", "de", 1),  # not asked in German
    ]  # fmt: skip
    counts = pair_counts(ranks(rows).sample(frac=1, random_state=0))
    assert counts.languages == ("de", "en")
    assert counts.asked[0].tolist() == [[1, 2], [1, 3]]
    assert counts.found[0].tolist() == [[1, 1], [0, 2]]
    assert counts.own[0].tolist() == [[1, 1], [1, 2]]
    assert counts.reciprocal[0, 0, 1] == 1 + 1 / 4
    assert counts.asked[1].tolist() == [[0, 1], [0, 2]]  # without article a
    assert counts.found[2, 0].tolist() == [1, 1]
    terms = pair_terms(counts)
    assert terms["cross"][0, 1, 0] == pytest.approx(np.log(0.5 / 1.5))
    assert terms["own"][0, 1, 0] == pytest.approx(np.log(1.5 / 0.5))
    assert terms["gap"][0, 1, 0] == pytest.approx(np.log(0.5 / 1.5) - np.log(1.5 / 0.5))
    assert terms["mAP"][0, 0, 1] == pytest.approx(5 / 8)


@pytest.fixture(scope="module")
def planted():
    """Two samplers of three seeds: the second loses by distance."""
    rng = np.random.default_rng(0)
    return tuple([drawn(rng, -loss * APART, 0.5) for _ in range(3)] for loss in (0, 4))


def test_pairs_with_a_language_of_low_resource_are_told_from_the_others():
    rng = np.random.default_rng(2)
    is_low = [name in ("ar", "hi") for name in LANGUAGES]
    extra = np.where(np.array(is_low)[:, None] | is_low, 1.0, 0.0)
    first = [drawn(rng, extra, 0) for _ in range(4)]
    second = [drawn(rng, 0 * extra, 0) for _ in range(4)]
    found = typology.by_resource(first, second, is_low).set_index("pairs")
    assert found["number"].to_dict() == {"with one": 9, "others": 6}
    assert found.loc["with one", "gain"] == pytest.approx(1, abs=0.3)
    assert found.loc["others", "gain"] == pytest.approx(0, abs=0.3)
    assert found.loc["with one", "low"] > found.loc["others", "gain"]
    alone = typology.by_resource(first, second, [name == "hi" for name in LANGUAGES])
    assert np.isnan(alone.loc[0, "slope"])  # five pairs, an intercept each
    assert len(typology.by_resource(first, second, [False] * 6)) == 1


def test_the_table_of_pairs_has_the_gain_and_what_is_left_of_it(planted):
    table = typology.pair_table(*planted)
    assert len(table) == 15
    row = table.query("language == 'de' and other == 'zh'").iloc[0]
    assert row["distance"] == pytest.approx(0.5196, abs=1e-4)
    both = typology.gain(*planted)
    assert row["gap"] == pytest.approx((both[1, 5] + both[5, 1]) / 2)
    fit = np.polyfit(table["x"], table["y"], 1)[0]
    rows = typology.slopes(*planted).set_index(["term", "within"])
    assert fit == pytest.approx(rows.loc["gap", True]["slope"])
    assert rows.loc["gap", True]["low"] < 4 < rows.loc["gap", True]["high"]
    plain = typology.tested_slope(*planted, term="own", within=False)
    assert rows.loc["own", False].to_dict() == plain


def test_leaving_a_language_out_gives_the_slope_of_the_others(planted):
    found = typology.leave_one_out(*planted).set_index("language")["slope"]
    without_arabic = PairSlope(APART[1:, 1:]).of(typology.gain(*planted)[1:, 1:])
    assert found["ar"] == pytest.approx(without_arabic)


def test_ranks_without_a_common_question_and_runs_of_other_languages_are_refused(planted):
    rows = [("q", "a", "de", language, 1) for language in ("de", "en")]
    with pytest.raises(ValueError, match="no question is asked in de and in en with an answer"):
        pair_counts(ranks(rows))
    first, second = planted
    strange = replace(second[0], languages=("ar", "de", "en", "hi", "tr", "vi"))
    with pytest.raises(ValueError, match=r"same languages, got .*'ar de en hi tr vi'"):
        typology.slopes(first, [strange])
    with pytest.raises(ValueError, match="same languages, got no run"):
        typology.slopes([], [])
