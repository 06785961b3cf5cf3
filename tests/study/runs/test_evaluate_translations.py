import numpy as np
import pytest

from study.data.parallel_sentences import ParallelSentences
from study.data.registry import load_translations
from study.evaluation.translation_retrieval import pair_scores, translation_retrieval
from study.runs.evaluate_translations import evaluate
from study.runs.planned_encoder import PlannedEncoder
from study.store.runs import Store

SENTENCES = ParallelSentences(
    "tiny",
    {
        "tur_Latn": ["bir", "iki elma", "üç"],
        "deu_Latn": ["eins", "zwei Äpfel", "drei"],
        "eng_Latn": ["one", "two apples", "three"],
    },
)


def test_each_text_is_encoded_once_and_the_result_is_kept(make_encoder, tmp_path):
    encoder = make_encoder(revision="tiny")
    encoded = []

    def encode(texts, side, known=encoder.encode, **options):
        encoded.extend(texts)
        return known(texts, side, **options)

    encoder.encode = encode
    store = Store(tmp_path / "results", tmp_path / "build")
    folder = store.folder("test", "tiny", "untrained")
    run = evaluate(PlannedEncoder(encoder.identity, lambda: encoder), SENTENCES, store, folder)
    assert len(encoded) == 9
    again = evaluate(PlannedEncoder(encoder.identity, pytest.fail), SENTENCES, store, folder)
    assert again.key == run.key
    assert len(again.ranks) == 6
    assert again.scores["query_variety"].tolist() == ["deu_Latn", "eng_Latn", "tur_Latn"]
    assert run.provenance["revisions"] == {"benchmark": SENTENCES.revision, "encoder": "tiny"}


def test_vectors_go_to_their_own_variety(make_encoder, tmp_path):
    encoder = make_encoder()
    store = Store(tmp_path / "results", tmp_path / "build")
    folder = store.folder("test", "tiny", "untrained")
    found = evaluate(PlannedEncoder(encoder.identity, lambda: encoder), SENTENCES, store, folder)
    vectors = {
        variety: encoder.encode(texts, "query") for variety, texts in SENTENCES.texts.items()
    }
    expected = pair_scores(translation_retrieval(vectors))
    assert np.allclose(found.ranks["mAP"], expected["mAP"])


def test_an_unknown_benchmark_is_refused():
    with pytest.raises(ValueError, match="benchmark 'sib-300' is unknown; there is sib-200"):
        load_translations("sib-300")
