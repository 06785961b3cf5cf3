import pytest
import yaml

from hybridlib import profile
from hybridlib.profile import TrainingParameters, load_profile


@pytest.mark.parametrize("name", ["quick", "companion"])
def test_the_profiles_of_the_project_load(name):
    loaded = load_profile(name)
    assert list(loaded.runs()) == ["x-x-seed0", "x-y-seed0", "hybrid-0.5-seed0"]
    assert {run.batch_size for run in loaded.runs().values()} == {32}


def test_an_unknown_profile_lists_the_known_ones():
    with pytest.raises(
        ValueError, match="profile 'fast' is unknown; profiles/ has companion, quick"
    ):
        load_profile("fast")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"training": {"learning_rat": 1e-3}}, "training has no 'learning_rat'; there is backbone"),
        ({"training": {"num_steps": "many"}}, "training.num_steps must be int, got 'many'"),
        ({"training": {"corpus": "wiki"}}, "no corpus 'wiki'; there is cldr, product-help"),
        ({"benchmarks": ["squad"]}, "no benchmark 'squad'; there is cldr, xquad-r, mlqa-r"),
        ({"alphas": [0.5, 1.4]}, r"alpha must be in \[0, 1\], got 1.4"),
        ({"alphas": 0.5}, "alphas must be a list of float, got 0.5"),
        ({"alphas": ["half"]}, "alphas must be a list of float, got .'half'."),
        ({"seeds": ["0"]}, "seeds must be a list of int"),
        ({"benchmarks": "cldr"}, "benchmarks must be a list of str"),
        ({"training": None}, "training must be dict, got None"),
        ({"training": {"alpha": 0.3}}, "training has no 'alpha'"),
        ({"colour": "red"}, "must have exactly .*'alphas'.* got .*'colour'"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path, monkeypatch, changes, message):
    content = yaml.safe_load((profile.PROFILES / "quick.yaml").read_text())
    monkeypatch.setattr(profile, "PROFILES", tmp_path)
    (tmp_path / "mine.yaml").write_text(yaml.safe_dump(content | changes))
    with pytest.raises(ValueError, match=message):
        load_profile("mine")


def test_every_alpha_has_a_name_of_its_own_without_an_exponent():
    names = [TrainingParameters(alpha=alpha).sampler for alpha in (0, 1, 0.5, 1e-5, 0.9999999)]
    assert names == ["x-y", "x-x", "hybrid-0.5", "hybrid-0.00001", "hybrid-0.9999999"]
