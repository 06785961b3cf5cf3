"""Pages that compare samplers: planted effects are found, and null effects are not."""

import re

import pytest

from book.pages import answer, bias, significance, unseen_languages, why_it_works
from book.shared.tables import DISTANCE, HEADLINE, HYBRID
from tests.book.pages import planted

pytestmark = pytest.mark.filterwarnings("ignore:Mean of empty slice:RuntimeWarning")
RANKS = {  # mean rank of the own answer, of others; whole batches help
    "untrained": (4.0, 60.0),
    "x-x": (2.0, 40.0),
    "x-y": (4.0, 8.0),
    "hybrid-0.5": (3.0, 6.0),
    "hybrid-by-example-0.5": (5.0, 12.0),
    "hybrid-by-example-1": (3.0, 60.0),
}
MARKS = {"better": "^", "worse": "v", "as good": "s", "open": "o"}


@pytest.fixture
def place(tmp_path):
    return planted.place(tmp_path, planted.seeds(RANKS))


def test_the_landing_page_puts_hybrid_against_x_x_and_x_y_in_every_measure(place):
    found = answer.differences([place])
    assert len(found) == 2 * len(HEADLINE)
    assert set(found["one"]) == {HYBRID} and set(found["other"]) == {"X-X", "X-Y"}
    verdicts = found.set_index(["other", "measure"])["verdict"]
    assert verdicts["X-X", "Mul. mAP"] == verdicts["X-X", DISTANCE] == "better"
    assert verdicts["X-X", "Mo. mAP"] == "worse"
    shown = answer.at_a_glance(found)
    row = re.search(r">against .*?X-X.*?</tr>", shown.data, re.DOTALL)[0]
    glyphs = [verdicts["X-X", measure] for measure in HEADLINE]
    assert re.findall("[▲▼■○]", row) == [answer.GLYPHS[verdict] for verdict in glyphs]
    stored = planted.csv(shown, "answer-E5-small")
    assert len(stored) == len(found)


def test_a_forest_puts_better_to_the_right_whichever_way_a_measure_runs(place):
    found = answer.differences([place])
    figure = answer.forest(found.assign(against=found["other"]), "measure", ["against"])
    for axis, measure in zip(figure.axes, HEADLINE, strict=True):
        part = found[found["measure"] == measure]
        marks = [line for line in axis.lines if line.get_marker() not in ("None", "")]
        for mark, verdict in zip(marks, part["verdict"], strict=True):
            gain = mark.get_xdata()[0]
            assert mark.get_marker() == MARKS[verdict]
            if verdict in ("better", "worse"):
                assert (gain > 0) == (verdict == "better"), measure


def test_each_contrast_is_compared_in_every_measure_and_what_helps_is_found(place):
    verdicts = why_it_works.differences(place).set_index(["what", "measure"])["verdict"]
    assert len(verdicts) == len(why_it_works.PAIRS) * len(why_it_works.MEASURES)
    half = verdicts["whole batches, half of them X-X"]
    assert set(half.drop(why_it_works.OWN_FIRST)) == {"better"}
    for what in ("X-X in whole batches", "X-X by example"):
        assert verdicts[what]["Mul. mAP"] == "worse"
        assert verdicts[what]["Mo. mAP"] == "better"


def test_a_contrast_whose_arm_was_not_trained_is_left_out(tmp_path):
    ranks = {name: own for name, own in RANKS.items() if name != "hybrid-by-example-1"}
    found = why_it_works.differences(planted.place(tmp_path, planted.seeds(ranks)))
    kept = ["whole batches, half of them X-X", "X-X in whole batches"]
    assert list(dict.fromkeys(found["what"])) == kept


def test_chance_is_one_in_the_number_of_answers(place):
    table = planted.csv(why_it_works.own_language_first(place), f"{place.name}-why-own-language")
    assert table["chance"].to_numpy() == pytest.approx(1 / len(planted.LANGUAGES))


def test_a_loss_in_unseen_languages_is_found_where_it_is_and_nowhere_else(tmp_path):
    start = planted.seeds({"untrained": (4.0, 8.0)})
    losing = planted.seeds({"x-x": (2.0, 4.0)}, spread=0.02, unseen=5.0)
    groups = planted.place(tmp_path / "loss", start | losing).scores
    of_role = unseen_languages.roles(groups)
    verdicts = unseen_languages.against_start(groups, of_role, "role").set_index("role")["verdict"]
    assert verdicts["monolingual, seen"] == verdicts["seen to seen"] == "better"
    assert verdicts["monolingual, unseen"] == verdicts["unseen to unseen"] == "worse"
    by_language = unseen_languages.by_language(groups).set_index(["pool", "language"])["verdict"]
    within = {"de": "better", "en": "better", "th": "worse", "vi": "worse"}
    assert by_language["the query's language"].to_dict() == within
    assert len(by_language) == 2 * len(within)
    even = start | planted.seeds({"x-x": (2.0, 4.0)}, spread=0.02)
    groups = planted.place(tmp_path / "even", even).scores
    found = unseen_languages.against_start(groups, of_role, "role")
    assert set(found["verdict"]) == {"better"}
    seen_alone = {"x-x-seed0": planted.run(languages=("de", "en"))}
    with pytest.raises(ValueError, match="of de, en, training has de, en"):
        unseen_languages.roles(planted.place(tmp_path / "seen", seen_alone).scores)


def test_a_planted_gain_is_significant_and_where_there_is_none_nothing_is(tmp_path):
    options = {"languages": ("ar", "de", "en", "es", "hi", "vi", "zh"), "spread": 0.02}
    runs = planted.seeds({"x-x": (3.0, 6.0), "hybrid-0.5": (1.5, 3.0)}, **options)
    runs |= planted.seeds({"x-y": (3.0, 6.0)}, first_seed=10, **options)
    place = planted.place(tmp_path, runs, benchmark="mlqa-r")
    table = significance.comparisons(place.scores, "mlqa-r")
    of_hybrid = table["compared"].str.startswith("Hybrid")
    means = significance.means(table[of_hybrid])
    assert set(means["verdict"]) == {"better"}
    assert (means["verdict after Holm"] == "better").mean() > 0.5
    assert not {"better", "worse"} & set(table.loc[~of_hybrid, "verdict after Holm"])
    paper = table[(table["query language"] == "mean") & (table["metric"] == "mAP")]
    row = paper[(paper["setting"] == "multilingual") & (paper["compared"] == "Hybrid minus X-X")]
    assert row["XLM-R"].item() == pytest.approx(0.512 - 0.473, abs=0.001)
    assert row["tables"].item() == "1, 4, 6"
    kinds = ["better", "as good", "worse", "open"]
    counts = significance.counts(table)[kinds].to_numpy().sum()
    assert counts == (table["query language"] != "mean").sum()
    with pytest.raises(ValueError, match="no comparison of tables 1 to 8 on 'miracl'"):
        significance.comparisons(place.scores, "miracl")


def test_measures_of_preference_agree_on_a_planted_one(tmp_path):
    runs = planted.seeds({"x-x": (3.0, 6.0)}, preference=60.0)
    runs |= planted.seeds({"x-y": (3.0, 6.0)}, preference=2.0)
    groups = bias.preferences(planted.place(tmp_path, runs))
    by_run = bias.by_run(groups)
    means = by_run.groupby("sampler")[list(bias.MEASURES)].mean()
    assert means.loc["X-X", DISTANCE] > means.loc["X-Y", DISTANCE]
    assert means.loc["X-X", "TLR@20"] < means.loc["X-Y", "TLR@20"]
    assert bias.correlations(by_run).loc[DISTANCE, "TLR@20"] > 0.5
    assert not len(bias.disagreements(groups))
    with pytest.raises(ValueError, match="takes three runs or more, got 2"):
        bias.correlations(by_run[:2])


def test_measures_that_disagree_on_two_samplers_are_named(tmp_path):
    near_but_own_first = planted.seeds({"x-x": (1.0, 4.0)}, preference=10.0)
    runs = near_but_own_first | planted.seeds({"x-y": (60.0, 60.0)}, preference=0.0)
    found = bias.disagreements(bias.preferences(planted.place(tmp_path, runs))).iloc[0]
    assert (found["one"], found["other"]) == ("X-X", "X-Y")
    assert "own language first" in found["more preference by"]
    assert DISTANCE in found["less preference by"]
