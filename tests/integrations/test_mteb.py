import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from hybridlib.data import registry
from hybridlib.experiments import run
from hybridlib.models import on_disk
from hybridlib.models.text_settings import TextSettings
from hybridlib.store.runs import Store

mteb = pytest.importorskip("mteb")
tasks = pytest.importorskip("hybridlib.integrations.mteb")
SETTINGS = {
    "monolingual": tasks.XQuADRMonolingual,
    "cross-lingual": tasks.XQuADRCrosslingual,
    "multilingual": tasks.XQuADRMultilingual,
}


@pytest.fixture
def encoder(make_encoder, tmp_path):
    """A folder with a tiny encoder that has one length for both sides, as others have."""
    encoder = make_encoder()
    encoder.settings = TextSettings("query: ", "passage: ", 48, 48)
    on_disk.save(encoder, tmp_path / "encoder")
    return str(tmp_path / "encoder")


def test_scores_are_ours_in_every_setting(encoder, mirror, monkeypatch, tmp_path):
    third = registry.BENCHMARKS["xquad-r-every-3"]
    monkeypatch.setattr(registry, "BENCHMARKS", registry.BENCHMARKS | {"xquad-r": third})
    store = Store(tmp_path / "results", tmp_path / "build")
    ours = run.evaluate_encoder(encoder, "xquad-r", store, "test", "tiny").scores
    ours = ours.set_index(["setting", "metric", "query_language", "candidate_language"])["value"]
    model = SentenceTransformer(encoder, device="cpu")
    found = mteb.evaluate(model, [task() for task in SETTINGS.values()], cache=None)
    differences = []
    for (setting, task), result in zip(SETTINGS.items(), found.task_results, strict=True):
        assert {scores["hf_subset"] for scores in result.scores["test"]} == set(
            task.metadata.eval_langs
        )
        for scores in result.scores["test"]:
            query, _, candidate = scores["hf_subset"].partition("-")
            cell = candidate or {"monolingual": query, "multilingual": "all"}[setting]
            assert scores["main_score"] == scores["map"]
            for metric, name in tasks._METRICS.items():
                if name in scores:
                    expected = ours[setting, metric, query, cell]
                    differences.append(abs(scores[name] - expected) / max(1, expected))
    # batches are padded otherwise: where a random encoder all but ties, noise exchanges two ranks
    assert len(differences) == len(ours)
    assert np.mean(np.array(differences) < 1e-6) > 0.97
    assert max(differences) < 1e-3
    distances = [scores["rank_distance"] for scores in result.scores["test"]]
    assert max(distances) > 1000  # deeper than mteb looks


def test_tasks_name_their_languages_as_mteb_does():
    assert tasks.MLQARCrosslingual.metadata.eval_langs["de-zh"] == ["deu-Latn", "zho-Hans"]
    assert len(tasks.MLQARCrosslingual.metadata.eval_langs) == 7 * 6
    assert tasks.MLQARMonolingual.metadata.eval_langs["hi"] == ["hin-Deva"]
    assert len(tasks.XQuADRMultilingual.metadata.eval_langs) == 11


def test_a_model_that_compares_by_another_measure_is_refused(encoder, mirror):
    model = SentenceTransformer(encoder, device="cpu", similarity_fn_name="manhattan")
    with pytest.raises(ValueError, match="ranks by cosine or dot product, the model by manhattan"):
        mteb.evaluate(model, tasks.MLQARMonolingual(), cache=None)
