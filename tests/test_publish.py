import json
import shutil

import numpy as np
import pytest
from huggingface_hub import ModelCard
from sentence_transformers import SentenceTransformer

from hybridlib.experiments import train
from hybridlib.publish import publish
from hybridlib.training.parameters import TrainingParameters

PARAMETERS = TrainingParameters(
    backbone="tiny", corpus="tiny", num_steps=2, batch_size=8, warmup_steps=1,
    num_validation_pairs=30, evaluation_steps=2,
)  # fmt: skip


@pytest.fixture
def published(store, trained, tmp_path):
    _, evaluated = trained(PARAMETERS)
    publish("test", PARAMETERS.name, tmp_path / "published", store)
    return tmp_path / "published", evaluated["tiny"]


def test_a_published_encoder_gives_the_vectors_of_the_trained_one(store, published):
    folder, _ = published
    texts = ["a text", "another text"]
    theirs = SentenceTransformer(str(folder)).encode(texts, prompt_name="query")
    encoder = train.plan_encoder(PARAMETERS, store, "test", PARAMETERS.name).load()
    ours = encoder.encode(texts, "query")
    np.testing.assert_allclose(theirs, ours, atol=1e-5)


def test_the_model_card_says_sampler_data_and_scores(published):
    folder, run = published
    card = ModelCard.load(folder / "README.md")
    assert card.data.language == ["de", "en", "hi", "zh"]
    assert card.data.to_dict()["library_name"] == "sentence-transformers"
    scores = {result.metric_type: result.metric_value for result in card.data.eval_results}
    mean = run.scores.query("setting == 'multilingual' and metric == 'mAP'")["value"].mean()
    assert scores["Mul. mAP"] == pytest.approx(mean, abs=1e-4)
    for words in (
        "Hybrid, α = 0.5",
        "corpus <code>tiny</code>",
        "queries with <code>query: </code>",
        "(one run)",
    ):
        assert words in card.text


def test_task_results_have_mtebs_form(published):
    folder, run = published
    content = json.loads((folder / "mteb" / "LAReQA-tiny.json").read_text())
    assert content["dataset_revision"] == run.provenance["revisions"]["benchmark"]
    entries = {entry["hf_subset"]: entry for entry in content["scores"]["test"]}
    assert len(entries) == 4 * 4 + 4
    assert entries["de-zh"]["languages"] == ["deu-Latn", "zho-Hans"]
    assert len(entries["de-all"]["languages"]) == 4
    cell = run.scores.query("query_language == 'de' and candidate_language == 'zh'")
    by_metric = cell.set_index("metric")["value"]
    assert entries["de-zh"]["main_score"] == entries["de-zh"]["map"] == by_metric["mAP"]
    assert entries["de-zh"]["recall_at_1"] == by_metric["R@1"]
    assert "rank_distance" in entries["de-all"]


def test_a_run_without_its_encoder_is_not_published(store, published, tmp_path):
    shutil.rmtree(store.build)
    with pytest.raises(FileNotFoundError, match=r"does not hold the encoder of run .* train it"):
        publish("test", PARAMETERS.name, tmp_path / "again", store)
    assert not (tmp_path / "again").exists()


def test_a_published_encoder_is_replaced_and_a_strangers_folder_is_not(store, published, tmp_path):
    folder, _ = published
    publish("test", PARAMETERS.name, str(folder), store)
    assert (folder / "mteb" / "LAReQA-tiny.json").is_file()
    (folder / "notes.txt").write_text("theirs")
    with pytest.raises(FileExistsError, match=r"holds notes\.txt, which hybridlib did not write"):
        publish("test", PARAMETERS.name, folder, store)
    with pytest.raises(FileExistsError, match=r"no hybridlib\.json: hybridlib did not write it"):
        publish("test", PARAMETERS.name, store.results, store)
    with pytest.raises(FileExistsError, match=r"notes\.txt is a file and is not replaced"):
        publish("test", PARAMETERS.name, folder / "notes.txt", store)
    assert (folder / "notes.txt").read_text() == "theirs"


def test_an_encoder_whose_weights_were_changed_is_not_published(store, published, tmp_path):
    file = store.build / "encoders" / "test" / PARAMETERS.name / "model.safetensors"
    file.write_bytes(file.read_bytes()[:-4] + b"\0\0\0\0")
    with pytest.raises(ValueError, match="is not the one that was saved"):
        publish("test", PARAMETERS.name, tmp_path / "again", store)
