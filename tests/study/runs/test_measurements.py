import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from book.pages import bias
from book.shared.stored_runs import Place
from hybridlib.evaluation import three_settings
from hybridlib.evaluation.ranking import embeddings
from hybridlib.models.encoder import EncoderIdentity, TextSettings
from hybridlib.models.names import BACKBONES
from study.data.registry import load_benchmark
from study.data.sib_200 import ParallelSentences
from study.evaluation.language_content import language_content
from study.evaluation.language_mix import language_mix
from study.evaluation.translation_retrieval import pair_scores, translation_retrieval
from study.runs import measurements
from study.runs.planned_encoder import PlannedEncoder
from study.store.run import Run
from study.store.runs import Store
from tests.book.pages import planted

TEXTS = {
    "tur_Latn": ["bir", "iki elma", "üç"],
    "deu_Latn": ["eins", "zwei Äpfel", "drei"],
    "eng_Latn": ["one", "two apples", "three"],
}


@pytest.fixture
def measured(make_encoder, tmp_path):
    """Measure a tiny encoder, then load what that left: encoder and run."""

    def do(measurement):
        encoder, store = make_encoder(revision="tiny"), Store(tmp_path, tmp_path / "build")
        folder = store.folder("test", "kind", "untrained")
        run = measurement.of(PlannedEncoder(encoder.identity, lambda: encoder), store, folder)
        again = measurement.of(PlannedEncoder(encoder.identity, pytest.fail), store, folder)
        assert again.scores.equals(run.scores)
        revisions = {"benchmark": measurement.revision, "encoder": "tiny"}
        assert run.provenance["revisions"] == revisions
        return encoder, run

    return do


def test_questions_are_encoded_as_queries(measured):
    benchmark = load_benchmark("cldr")
    encoder, run = measured(measurements.questions(benchmark))
    vectors = encoder.encode(benchmark.queries["text"].tolist(), "query")
    expected = language_content(benchmark.queries, vectors)
    assert run.ranks["question"].tolist() == expected["question"].tolist()
    assert np.allclose(run.ranks["value"], expected["value"], atol=1e-5)


def test_the_languages_of_the_top_ten_are_counted(measured):
    benchmark = load_benchmark("cldr")
    encoder, run = measured(measurements.top_ten(benchmark))
    expected = language_mix(benchmark, *embeddings(encoder, benchmark), k=10)
    pd.testing.assert_frame_equal(run.scores, expected)


def test_each_variety_has_its_own_vectors(measured):
    sentences = ParallelSentences("tiny", TEXTS)
    encoder, run = measured(measurements.translations(sentences))
    vectors = {name: encoder.encode(texts, "query") for name, texts in sentences.texts.items()}
    expected = pair_scores(translation_retrieval(vectors))
    assert np.allclose(run.ranks["mAP"], expected["mAP"])
    assert run.scores["query_variety"].tolist() == ["deu_Latn", "eng_Latn", "tur_Latn"]


@pytest.mark.parametrize(
    "kind", ["e5/mlqa-r", "e5/mlqa-r-questions", "raw/sib-200", "e5/xquad-r-top-10"]
)
def test_a_stored_run_is_loaded_and_not_measured_again(kind, mirror, tmp_path):
    shutil.copytree(Path("results", kind, "untrained"), tmp_path / kind / "untrained")
    store, (profile, benchmark) = Store(tmp_path, tmp_path / "build"), kind.split("/")
    folder = store.folder(profile, benchmark, "untrained")
    stored = store.load(folder)
    settings = TextSettings(**BACKBONES["raw-e5-small-4bit"].settings)
    start = EncoderIdentity(stored.provenance["revisions"]["encoder"], "mean", settings)
    measurement = measurements.of_benchmark(benchmark)
    run = measurement.of(PlannedEncoder(start, pytest.fail), store, folder)
    assert run.key == stored.key
    assert run.scores.equals(stored.scores)


def test_the_page_divides_by_the_pool_and_says_where_nothing_was_measured(tmp_path):
    store = Store(tmp_path / "results", tmp_path / "build")
    place = Place("test", "cldr", store)
    assert "not measured" in bias.top_ten(place).data
    for seed, own in enumerate((0.4, 0.8)):
        mix = [("de", "de", own, 0.2), ("de", "en", 1 - own, 0.8), ("en", "en", 0.8, 0.8)]
        scores = pd.DataFrame(mix, columns=[*three_settings.PAIR, "top_share", "pool_share"])
        folder = store.folder("test", "cldr-top-10", f"x-x-seed{seed}")
        store.save(folder, Run("k", {}, {}, scores))
    row = planted.csv(bias.top_ten(place), "test-cldr-top-ten").drop(columns="sampler").iloc[0]
    assert row.to_dict() == pytest.approx({"de": 3.0, "en": 1.0, "mean": 2.0})
