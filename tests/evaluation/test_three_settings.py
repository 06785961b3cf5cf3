import pandas as pd
import pytest

from hybridlib.evaluation import three_settings

COLUMNS = ["question", "query_language", "candidate_language", "rank_in_language", "rank_in_pool"]
# two questions; the second has no German answer
RANKS = pd.DataFrame(
    [
        ("q1", "en", "en", 1, 1),
        ("q1", "en", "de", 2, 5),
        ("q1", "de", "en", 4, 9),
        ("q1", "de", "de", 1, 2),
        ("q2", "en", "en", 5, 7),
    ],
    columns=COLUMNS,
)


def value(frame, setting, metric, *languages):
    chosen = frame[(frame["setting"] == setting) & (frame["metric"] == metric)]
    if languages:
        chosen = chosen[
            (chosen["query_language"] == languages[0])
            & (chosen["candidate_language"] == languages[1])
        ]
    assert len(chosen) == 1
    return chosen["value"].item()


def test_each_setting_has_its_pool_and_queries():
    scores = three_settings.score(RANKS)
    assert value(scores, "monolingual", "mAP", "en", "en") == pytest.approx((1 + 1 / 5) / 2)
    assert value(scores, "cross-lingual", "mAP", "en", "de") == pytest.approx(1 / 2)
    assert value(scores, "multilingual", "mAP", "en", "all") == pytest.approx(
        ((1 + 2 / 5) / 2 + 1 / 7) / 2
    )
    assert value(scores, "multilingual", "rank distance", "en", "all") == pytest.approx((4 + 0) / 2)
    counts = scores.set_index(["setting", "query_language", "candidate_language"])["num_queries"]
    assert counts["cross-lingual", "en", "de"].unique().tolist() == [1]
    assert counts["monolingual", "en", "en"].unique().tolist() == [2]


def test_summaries_are_macro_averages_over_languages_and_pairs():
    summary = three_settings.summarize(three_settings.score(RANKS))
    assert value(summary, "monolingual", "mAP") == pytest.approx((0.6 + 1.0) / 2)
    assert value(summary, "cross-lingual", "mAP") == pytest.approx((1 / 2 + 1 / 4) / 2)
    assert value(summary, "multilingual", "rank distance") == pytest.approx((2 + 7) / 2)


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
