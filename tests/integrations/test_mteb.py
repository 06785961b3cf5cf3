from functools import partial
from itertools import pairwise

import pytest
import torch
from sentence_transformers import SentenceTransformer

from hybridlib.data import lareqa
from hybridlib.models import on_disk
from hybridlib.models.backbones import load_encoder
from hybridlib.models.text_settings import TextSettings
from study.data import registry
from study.runs import run, train
from study.store.runs import Store

mteb = pytest.importorskip("mteb")
tasks = pytest.importorskip("hybridlib.integrations.mteb")
NAMES = {name: metric for metric, name in tasks._METRICS.items()}
SETTINGS = ("monolingual", "cross-lingual", "multilingual")
TASKS = {
    "xquad-r": [tasks.XQuADRMonolingual, tasks.XQuADRCrosslingual, tasks.XQuADRMultilingual],
    "mlqa-r": [tasks.MLQARMonolingual, tasks.MLQARCrosslingual, tasks.MLQARMultilingual],
}


@pytest.fixture
def encoder(make_encoder, tmp_path):
    """A folder with a tiny encoder that has one length for both sides, as others have."""
    encoder = make_encoder()
    encoder.settings = TextSettings("query: ", "passage: ", 48, 48)
    on_disk.save(encoder, tmp_path / "encoder")
    return str(tmp_path / "encoder")


@pytest.mark.parametrize("benchmark", TASKS)
def test_scores_are_ours_in_every_setting(benchmark, encoder, mirror, monkeypatch, tmp_path):
    part = partial(lareqa.load, benchmark, every=3)
    monkeypatch.setattr(registry, "BENCHMARKS", registry.BENCHMARKS | {benchmark: part})
    monkeypatch.setattr(lareqa, "load", lambda _: part())

    # In double precision: padding changes a product's last bits, and in single precision with them
    # the order of candidates that are nearly as similar
    monkeypatch.setattr(train, "load_encoder", lambda name: load_encoder(name).double())
    store = Store(tmp_path / "results", tmp_path / "build")
    ours = run.evaluate_encoder(encoder, benchmark, store, "test", "tiny").scores
    ours = ours.set_index(["setting", "metric", "query_language", "candidate_language"])["value"]
    model = SentenceTransformer(encoder, device="cpu").double()
    found = mteb.evaluate(model, [task() for task in TASKS[benchmark]], cache=None)
    compared = 0
    for setting, task, result in zip(SETTINGS, TASKS[benchmark], found.task_results, strict=True):
        subsets = {scores["hf_subset"] for scores in result.scores["test"]}
        assert subsets == set(task.metadata.eval_langs)
        for scores in result.scores["test"]:
            query, _, candidate = scores["hf_subset"].partition("-")
            cell = candidate or {"monolingual": query, "multilingual": "all"}[setting]
            assert scores["main_score"] == scores["map"]
            for metric in set(tasks._METRICS.values()) & set(scores):
                expected = ours[setting, NAMES[metric], query, cell]
                assert scores[metric] == pytest.approx(expected, rel=1e-6, abs=1e-6), metric
                compared += 1
    assert compared == len(ours)
    distances = [scores["rank_distance"] for scores in result.scores["test"]]
    assert max(distances) > 1000  # deeper than mteb looks


@pytest.fixture
def few(mirror, monkeypatch, tmp_path):
    """One of forty articles; mteb's own cache, the default one, in a folder of the test."""
    part = partial(lareqa.load, "xquad-r", every=40)
    monkeypatch.setattr(lareqa, "load", lambda _: part())
    monkeypatch.setattr(mteb.evaluate.__kwdefaults__["cache"], "cache_path", tmp_path / "cache")


def scores_of(model, task, **options):
    (result,) = mteb.evaluate(model, task, **options).task_results
    return {scores["hf_subset"]: scores["main_score"] for scores in result.scores["test"]}


def test_a_kept_task_measures_weights_and_precision_as_they_are(few, encoder):
    task = tasks.XQuADRMultilingual()
    task.load_data()
    model = mteb.models.SentenceTransformerEncoderWrapper(SentenceTransformer(encoder))
    found = [scores_of(model, task)]
    torch.manual_seed(2)
    with torch.no_grad():
        for parameter in model.model.parameters():
            parameter.data += torch.randn_like(parameter) * 0.5  # as no version counter sees it
    found.append(scores_of(model, task))
    model.model.half()
    found.append(scores_of(model, task))
    model.model.max_seq_length = 4
    found.append(scores_of(model, task))
    assert found[-1] == scores_of(model, tasks.XQuADRMultilingual(), cache=None)
    assert all(before != after for before, after in pairwise(found))


def test_a_subset_is_scored_alone_and_a_filter_is_refused(few, encoder):
    task = tasks.XQuADRCrosslingual()
    model = mteb.models.SentenceTransformerEncoderWrapper(SentenceTransformer(encoder))
    scores = task.evaluate(model, subsets_to_run=["de-en"], encode_kwargs={})
    assert scores["de-en"]["main_score"] == scores_of(model, task)["de-en"]
    assert len(scores) == 1
    with pytest.raises(ValueError, match="scores all languages at once"):
        task.filter_languages(["deu"])


def test_tasks_name_their_languages_as_mteb_does():
    assert tasks.MLQARCrosslingual.metadata.eval_langs["de-zh"] == ["deu-Latn", "zho-Hans"]
    assert tasks.MLQARMonolingual.metadata.eval_langs["hi"] == ["hin-Deva"]


def test_a_model_that_compares_by_another_measure_is_refused(encoder, mirror):
    model = SentenceTransformer(encoder, device="cpu", similarity_fn_name="manhattan")
    with pytest.raises(ValueError, match="ranks by cosine or dot product, the model by manhattan"):
        mteb.evaluate(model, tasks.MLQARMonolingual(), cache=None)
