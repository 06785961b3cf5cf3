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


def drawn(rng, logit_cross, logit_own, num_articles=20, num_questions=40, spread=0.3, seed=0.3):
    """A run: hits drawn by article, whose difficulty and the seed's are random."""
    luck = rng.normal(0, spread, num_articles)[:, None, None] + rng.normal(0, seed)
    shape = (num_articles, len(LANGUAGES), len(LANGUAGES))
    asked = np.full(shape, float(num_questions))

    def hits(logits):
        return rng.binomial(num_questions, 1 / (1 + np.exp(-(logits + luck))), shape).astype(float)

    found, own = hits(logit_cross), hits(np.broadcast_to(logit_own, shape[1:]))
    sums = [np.concatenate([x.sum(0)[None], x.sum(0) - x]) for x in (asked, found, own, found)]
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


def planted(effect, seed=0, num_seeds=3):
    """Two samplers: the second loses by distance, both by languages, the more in hard ones."""
    rng = np.random.default_rng(seed)
    hard = APART.mean(0)  # distant languages are hard
    base = 1 - 3 * (hard[:, None] + hard)
    others = [drawn(rng, base - effect * APART + hard, 1.5 * hard) for _ in range(num_seeds)]
    return [drawn(rng, base, 0.5 + hard) for _ in range(num_seeds)], others


def test_a_planted_slope_of_the_gain_is_found_and_its_interval_holds_it():
    first, second = planted(effect=4)
    found = typology.slopes(first, second).set_index(["term", "within"])
    row = found.loc["gap", True]
    assert row["slope"] == pytest.approx(4, abs=0.8)
    assert row["low"] < 4 < row["high"]
    assert row["p"] <= 0.02
    assert found.loc["cross", True]["slope"] == pytest.approx(4, abs=0.8)


def test_a_sampler_that_is_weak_in_distant_languages_has_no_slope_within_them():
    rng = np.random.default_rng(1)
    hard = APART.mean(0)
    weak = 6 * (hard[:, None] + hard)
    first = [drawn(rng, np.zeros((6, 6)), 0, spread=0) for _ in range(3)]
    second = [drawn(rng, 5 - weak, 0, spread=0) for _ in range(3)]
    found = typology.slopes(first, second).set_index(["term", "within"])
    assert abs(found.loc["gap", True]["slope"]) < 0.8
    assert found.loc["gap", False]["slope"] > 1.5
    assert found.loc["gap", False]["low"] > 0.8
    assert found.loc["gap", True]["p"] > 0.05


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


def test_the_table_of_pairs_has_the_gain_and_what_is_left_of_it():
    first, second = planted(effect=4)
    table = typology.pair_table(first, second)
    assert len(table) == 15
    row = table.query("language == 'de' and other == 'zh'").iloc[0]
    assert row["distance"] == pytest.approx(0.5196, abs=1e-4)
    both = typology.gain(first, second)
    assert row["gap"] == pytest.approx((both[1, 5] + both[5, 1]) / 2)
    fit = np.polyfit(table["x"], table["y"], 1)[0]
    assert fit == pytest.approx(typology.tested_slope(first, second)["slope"])


def test_leaving_a_language_out_gives_the_slope_of_the_others():
    first, second = planted(effect=4)
    found = typology.leave_one_out(first, second).set_index("language")["slope"]
    kept = np.arange(1, 6)
    without_arabic = PairSlope(APART[np.ix_(kept, kept)])
    values = typology.gain(first, second)[np.ix_(kept, kept)]
    assert found["ar"] == pytest.approx(without_arabic.of(values))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t[t["query_language"].eq("de") & t["candidate_language"].eq("de")],
         "pairs need two languages or more, got de"),
        (lambda t: t[:0], "two languages or more, got none"),
        (lambda t: t.drop(columns="article"), "no column article: they are of an old run"),
        (lambda t: t[t["query_language"].eq("de")], "no question is asked in de and in en with"),
    ],
)  # fmt: skip
def test_ranks_without_pairs_are_refused(change, message):
    rows = [("q", "a", x, y, 1) for x in ("de", "en") for y in ("de", "en")]
    with pytest.raises(ValueError, match=message):
        pair_counts(change(ranks(rows)))


def test_runs_of_other_languages_are_refused():
    first, second = planted(0)
    strange = replace(second[0], languages=("ar", "de", "en", "hi", "tr", "vi"))
    with pytest.raises(ValueError, match=r"same languages, got .*'ar de en hi tr vi'"):
        typology.slopes(first, [strange])
    with pytest.raises(ValueError, match="same languages, got no run"):
        typology.slopes([], [])
