import pytest
import yaml

from hybridlib.experiments import profile
from hybridlib.experiments.profile import TrainingParameters, load_profile


@pytest.mark.parametrize(
    ("name", "seeds"), [("quick", [0]), ("companion", [0, 1, 2]), ("companion-aligned", [0, 1, 2])]
)
def test_the_profiles_of_the_project_load(name, seeds):
    runs = load_profile(name).runs()
    expected = [f"{sampler}-seed{n}" for n in seeds for sampler in ("x-x", "x-y", "hybrid-0.5")]
    assert list(runs) == ["untrained", *expected]
    assert runs["untrained"].num_steps == 0
    assert {run.batch_size for run in runs.values()} == {32}


def test_a_list_of_values_makes_a_run_each_under_a_name_that_says_it():
    names = list(load_profile("tuning").runs())
    assert len(names) == 7
    assert "hybrid-0.5-seed0-learning_rate=0.0001-temperature=0.02" in names


def test_the_published_settings_are_those_that_tuning_chose():
    chosen = load_profile("companion").training
    tried = load_profile("tuning").training
    for name in ("learning_rate", "temperature"):
        assert set(chosen[name]) < set(tried[name])
    aligned = load_profile("companion-aligned").training
    assert {k: v for k, v in aligned.items() if k != "translation_steps"} == chosen


def test_an_unknown_profile_lists_the_known_ones():
    with pytest.raises(ValueError, match="profile 'fast' is unknown; profiles/ has companion"):
        load_profile("fast")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"training": {"learning_rat": 1e-3}}, "training has no 'learning_rat'; there is backbone"),
        ({"training": {"num_steps": "many"}}, "training.num_steps must be int, got 'many'"),
        ({"training": {"corpus": "wiki"}}, "no corpus 'wiki'; there is cldr, product-help"),
        ({"benchmarks": ["squad"]}, "no benchmark 'squad'; there is cldr, xquad-r, mlqa-r"),
        ({"training": {"alpha": [0.5, 1.4]}}, r"alpha must be in \[0, 1\], got 1.4"),
        ({"training": {"alpha": ["half"]}}, "training.alpha must be float, got 'half'"),
        ({"training": {"seed": []}}, "training.seed has no value"),
        ({"benchmarks": "cldr"}, "benchmarks must be list, got 'cldr'"),
        ({"training": None}, "training must be dict, got None"),
        ({"colour": "red"}, "must have exactly .*'benchmarks'.* got .*'colour'"),
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
