import re

import pytest
import yaml

from hybridlib.training.parameters import TrainingParameters
from study.runs import profile
from study.runs.profile import Profile, checked_config, load_profile


def test_quick_has_the_start_and_a_run_of_each_sampler_in_batches_of_32_as_raw_has():
    runs = load_profile("quick").runs()
    assert list(runs) == ["untrained", "x-x-seed0", "x-y-seed0", "hybrid-0.5-seed0"]
    assert runs["untrained"].num_steps == 0
    of_both = [*runs.values(), *load_profile("raw").runs().values()]
    assert {run.batch_size for run in of_both} == {32}


def test_without_profiles_the_folder_that_was_looked_in_is_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    where = re.escape(str(tmp_path / "profiles"))
    with pytest.raises(ValueError, match=f"'raw' was looked for in {where}, .* go to the checkout"):
        load_profile("raw")


@pytest.fixture
def write_profile(tmp_path, monkeypatch):
    """Write profiles/mine.yaml: the quick profile with changes."""
    content = yaml.safe_load((profile.PROFILES / "quick.yaml").read_text())

    def write(changes):
        (tmp_path / "mine.yaml").write_text(yaml.safe_dump(content | changes))

    monkeypatch.setattr(profile, "PROFILES", tmp_path)
    return write


@pytest.mark.parametrize("name", ["mind", "../mine", "", "mine/"])
def test_what_is_no_profile_is_refused(write_profile, tmp_path, name):
    write_profile({})
    (tmp_path / "mind.yaml").symlink_to("gone.yaml")
    with pytest.raises(ValueError, match=r"^profile '.*' is unknown.* [Tt]here is mine$"):
        load_profile(name)


@pytest.mark.parametrize(
    ("training", "message"),
    [
        ({"learning_rat": 1e-3}, "parameter 'learning_rat' is unknown, did you mean 'learning_ra"),
        ({"corpus": "wiki"}, "corpus 'wiki' is unknown, .* There is cldr, balanced-help"),
        ({"validation_corpus": "wiki"}, "corpus 'wiki' is unknown, .* There is cldr"),
        ({"backbone": "e6"}, "encoder 'e6' is unknown; there is multilingual-e5-small"),
        ({"sampler": ["hybird"]}, "sampler 'hybird' is unknown, did you mean 'hybrid'"),
        ({"seed": []}, r"training\.seed: Value should have at least 1 item .*got \[\]"),
        ({"seed": {"x-x": 0}}, "seed 'hybrid' is unknown; there is x-x"),
        ({"backbone": ["labse", "xlm-r"]}, "two .* called untrained, with backbone labse and xl"),
        (
            {"sampler": ["x-x"], "learning_rate": {"x-x": [1e-5, 3e-5]}},
            "two runs would be called x-x-seed0, with learning_rate 1e-05 and 3e-05",
        ),
        (
            {f"max_{side}_tokens": [2, 3] for side in ("query", "passage")}
            | {name: [2, 3] for name in ("num_validation_pairs", "batch_size", "patience")},
            r"the run's name must be 1 to 100 letters, .* got 'hybrid-0\.5-seed0-batch",
        ),
        ({"seed": list(range(1000)), "num_steps": list(range(1, 1001))}, ".* more than 10,000 co"),
        ({"seed": list(range(200_000))}, r"it has .* bytes; at most 65,536 are read"),
    ],
)
def test_a_wrong_training_is_named_with_its_file(write_profile, training, message):
    write_profile({"training": training})
    with pytest.raises(ValueError, match=rf"mine\.yaml: {message}"):
        load_profile("mine")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"benchmarks": ["squad"]}, "benchmark 'squad' is unknown, did you mean 'xquad-r'"),
        ({"benchmarks": []}, r"benchmarks: .* at least 1 item .*got \[\]"),
        ({"benchmarks": [["cldr"]]}, r"benchmarks\.0: .* valid string, got \['cldr'\]"),
        ({"benchmarks": "cldr"}, "benchmarks: .* valid tuple, got 'cldr'"),
        ({"training": None}, "training: .* valid dictionary, got None"),
        ({"colour": "red"}, "entry 'colour' is unknown; there is title, training, benchmarks"),
        ({"papermodel": "LaBSE"}, "entry 'papermodel' is unknown, did you mean 'paper_model'"),
        ({"paper_model": "BERT"}, "paper_model: .* 'XLM-R' or 'LaBSE', got 'BERT'"),
    ],
)
def test_a_wrong_entry_is_named_with_its_file(write_profile, changes, message):
    write_profile(changes)
    with pytest.raises(ValueError, match=rf"mine\.yaml: .*{message}"):
        load_profile("mine")


def test_further_runs_have_other_values_and_names_of_their_kind(write_profile):
    training = {"seed": [0, 1], "num_steps": [50, 100]}
    write_profile({"training": training, "further": {"num_steps": 200}})
    runs = load_profile("mine").runs()
    assert len(runs) == 7
    assert runs["hybrid-0.5-seed1-num_steps=200"].num_steps == 200
    write_profile({"training": training, "further": {"num_step": 200}})
    with pytest.raises(ValueError, match="parameter 'num_step' is unknown, did you mean 'num_st"):
        load_profile("mine")


HEAD = "title: no\nbenchmarks: [cldr]\ntraining:\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title: [", ""),
        ("", ""),
        ("- a", ""),
        ("title: \tx: y", ""),
        (f"{HEAD}  seed: 0\n  seed: 1", "(.|\\n)*found duplicate key .seed."),
        (f"{HEAD}  seed: 1:30", r"seed must be int, got '1:30' \(str\)"),
        (f"{HEAD}  num_steps: 1e23", r"num_steps must be int, got 1e\+23 \(float\)"),
        (f"{HEAD}  num_steps: 1{23 * '0'}", "num_steps must be at most 10,000,000, got 1000"),
        (f"{HEAD}  seed: {9000 * '['}", "nested too deeply"),
        (f"{HEAD}  seed: !!bool maybe", "a value's tag does not fit it: 'maybe'"),
    ],
)
def test_yaml_means_what_it_looks_like_or_is_refused_with_its_file(write_profile, text, message):
    (profile.PROFILES / "mine.yaml").write_text(text)
    with pytest.raises(ValueError, match=rf"mine\.yaml: .*{message}"):
        load_profile("mine")


def test_a_leading_zero_is_no_octal_and_an_exponent_needs_no_point(write_profile):
    text = f"{HEAD}  seed: 010\n  learning_rate: 1e-5\n"
    (profile.PROFILES / "mine.yaml").write_text(text)
    mine = load_profile("mine")
    assert mine.title == "no"
    assert (mine.runs()["hybrid-0.5-seed10"].learning_rate) == 1e-5


def test_a_workflow_takes_every_run_of_quick_by_default():
    asked = checked_config({})
    assert (asked.profile.name, asked.benchmark, asked.processes) == ("quick", None, 1)
    asked = checked_config({"profile": "raw", "benchmark": "mlqa-r", "processes": 4})
    assert (asked.profile.name, asked.benchmark, asked.processes) == ("raw", "mlqa-r", 4)


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"profle": "quick"}, "--config 'profle' is unknown, did you mean 'profile'"),
        ({"profile": "quik"}, "profile 'quik' is unknown, did you mean 'quick'"),
        ({"profile": 7}, r"profile must be str, got 7 \(int\)"),
        ({"benchmark": "nope"}, "benchmark 'nope' is unknown; there is cldr"),
        ({"benchmark": "mlqa-r"}, "benchmark 'mlqa-r' is unknown; there is cldr"),
        ({"processes": 0}, "processes must be >= 1, got 0"),
    ],
)
def test_a_wrong_configuration_of_a_workflow_is_refused(config, message):
    with pytest.raises(ValueError, match=message):
        checked_config(config)


def test_every_alpha_has_a_name_of_its_own_without_an_exponent():
    names = [TrainingParameters(alpha=alpha).name for alpha in (0, 0.5, 1e-5, 1.0)]
    assert names == [f"hybrid-{alpha}-seed0" for alpha in ("0", "0.5", "0.00001", "1")]


def test_a_sampler_may_have_several_alphas_and_those_without_one_have_none():
    alphas = {"hybrid": 0.5, "hybrid-by-example": [0.5, 1.0]}
    training = {"seed": [0, 1], "alpha": [alphas]}
    training["sampler"] = ["x-x", "hybrid", "hybrid-by-example"]
    arms = ["x-x", "hybrid-0.5", "hybrid-by-example-0.5", "hybrid-by-example-1"]
    runs = Profile("arms", "", training, ("cldr",)).runs()
    assert list(runs) == ["untrained", *(f"{arm}-seed{seed}" for seed in (0, 1) for arm in arms)]
    assert runs["hybrid-by-example-1-seed1"].alpha == 1.0
    del alphas["hybrid"]
    with pytest.raises(ValueError, match="alpha 'hybrid' is unknown"):
        Profile("arms", "", training, ("cldr",)).runs()
