import pytest
import yaml

from study.statistics import margins
from study.statistics.margins import PLAN


def test_a_margin_is_a_number_or_a_share_of_the_baseline():
    assert PLAN.margin("mAP", 0.5) == 0.01
    assert PLAN.margin("rank distance", 800.0) == pytest.approx(40)
    with pytest.raises(ValueError, match="no margin for 'MRR'"):
        PLAN.margin("MRR", 0.5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c.pop("alpha"), r"margins\.yaml: alpha: Field required"),
        (lambda c: c.update(alhpa=0.1), "alhpa: Extra inputs are not permitted, got 0.1"),
        (lambda c: c.update(alpha=0.6), "alpha: .* less than 0.5, got 0.6"),
        (lambda c: c["margins"].update(mAP=0), r"margins\.mAP: .* greater than 0, got 0"),
    ],
)
def test_a_broken_plan_is_refused_by_name(tmp_path, change, message):
    content = yaml.safe_load(margins.FILE.read_text(encoding="utf-8"))
    change(content)
    file = tmp_path / "margins.yaml"
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        margins.load(file)
