from dataclasses import replace

import pandas as pd
import pytest

from book.pages import answer
from book.shared import tables
from book.shared.tables import HEADLINE
from tests.book.pages.test_claims import evidence


@pytest.fixture(scope="module")
def scores():
    found = evidence(starts=("raw",)).scores
    return {key: value for key, value in found.items() if "questions" not in key[1]}


def test_every_other_sampler_is_compared_in_every_measure(scores):
    compared = answer.comparisons(scores)
    assert len(compared) == len(scores) * len(answer.AGAINST) * len(HEADLINE)
    row = compared.iloc[2]
    assert (row["hybrid minus"], row["measure"]) == ("X-X", "Mul. mAP")
    of_samplers = scores["raw", "xquad-r"]
    hybrid, baseline = of_samplers[tables.HYBRID], of_samplers["X-X"]
    expected = tables.compare(hybrid, baseline, "multilingual", "mAP")
    assert row["difference"].difference.mean == expected.difference.mean
    table = answer.by_measure(compared)
    assert list(table["hybrid minus"][:2]) == ["X-X", "X-Y"]
    assert len(table) * len(HEADLINE) == len(compared)


def test_a_sentence_names_benchmark_and_start(scores):
    first, second = answer.sentences(answer.comparisons(scores))
    assert first.startswith("On XQuAD-R from raw: against X-X, hybrid batches are better")
    assert second.startswith("On MLQA-R from raw: ")


def test_a_sentence_on_several_starts_says_what_is_shown_from_each(scores):
    compared = answer.comparisons({("one", "xquad-r"): scores["raw", "xquad-r"]})
    other = compared.assign(start="other")
    (alone,) = answer.sentences(compared)
    (agreed,) = answer.sentences(pd.concat([compared, other]))
    shown = (
        alone.partition("hybrid batches are ")[2].partition("; not decided")[0].partition(".")[0]
    )
    assert agreed.startswith(
        f"On XQuAD-R, from every start: against X-X, hybrid batches are {shown}."
    )
    assert "they are" not in agreed


def test_a_sentence_on_several_starts_says_what_turns_round(scores):
    compared = answer.comparisons({("one", "xquad-r"): scores["raw", "xquad-r"]})
    is_turned = (compared["hybrid minus"] == "X-X") & (compared["measure"] == "Mul. mAP")
    assert compared.loc[is_turned, "difference"].iloc[0].verdict == "better"
    turned = compared["difference"].mask(is_turned, compared["difference"].map(turned_round))
    other = compared.assign(start="other", difference=turned)
    (words,) = answer.sentences(pd.concat([compared, other]))
    assert "Over all at once they are better from one and worse from other." in words


def test_a_sentence_on_several_starts_is_of_the_samplers_that_all_have(scores):
    compared = answer.comparisons({("one", "xquad-r"): scores["raw", "xquad-r"]})
    other = compared[compared["hybrid minus"] != "X-Y"].assign(start="other")
    (words,) = answer.sentences(pd.concat([compared, other]))
    assert "against X-X" in words and "X-Y" not in words
    none = other[other["hybrid minus"] != "X-X"]
    (words,) = answer.sentences(pd.concat([compared, none]))
    assert words == "On XQuAD-R, from every start: no other sampler is trained from all of them."


def turned_round(one):
    return replace(one, difference=-one.difference)


def test_the_forest_shows_verdicts_by_colour_and_shape_and_shares_of_rank_distance(scores):
    compared = answer.comparisons(scores)
    figure = answer.forest(compared)
    panel = figure.axes[2]
    assert panel.get_title() == "Mul. mAP"
    marks = [line for line in panel.lines if line.get_marker() not in ("None", None)]
    expected = compared.loc[compared["measure"] == "Mul. mAP", "difference"]
    assert [line.get_marker() for line in marks] == [
        answer.LOOKS[one.verdict][1] for one in expected
    ]
    distances = [line for line in figure.axes[3].lines if line.get_marker() not in ("None", None)]
    assert all(abs(line.get_xdata()[0]) < 2 for line in distances)
