import pytest
import yaml

from hybridlib.training.parameters import UNTRAINED
from hybridlib.training.sampling import SAMPLERS
from study.statistics import margins
from study.statistics.margins import PLAN


def every_test():
    return [test for family in PLAN.families.values() for test in family]


def test_every_claim_that_is_a_finding_has_a_family():
    assert list(PLAN.families) == [*(f"claim {n}" for n in range(6, 12)), "controls"]
    assert len(PLAN.families["claim 7"]) == 2 * 2 * 2  # starts, benchmarks, baselines
    assert len(PLAN.families["claim 8"]) == 2 * 2 * 2 * 3
    assert len(PLAN.families["controls"]) == 2 * 2 * 4


def test_unseen_languages_are_tested_one_by_one():
    languages = {t.query_language for t in PLAN.families["claim 10"] if t.benchmark == "mlqa-r"}
    assert languages == {"ar", "hi", "vi"}


def test_no_test_stands_twice_in_a_family():
    for family in PLAN.families.values():
        assert len(set(family)) == len(family)


def test_samplers_and_benchmarks_of_the_plan_exist():
    assert {t.sampler for t in every_test()} <= set(SAMPLERS)
    assert {t.against for t in every_test()} <= {*SAMPLERS, UNTRAINED, "chance"}
    assert {t.benchmark for t in every_test()} == {"xquad-r", "mlqa-r"}


def test_a_margin_is_a_number_or_a_share_of_the_baseline():
    assert PLAN.margin("mAP", 0.5) == 0.01
    assert PLAN.margin("rank distance", 800.0) == pytest.approx(40)
    with pytest.raises(ValueError, match="no margin for 'MRR'"):
        PLAN.margin("MRR", 0.5)


def broken(tmp_path, change):
    content = yaml.safe_load(margins.FILE.read_text(encoding="utf-8"))
    change(content)
    file = tmp_path / "margins.yaml"
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c.pop("alpha"), r"margins\.yaml: alpha: Field required"),
        (lambda c: c.update(alhpa=0.1), "alhpa: Extra inputs are not permitted, got 0.1"),
        (lambda c: c.update(alpha=0.6), "alpha: .* less than 0.5, got 0.6"),
        (lambda c: c["margins"].update(mAP=0), r"margins\.mAP: .* greater than 0, got 0"),
        (
            lambda c: c["families"]["claim 7"][0].update(expects="best"),
            r"claim 7\.0\.expects: .*got 'best'",
        ),
        (lambda c: c["families"]["claim 7"][0].pop("against"), r"claim 7\.0\.against: Field"),
        (lambda c: c["families"]["claim 7"][0].update(startz=[]), r"claim 7\.0\.startz: Extra"),
        (lambda c: c["families"]["claim 7"][0].update(starts=["x"]), "claim 7: starts must be"),
        (lambda c: c["margins"].pop("mAP"), "no margin for mAP"),
    ],
)
def test_a_broken_plan_is_refused_by_name(tmp_path, change, message):
    with pytest.raises(ValueError, match=message):
        margins.load(broken(tmp_path, change))
