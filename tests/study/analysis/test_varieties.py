import numpy as np
import pandas as pd
import pytest

from study.analysis import varieties
from study.data.language_facts import chosen_varieties, distances

NAMES = chosen_varieties()[::6]  # of every class


def symmetric(rng):
    drawn = np.triu(rng.normal(0, 0.1, (len(NAMES), len(NAMES))), 1)
    return drawn + drawn.T


def test_logits_are_those_of_the_shares_in_the_order_asked_for():
    rows = [("tur_Latn", "deu_Latn", 0.0), ("deu_Latn", "tur_Latn", 51 / 204)]
    scores = pd.DataFrame(rows, columns=["query_variety", "candidate_variety", "R@1"])
    found = varieties.logits(scores, ["tur_Latn", "deu_Latn"])
    assert found[0, 1] == pytest.approx(np.log(0.5 / 204.5))
    assert found[1, 0] == pytest.approx(np.log(51.5 / 153.5))
    assert np.isnan(np.diag(found)).all()
    with pytest.raises(ValueError, match="no score from tur_Latn to hin_Deva; evaluate the run"):
        varieties.logits(scores, ["tur_Latn", "deu_Latn", "hin_Deva"])


def test_a_slope_planted_among_low_resource_pairs_is_found_there_alone():
    rng = np.random.default_rng(0)
    apart = distances(NAMES)
    is_low = np.array([one == "0 or 1" for one in varieties.classes(NAMES)])
    has_low = is_low[:, None] | is_low
    is_none = np.array([one == "none known" for one in varieties.classes(NAMES)])
    has_low &= ~(is_none[:, None] | is_none)
    hard = rng.normal(0, 2, len(NAMES))
    planted = np.where(has_low, 3 * apart, 0) + hard[:, None] + hard
    first = [planted + symmetric(rng) for _ in range(3)]
    second = [symmetric(rng) for _ in range(3)]
    found = varieties.gains(first, second, True, NAMES).set_index("pairs")
    low, high = found.loc["the lower class 0 or 1"], found.loc["the lower class 4 or 5"]
    assert low["slope"] == pytest.approx(3, abs=0.4)
    assert low["slope low"] < 3 < low["slope high"]
    assert low["p"] < 0.01
    assert abs(high["slope"]) < 1
    assert high["p"] > 0.01
    assert found.loc["all", "number"] == len(NAMES) * (len(NAMES) - 1) / 2


def test_each_pair_is_of_one_class_and_of_one_kind_of_pre_training():
    zeros = [np.zeros((len(NAMES), len(NAMES)))] * 2
    number = varieties.gains(zeros, zeros, True, NAMES).set_index("pairs")["number"]
    resource = number[number.index.str.contains("class")]
    pretraining = number.drop([*resource.index, "all"])
    assert resource.sum() == pretraining.sum() == number["all"]


def test_the_untrained_start_has_no_seeds():
    rng = np.random.default_rng(1)
    first, untrained = [symmetric(rng) for _ in range(3)], [symmetric(rng)]
    as_start = varieties.gains(first, untrained, False, NAMES)
    as_run = varieties.gains(first, untrained, True, NAMES)
    assert np.isfinite(as_start["slope high"][0])
    assert np.isinf(as_run["slope high"][0])


def test_classes_are_joshis_two_by_two():
    names = ["deu_Latn", "tur_Latn", "ben_Beng", "swh_Latn", "acm_Arab"]
    assert varieties.classes(names) == ["4 or 5", "4 or 5", "2 or 3", "2 or 3", "none known"]
