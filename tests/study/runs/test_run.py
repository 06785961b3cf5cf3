import shutil
from dataclasses import replace

import pandas as pd
import pytest

from hybridlib.evaluation import three_settings
from hybridlib.models import on_disk
from hybridlib.training.parameters import TrainingParameters
from study.runs import measurements, run, train

PARAMETERS = TrainingParameters(
    backbone="tiny", corpus="tiny", num_steps=4, batch_size=8, warmup_steps=1,
    num_validation_pairs=30, evaluation_steps=2,
)  # fmt: skip
NAME = PARAMETERS.name


def test_a_run_leaves_log_scores_and_ranks_and_an_equal_one_loads(store, trained, monkeypatch):
    training, evaluated = trained(PARAMETERS)
    assert training.scores["step"].max() == 4
    assert training.scores["validation_loss"].notna().sum() == 2
    stored = store.load(store.folder("test", "tiny", "hybrid-0.5-seed0"))
    assert stored.key == evaluated["tiny"].key
    assert len(stored.ranks) == 30 * 4 * 4
    assert set(stored.provenance) >= {"commit", "hardware", "date", "packages", "revisions"}
    assert stored.provenance["revisions"]["encoder"] == f"trained {training.key}"
    assert not list((store.build / "checkpoints").iterdir())
    shutil.rmtree(store.build)  # the weights are not needed to show a result
    monkeypatch.setattr(train, "fit", None)
    again, _ = trained(PARAMETERS)
    assert again.key == training.key


def test_a_log_that_is_read_from_a_checkpoint_is_that_of_the_training(store, trained):
    parameters = replace(PARAMETERS, schedule="constant")
    first, _ = trained(parameters)
    shutil.rmtree(store.results / "test" / "training")  # as if killed before it was stored
    again, _ = trained(parameters)
    pd.testing.assert_frame_equal(first.scores, again.scores)


def test_changed_measures_are_computed_from_the_stored_ranks(store, trained, monkeypatch):
    run.evaluate_encoder("tiny", "tiny", store, "test", "untrained")
    measure = {"mAP": three_settings.PAIR_MEASURES["mAP"]}
    monkeypatch.setattr(three_settings, "PAIR_MEASURES", measure)
    monkeypatch.setattr(measurements, "rank_relevant", None)
    again = run.evaluate_encoder("tiny", "tiny", store, "test", "untrained")
    assert set(again.scores.query("setting == 'monolingual'")["metric"]) == {"mAP"}


def test_a_bad_name_is_refused_before_anything_is_loaded(store, monkeypatch):
    monkeypatch.setattr(train, "load_encoder", None)
    with pytest.raises(ValueError, match=r"^name "):
        run.evaluate_encoder("tiny", "tiny", store, "test", None)
    with pytest.raises(ValueError, match=r"^profile "):
        run.train(PARAMETERS, store, "../x", "mine")
    with pytest.raises(ValueError, match=r"^profile "):
        run.evaluate(PARAMETERS, "tiny", store, "../x", "mine")


def test_without_a_step_the_start_is_evaluated(store, trained):
    log, evaluated = trained(replace(PARAMETERS, num_steps=0))
    assert log is None
    assert (store.results / "test" / "tiny" / "untrained" / "run.json").is_file()
    assert evaluated["tiny"].provenance["revisions"]["encoder"] == "tiny"


@pytest.mark.parametrize("gone", ["", "encoders/test/hybrid-0.5-seed0/model.safetensors"])
def test_the_encoder_of_a_run_comes_back_when_its_weights_are_gone(store, trained, gone):
    trained(PARAMETERS)
    texts, planned = ["a text", "another"], train.plan_encoder(PARAMETERS, store, "test", NAME)
    first = planned.load().encode(texts, "query")
    path = store.build / gone
    path.unlink() if path.is_file() else shutil.rmtree(path)
    assert (first == planned.load().encode(texts, "query")).all()


def test_where_no_encoder_can_be_saved_nothing_is_trained(store, trained, monkeypatch):
    folder = store.build / "encoders" / "test" / NAME
    trained(PARAMETERS)
    (folder / "notes.txt").write_text("theirs")
    monkeypatch.setattr(train, "fit", None)
    with pytest.raises(FileExistsError, match=r"hybridlib did not write"):
        trained(replace(PARAMETERS, learning_rate=1e-4))
    assert (folder / "model.safetensors").is_file()


def test_a_hold_out_that_is_too_large_is_called_by_its_parameter(store):
    text = r"^num_validation_pairs, of english and large and small, must be in \[1, 109\], got 110"
    with pytest.raises(ValueError, match=text):
        run.train(replace(PARAMETERS, num_validation_pairs=110), store, "test")


@pytest.mark.parametrize("place", ["locks", "encoders/test/hybrid-0.5-seed0/notes"])
def test_a_link_below_build_is_not_followed_out(store, trained, tmp_path, place):
    (tmp_path / "theirs").mkdir()
    trained(PARAMETERS)
    link = store.build / place
    shutil.rmtree(link, ignore_errors=True)
    link.symlink_to(tmp_path / "theirs")
    with pytest.raises(ValueError, match=r"leads out of .*build; remove the link on the way"):
        trained(replace(PARAMETERS, learning_rate=1e-4))
    assert not list((tmp_path / "theirs").iterdir())


def test_an_encoder_that_changed_since_it_was_planned_is_refused(store, tmp_path, make_encoder):
    folder = tmp_path / "start"
    on_disk.save(make_encoder(), folder)
    (folder / on_disk.MARK).unlink()  # a folder of somebody else's
    parameters = replace(PARAMETERS, backbone=str(folder))
    training = train.Training(parameters, store, "test", "mine")
    planned = train.plan_encoder(replace(parameters, num_steps=0), store, "test", "mine")
    on_disk.save(make_encoder(seed=1), tmp_path / "other")
    shutil.copy(tmp_path / "other" / "model.safetensors", folder)
    for load in (training.log, planned.load):
        with pytest.raises(ValueError, match=r"was EncoderIdentity.* when the run was planned"):
            load()
    assert not (store.results / "test").exists()
