import pandas as pd
import pytest

from hybridlib.evaluation import three_settings

# two questions; the second has no German answer
RANKS = pd.DataFrame(
    [
        ("q1", "en", "en", 1, 1),
        ("q1", "en", "de", 2, 5),
        ("q1", "de", "en", 4, 9),
        ("q1", "de", "de", 1, 2),
        ("q2", "en", "en", 5, 7),
    ],
    columns=["question", *three_settings.PAIR, "rank_in_language", "rank_in_pool"],
)


def test_summaries_are_macro_averages_over_languages_and_pairs():
    summary = three_settings.summarize(three_settings.score(RANKS))
    means = summary.set_index(["setting", "metric"])["value"]
    assert means["monolingual", "mAP"] == pytest.approx((0.6 + 1.0) / 2)
    assert means["cross-lingual", "mAP"] == pytest.approx((1 / 2 + 1 / 4) / 2)
    assert means["multilingual", "rank distance"] == pytest.approx((2 + 7) / 2)


def test_preferences_of_questions_stand_by_language_and_measure():
    found = three_settings.question_preferences(RANKS)
    english = found.xs("en", axis=1, level="query_language").droplevel([0, 2], axis=1)
    assert english["rank distance"].to_dict() == {"q1": 4, "q2": 0}
    assert english["own language first"].to_dict() == {"q1": 1, "q2": 1}
    assert english["TLR@20"].to_dict() == pytest.approx({"q1": 1, "q2": float("nan")}, nan_ok=True)
    german = found.xs("de", axis=1, level="query_language").droplevel([0, 2], axis=1)
    assert german["language preference rate"].dropna().to_dict() == {"q1": 1}


def test_a_preference_that_no_query_can_show_has_no_cell():
    found = three_settings.question_preferences(RANKS[RANKS["question"] == "q2"])
    assert set(found.columns.get_level_values("metric")) == {"rank distance", "own language first"}
