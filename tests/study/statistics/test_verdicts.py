import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.statistics.equivalence import Comparison
from study.statistics.estimates import Component, Estimate
from study.statistics.verdicts import ClaimTest, adjudicate

MARGIN = 0.01
# weaker or equal verdicts
WEAKER = {
    "supported": {"supported", "partly supported", "undecided", "not testable here"},
    "partly supported": {"partly supported", "undecided", "not testable here"},
    "contradicted": {"contradicted", "undecided", "not testable here"},
    "undecided": {"undecided", "not testable here"},
    "not testable here": {"not testable here"},
}
BETTER, WORSE = (0.02, 0.001), (-0.02, 0.001)
UNCLEAR_GAIN, UNCLEAR_LOSS = (0.02, 0.015), (-0.02, 0.015)
EQUIVALENT = (0.0, 0.001)


def comparison(mean, se, df=47):
    return Comparison(Estimate(mean, Component(se**2, df), (), mean, mean), MARGIN)


def claim(*parts, expects="better"):
    return [ClaimTest(comparison(*part) if part else None, expects) for part in parts]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([BETTER, BETTER], "supported"),
        ([BETTER, WORSE], "contradicted"),
        ([BETTER, EQUIVALENT], "partly supported"),
        ([BETTER, UNCLEAR_GAIN], "partly supported"),
        ([BETTER, UNCLEAR_LOSS], "undecided"),
        ([EQUIVALENT, EQUIVALENT], "undecided"),
        ([UNCLEAR_LOSS, UNCLEAR_LOSS], "undecided"),
        ([BETTER, None], "undecided"),
        ([WORSE, None], "contradicted"),
        ([None, None], "not testable here"),
    ],
)
def test_verdict_of_a_claim(parts, expected):
    assert adjudicate(claim(*parts)).verdict == expected


def test_comparable_or_superior_is_no_worse():
    found = adjudicate(claim(BETTER, EQUIVALENT, (0.006, 0.001), expects="not worse"))
    assert found.verdict == "supported"
    assert adjudicate(claim(EQUIVALENT, WORSE, expects="not worse")).verdict == "contradicted"


def test_a_loss_alone_is_evidence_and_one_of_many_is_not():
    loss = (-0.02, 0.0085)  # p = .023
    assert adjudicate(claim(loss)).verdict == "contradicted"
    assert adjudicate(claim(loss, *[EQUIVALENT] * 2)).verdict == "undecided"


def test_a_test_that_has_not_run_counts_in_the_family():
    loss = (-0.02, 0.0085)
    assert adjudicate(claim(loss, None, None)).verdict == "undecided"


def test_the_reason_counts_outcomes():
    found = adjudicate(claim(BETTER, BETTER, WORSE, UNCLEAR_GAIN, None))
    assert found.outcomes == ("shown", "shown", "refuted", "open", "not run")
    assert found.reason == "2 shown, 1 refuted, 1 open, 1 not run of 5 tests"


estimates = st.tuples(st.floats(-0.03, 0.03), st.floats(0.0005, 0.02), st.integers(2, 60))
families = st.lists(
    st.tuples(estimates, st.sampled_from(["better", "not worse"])), min_size=1, max_size=6
)


@given(families)
def test_no_interval_that_holds_zero_contradicts(family):
    tests = [ClaimTest(comparison(*numbers), expects) for numbers, expects in family]
    found = adjudicate(tests)
    for test, outcome in zip(tests, found.outcomes, strict=True):
        if outcome == "refuted":
            assert test.comparison.difference.high < 0
    if all(test.comparison.difference.high >= 0 for test in tests):
        assert found.verdict != "contradicted"


@given(families, st.data())
def test_with_less_data_a_verdict_only_gets_weaker(family, data):
    more = [ClaimTest(comparison(*numbers), expects) for numbers, expects in family]
    less = []
    for (mean, se, df), expects in family:
        wider = data.draw(st.floats(1, 20))
        fewer = data.draw(st.integers(1, df))
        has_run = data.draw(st.booleans()) or data.draw(st.booleans())
        one = comparison(mean, se * wider, fewer) if has_run else None
        less.append(ClaimTest(one, expects))
    assert adjudicate(less).verdict in WEAKER[adjudicate(more).verdict]


def test_what_makes_no_claim_is_refused():
    with pytest.raises(ValueError, match="at least one test"):
        adjudicate([])
    with pytest.raises(ValueError, match=r"expects must be of .* got 'best'"):
        ClaimTest(None, "best")
