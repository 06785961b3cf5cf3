import shutil
from dataclasses import replace
from functools import partial

import pandas as pd
import pytest

from hybridlib.evaluation import three_settings
from hybridlib.experiments import evaluate_in_memory
from hybridlib.experiments import run as experiment
from hybridlib.experiments import train as stages
from hybridlib.experiments.profile import TrainingParameters
from hybridlib.store import runs as results

PARAMETERS = TrainingParameters(
    backbone="tiny", corpus="tiny", num_steps=4, batch_size=8, warmup_steps=1,
    num_validation_pairs=30, evaluation_steps=2,
)  # fmt: skip


run = partial(experiment.run_trained, benchmarks=["tiny"], profile="test")


def test_a_run_leaves_log_scores_ranks_and_provenance(store):
    trained, evaluated = run(PARAMETERS)
    training = trained[PARAMETERS.name]
    assert training.scores["step"].max() == 4
    assert training.scores["validation_loss"].notna().sum() == 2
    stored = results.load(store / "results" / "test" / "tiny" / "hybrid-0.5-seed0")
    assert stored.key == evaluated["tiny"].key
    assert len(stored.ranks) == 30 * 4 * 4
    assert set(stored.provenance) >= {"commit", "hardware", "date", "packages", "revisions"}
    assert stored.provenance["revisions"]["encoder"] == f"trained {training.key}"
    assert not list((store / "build" / "checkpoints").iterdir())


def test_an_equal_run_is_loaded_and_not_computed(store, monkeypatch):
    first, _ = run(PARAMETERS)
    shutil.rmtree(store / "build")  # the weights are not needed to show a result
    monkeypatch.setattr(stages, "fit", None)
    again, _ = run(PARAMETERS)
    assert again[PARAMETERS.name].key == first[PARAMETERS.name].key


def test_a_changed_parameter_computes_again(store):
    first, _ = run(PARAMETERS)
    other, _ = run(replace(PARAMETERS, learning_rate=1e-4))
    assert other[PARAMETERS.name].key != first[PARAMETERS.name].key


def test_a_deleted_result_comes_back_with_the_same_ranks(store):
    _, first = run(PARAMETERS)
    shutil.rmtree(store / "results")
    shutil.rmtree(store / "build")
    _, again = run(PARAMETERS)
    pd.testing.assert_frame_equal(first["tiny"].ranks, again["tiny"].ranks)


def test_changed_measures_are_computed_from_the_stored_ranks(store, monkeypatch):
    experiment.evaluate("tiny", "tiny", "test", "untrained")
    measure = {"mAP": three_settings._SMALL_POOL["mAP"]}
    monkeypatch.setattr(three_settings, "_SMALL_POOL", measure)
    monkeypatch.setattr(evaluate_in_memory, "_compute", None)
    again = experiment.evaluate("tiny", "tiny", "test", "untrained")
    assert set(again.scores.query("setting == 'monolingual'")["metric"]) == {"mAP"}


def test_unknown_names_are_refused(store):
    with pytest.raises(ValueError, match="benchmark 'squad' is unknown; there is tiny"):
        experiment.evaluate("tiny", "squad", "test", "untrained")
    with pytest.raises(ValueError, match="corpus 'wiki' is unknown; there is tiny"):
        run(TrainingParameters(corpus="wiki"))


def test_an_aligned_start_is_trained_once_and_shared(store, monkeypatch):
    fitted = []

    def counting(*arguments, fit=stages.fit):
        fitted.append(arguments[4])  # whether it is translation ranking
        return fit(*arguments)

    monkeypatch.setattr(stages, "fit", counting)
    aligned = replace(PARAMETERS, translation_steps=2)
    trained, _ = run(aligned)
    assert list(trained) == ["aligned", aligned.name]
    assert fitted == [True, False]
    source = trained[aligned.name].provenance["revisions"]["backbone"]
    assert source == f"trained {trained['aligned'].key}"
    other, _ = run(replace(aligned, seed=1))
    assert fitted == [True, False, False]  # no second stage of translation ranking
    assert other["aligned"].key == trained["aligned"].key
    alone, _ = run(PARAMETERS)
    assert alone[PARAMETERS.name].key != trained[aligned.name].key


def test_without_a_step_the_start_is_evaluated(store):
    trained, evaluated = run(replace(PARAMETERS, num_steps=0))
    assert trained == {}
    assert (store / "results" / "test" / "tiny" / "untrained" / "run.json").is_file()
    assert evaluated["tiny"].provenance["revisions"]["encoder"] == "tiny"
    trained, evaluated = run(replace(PARAMETERS, num_steps=0, translation_steps=2))
    assert list(trained) == ["aligned"]
    assert evaluated["tiny"].provenance["revisions"]["encoder"].startswith("trained ")


def test_the_encoder_of_a_run_comes_back_when_its_weights_are_gone(store):
    run(PARAMETERS)
    texts = ["a text", "another"]
    first = experiment.trained_encoder(PARAMETERS, "test", PARAMETERS.name)
    shutil.rmtree(store / "build")
    again = experiment.trained_encoder(PARAMETERS, "test", PARAMETERS.name)
    assert (first.encode(texts, "query") == again.encode(texts, "query")).all()
