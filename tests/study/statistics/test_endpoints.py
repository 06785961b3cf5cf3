"""Claims judged on planted p-values, and on planted scores with a known answer."""

import copy
from functools import cache

import numpy as np
import pytest
import yaml

from book.shared.stored_runs import clustered
from study import strict_yaml
from study.statistics import margins
from study.statistics.endpoints import ENDPOINTS, SETTINGS, Part, compare, judge, line, settle
from tests.book.pages import planted

CONTENT = yaml.safe_load(margins.FILE.read_text())
SHOWN, OTHER_WAY, NEITHER = (0.001, 1.0), (1.0, 0.001), (0.4, 1.0)
LANGUAGES = ("ar", "de", "el", "en", "vi")


@pytest.mark.parametrize(
    ("parts", "outcome"),
    [
        ([SHOWN, SHOWN], "replicates"),
        ([SHOWN, NEITHER], "open"),
        ([NEITHER, OTHER_WAY], "reversed"),
        ([OTHER_WAY], "reversed"),
        ([SHOWN, OTHER_WAY], "split"),
        ([(0.04, 1.0), OTHER_WAY], "split"),  # shown, though not if corrected: not simply reversed
        ([NEITHER, NEITHER], "open"),
        ([], "not run"),
    ],
)
def test_each_outcome_comes_of_its_parts(parts, outcome):
    assert judge({"here": parts})["here"].outcome == outcome


def test_p_is_the_largest_of_the_parts_or_the_smallest_times_their_number():
    assert judge({"here": [(0.01, 1.0), (0.03, 1.0)]})["here"].p == 0.03
    assert judge({"here": [(1.0, 0.01), (0.3, 1.0), (0.3, 0.2)]})["here"].p == pytest.approx(0.03)


def test_holm_corrects_over_the_settings_in_each_direction_by_itself():
    alone = judge({"here": [(0.02, 1.0)]})["here"]
    among = judge({"here": [(0.02, 1.0)], "b": [NEITHER], "c": [NEITHER], "d": [NEITHER]})["here"]
    assert (alone.outcome, among.outcome, among.p) == ("replicates", "open", 0.08)
    with_missing = judge({"here": [(0.02, 1.0)], "b": [], "c": [], "d": []})["here"]
    assert with_missing.p == among.p  # a setting that has not run makes nothing easier
    assert judge({"here": [(1.0, 0.02)], "b": [], "c": []})["here"].outcome == "open"
    both = judge({"here": [(0.02, 1.0)], "there": [(1.0, 0.02)]})
    assert [one.outcome for one in both.values()] == ["replicates", "reversed"]
    assert [one.p for one in both.values()] == [0.04, 0.04]


def test_a_claims_line_counts_its_settings():
    judged = judge({"a": [SHOWN], "b": [SHOWN], "c": [NEITHER], "d": [OTHER_WAY], "e": []})
    assert line(judged) == "replicates in 2 of 5 settings, reversed in 1, open in 1, not run in 1"


@cache
def scores(own, other, num_seeds=4):
    """Of runs whose answers have about one rank in the query's language, another elsewhere."""
    runs = [planted.run(own, other, seed=n, languages=LANGUAGES) for n in range(num_seeds)]
    return clustered({"": runs}, is_trained=lambda _: num_seeds > 1)[""]


def everywhere(ranks):
    of_samplers = {n: scores(*r, 1 if n == "untrained" else 4) for n, r in ranks.items()}
    return dict.fromkeys(SETTINGS, of_samplers)


LIKE_THE_PAPER = {"untrained": (2, 90), "x-x": (1, 40), "x-y": (3, 20), "hybrid": (1, 12)}


@pytest.mark.parametrize(
    ("claim", "change", "outcome"),
    [
        *((f"claim {number}", {}, "replicates") for number in (6, 7, 9, 10)),
        ("claim 8", {"x-x": (2, 40)}, "replicates"),
        ("claim 7", {"hybrid": (3, 60)}, "reversed"),  # the worst
        ("claim 7", {"x-y": (1, 4)}, "split"),  # in between
        ("claim 8", {"x-x": (1, 12), "x-y": (1, 12)}, "open"),  # as good as both
        ("claim 7, comparable", {"x-y": (1, 12)}, "replicates"),
    ],
)
def test_what_the_paper_says_replicates_where_it_is_so_and_only_there(claim, change, outcome):
    judged = settle(claim, everywhere(LIKE_THE_PAPER | change))
    assert set(judged) == set(SETTINGS)
    assert {one.outcome for one in judged.values()} == {outcome}


def test_a_setting_that_lacks_a_sampler_has_not_run():
    complete = everywhere(LIKE_THE_PAPER)
    here = {name: one for name, one in complete[SETTINGS[0]].items() if name != "x-y"}
    judged = settle("claim 7", {SETTINGS[0]: here, SETTINGS[1]: complete[SETTINGS[1]]})
    outcomes = [one.outcome for one in judged.values()]
    assert outcomes == ["not run", "replicates", "not run", "not run"]


def test_the_start_alone_enters_claim_10_from_a_trained_encoder():
    raised = everywhere({"untrained": (1, 90), "x-x": (4, 40), "x-y": (4, 40), "hybrid": (2, 12)})
    by_start = {start: one.outcome for (start, _), one in settle("claim 10", raised).items()}
    assert by_start["raw"] == "replicates"
    assert by_start["e5"] == "split"


def test_the_mean_of_three_maps_weighs_settings_alike_and_takes_the_languages_queries():
    one, other = scores(1, 12), scores(3, 40)
    found = compare("mean mAP", one, other, ["ar", "el"]).difference.mean
    parts = [
        compare(measure, one, other, ["ar", "el"]).difference.mean
        for measure in ("Mo. mAP", "Cr. mAP", "Mul. mAP")
    ]
    assert found == pytest.approx(np.mean(parts))
    frame = (one.by_seed - other.by_seed).mean(0)
    level = one.cells.get_level_values
    chosen = (level("setting") == "cross-lingual") & (level("metric") == "mAP")
    across = frame[chosen & level("query_language").isin(["ar", "el"])]
    assert len(across) == 8
    assert parts[1] == pytest.approx(across.mean())
    with pytest.raises(ValueError, match="no monolingual mAP of queries in hi"):
        compare("mean mAP", one, other, ["hi"])


def test_better_somewhere_is_corrected_for_the_places_it_may_be():
    (part,) = [p for p in ENDPOINTS["claim 8"] if len(p.measure) > 1 and p.against == "x-x"]
    comparisons = [compare(m, scores(1, 12), scores(1, 12.5), ()) for m in part.measure]
    smallest = min(one.p_values["better"] for one in comparisons)
    assert part.p_values(comparisons)[0] == min(1.0, 3 * smallest)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"measure": "Mo."}, "measure.*: Input should be 'Mo. mAP'"),
        ({"expects": "best"}, "expects: Input should be 'better', 'not worse' or 'as good'"),
        ({"margin": 1}, "margin: Extra inputs are not permitted, got 1"),
    ],
)
def test_a_part_that_cannot_be_is_refused(change, message):
    content = copy.deepcopy(CONTENT["endpoints"])
    content["claim 9"][0] |= change
    with pytest.raises(ValueError, match=rf"claim 9\.0\.{message}"):
        strict_yaml.checked(dict[str, tuple[Part, ...]], content)
