import re
from dataclasses import fields, replace

import pytest
from click.testing import CliRunner

from hybridlib.models import on_disk
from hybridlib.training.parameters import ALLOWED, TrainingParameters
from study.__main__ import main
from study.runs.profile import load_profile
from study.store.runs import Store
from tests.processes import ROOT


def study(*words):
    return CliRunner().invoke(main, words)


@pytest.fixture
def checkout(make_encoder, monkeypatch, tmp_path):
    """Work in a folder that has the profiles and a tiny encoder."""
    (tmp_path / "profiles").symlink_to(ROOT / "profiles")
    on_disk.save(make_encoder(), tmp_path / "tiny")
    monkeypatch.chdir(tmp_path)


def test_options_are_the_parameters_of_a_training_with_their_ranges():
    text = re.sub(r"\s+", " ", study("train", "--help").output)
    for one in fields(TrainingParameters):
        assert f"--{one.name.replace('_', '-')} " in text
    assert "share of X-X; in [0, 1]; default 0.5" in text
    assert "tokens; >= 1; default 24" in text
    assert "steps; >= 0; default 40" in text  # of the quick profile
    assert all(name in text for name in ALLOWED["sampler"])


def test_an_option_trains_and_evaluates_the_quick_run_with_another_value(checkout):
    changes = {"backbone": "tiny", "alpha": 0.3, "num_steps": 2, "freeze_embeddings": False}
    words = ["--backbone", "tiny", "--alpha", "0.3", "--num-steps", "2", "--no-freeze-embeddings"]
    for command in ("train", "evaluate"):
        outcome = study(command, *words)
        assert outcome.exit_code == 0, outcome.output
    (printed,) = re.findall(r"multilingual +mAP +([\d.]+)$", outcome.output, re.M)
    store = Store()
    log = store.load(store.folder("scratch", "training", "hybrid-0.3-seed0"))
    quick = load_profile("quick").runs()["hybrid-0.5-seed0"]
    assert log.parameters.items() >= replace(quick, **changes).described.items()
    assert log.scores["step"].max() == 2
    evaluated = store.load(store.folder("scratch", "cldr", "hybrid-0.3-seed0"))
    assert evaluated.provenance["revisions"]["encoder"] == f"trained {log.key}"
    assert not (store.results / "quick").exists()
    means = evaluated.scores.groupby(["setting", "metric"])["value"].mean()
    assert float(printed) == pytest.approx(means["multilingual", "mAP"], abs=1e-5)


def test_a_loss_that_is_not_finite_is_one_sentence(checkout):
    outcome = study("train", "--backbone", "tiny", "--temperature", "1e-40", "--num-steps", "2")
    assert outcome.exit_code == 1
    assert "Error: the loss is nan: lower the learning rate or raise the temp" in outcome.output


@pytest.mark.parametrize("command", ["train", "evaluate"])
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--alpha", "1.4"], "alpha must be in [0, 1], got 1.4"),
        (["--num-steps", "-1"], "num_steps must be >= 0, got -1"),
        (["--sampler", "x-z"], "sampler 'x-z' is unknown, did you mean 'x-"),
        (["--corpus", "wiki"], "corpus 'wiki' is unknown, did you mean 'wiki-qa'"),
        (["--backbone", "bert"], "encoder 'bert' is unknown"),
        (["quick", "hybrid-0.5-sed0", "--alpha", "0.3"], "run 'hybrid-0.5-sed0' is unknown, did"),
    ],
)
def test_a_wrong_value_is_one_sentence(command, words, message):
    outcome = study(command, *words)
    assert outcome.exit_code == 1
    assert outcome.output.startswith(f"Error: {message}")
    assert outcome.output.count("\n") == 1


def test_words_that_do_not_fit_are_told():
    wrong = {
        ("--alpha", "half"): "'half' is not a valid float",
        ("--alpah", "1"): "'--alpha'",
        ("paper-xlm-r",): "paper-xlm-r needs a RUN; `python -m study runs paper-xlm-r` lists them",
    }
    for words, message in wrong.items():
        outcome = study("train", *words)
        assert outcome.exit_code == 2
        assert message in outcome.output
