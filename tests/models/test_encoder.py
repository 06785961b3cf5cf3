from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from transformers import XLMRobertaConfig, XLMRobertaModel

from hybridlib.models import on_disk
from hybridlib.models.encoder import DualEncoder, TextSettings
from hybridlib.models.slices import pad, token_budget_batches

TEXTS = ["Short.", "A somewhat longer sentence about nothing.", "Ein Satz.", "词", "word " * 60]


@given(st.lists(st.integers(1, 600), min_size=1, max_size=200), st.integers(1, 2000))
def test_batches_hold_every_text_once_within_the_budget(lengths, budget):
    batches = [rows.tolist() for rows in token_budget_batches(lengths, budget)]
    assert sorted(row for rows in batches for row in rows) == list(range(len(lengths)))
    for rows in batches:
        padded = max(lengths[row] for row in rows) * len(rows)
        assert padded <= budget or len(rows) == 1


def test_embeddings_do_not_depend_on_order_or_batch(make_encoder, monkeypatch):
    encoder = make_encoder()
    alone = np.concatenate([encoder.encode([text], "passage") for text in TEXTS])
    together = encoder.encode(TEXTS, "passage")
    monkeypatch.setattr("hybridlib.models.encoder.encoding_token_budget", lambda _: 1)
    tiny_batches = encoder.encode(TEXTS[::-1], "passage")[::-1]
    np.testing.assert_allclose(together, alone, atol=1e-6)
    np.testing.assert_allclose(tiny_batches, alone, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)


def test_each_side_has_its_prefix_and_length(make_encoder):
    encoder = make_encoder()
    query, passage = (encoder.tokenize([TEXTS[-1]], side)[0] for side in ("query", "passage"))
    assert (len(query), len(passage)) == (32, 48)
    decoded = encoder.tokenizer.decode(query, skip_special_tokens=True)
    assert decoded.startswith("query: word")


def test_an_embedding_that_is_not_finite_names_its_text(make_encoder):
    encoder = make_encoder()
    with torch.no_grad():
        encoder.backbone.encoder.layer[0].output.dense.weight[:] = torch.nan
    with pytest.raises(ValueError, match=r"the embedding of query 0 is not finite: 'Short\."):
        encoder.encode(TEXTS, "query")


def test_an_unknown_pooling_is_refused(make_encoder):
    with pytest.raises(ValueError, match="pooling 'max' is unknown; there is mean, cls"):
        make_encoder(pooling="max")


@pytest.mark.parametrize(
    ("texts", "side", "message"),
    [
        ("abc", "query", "texts must be a list of texts, got one text, 'abc'"),
        (["a", 3], "passage", r"a passage must be str, got 3 \(int\)"),
        ([None], "query", r"a query must be str, got None \(NoneType\)"),
        (["a"], "doc", "side 'doc' is unknown; there is query, passage"),
    ],
)
def test_what_is_no_list_of_texts_of_a_side_is_refused(make_encoder, texts, side, message):
    with pytest.raises(ValueError, match=message):
        make_encoder().encode(texts, side)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"max_query_tokens": 513}, r"max_query_tokens must be in \[\d, 512\], got 513: 'query:'"),
        ({"max_passage_tokens": 10**6}, r"max_passage_tokens must be in .* has 512 positions"),
        ({"max_query_tokens": 0}, r"max_query_tokens must be in \[\d, 512\], got 0"),
        ({"max_query_tokens": 5}, r"got 5: 'query:' and the special tokens take 5"),
    ],
)
def test_a_length_that_does_not_suit_the_backbone_is_refused(make_encoder, change, message):
    encoder = make_encoder()
    with pytest.raises(ValueError, match=message):
        encoder.settings = replace(encoder.settings, **change)


def test_the_greatest_length_is_that_of_the_positions(make_encoder, tokenizer):
    encoder = labse_like(tokenizer)  # 80 positions, of which RoBERTa's lie behind the padding's
    encoder.settings = TextSettings("", "", 78, 78)
    assert encoder.encode(["word " * 200], "passage").shape == (1, 24)
    with pytest.raises(ValueError, match=r"max_passage_tokens must be in \[\d, 78\], got 79"):
        encoder.settings = TextSettings("", "", 78, 79)


def labse_like(tokenizer):
    """XLM-R with LaBSE's head: first token, dense layer with tanh."""
    config = XLMRobertaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=80,
        pad_token_id=tokenizer.pad_token_id,
    )
    dense = nn.Sequential(nn.Linear(32, 24), nn.Tanh())
    settings = TextSettings("Query: ", "Passage: ", 48, 48)
    backbone = XLMRobertaModel(config)
    return DualEncoder(backbone, tokenizer, settings, pooling="cls", dense=dense)


@pytest.mark.parametrize("kind", ["mean", "labse"])
def test_a_loaded_encoder_is_the_saved_one(kind, make_encoder, tokenizer, tmp_path):
    encoder = make_encoder() if kind == "mean" else labse_like(tokenizer)
    on_disk.save(encoder, tmp_path / "saved", "trained abc")
    loaded = on_disk.load(tmp_path / "saved")
    assert loaded.settings == encoder.settings
    assert (loaded.pooling, loaded.revision) == (encoder.pooling, "trained abc")
    for side in ("query", "passage"):
        np.testing.assert_array_equal(loaded.encode(TEXTS, side), encoder.encode(TEXTS, side))


def test_a_missing_weight_is_refused(make_encoder, tmp_path):
    encoder = make_encoder()
    on_disk.save(encoder, tmp_path / "saved")
    state = encoder.backbone.state_dict()
    del state["encoder.layer.1.output.dense.weight"]
    (tmp_path / "saved" / "hybridlib.json").unlink()  # else it is not the one that was saved
    encoder.backbone.save_pretrained(tmp_path / "saved", state_dict=state)
    with pytest.raises(ValueError, match=r"lacks 1 weights, encoder\.layer\.1\.output\.dense"):
        on_disk.load(tmp_path / "saved")


def test_weights_saved_without_a_revision_are_known_by_their_checksum(make_encoder, tmp_path):
    revisions = set()
    for seed in (1, 2, 1):
        on_disk.save(make_encoder(seed=seed, revision="where it came from"), tmp_path / "saved")
        revisions.add(on_disk.load(tmp_path / "saved").revision)
    assert len(revisions) == 2
    assert all(revision.startswith("sha256:") for revision in revisions)


def test_mixed_precision_is_for_training_alone(make_encoder):
    encoder = make_encoder().eval()
    part = pad(encoder.tokenize(TEXTS, "passage"), encoder.tokenizer.pad_token_id)
    order = torch.arange(len(TEXTS))
    alone, encoded = encoder([part], order), encoder.encode(TEXTS, "passage")
    encoder.mixed_precision = True
    mixed = encoder([part], order)
    assert mixed.dtype == torch.float32
    assert not torch.equal(mixed, alone)
    torch.testing.assert_close(mixed, alone, atol=0.02, rtol=0.02)
    np.testing.assert_array_equal(encoder.encode(TEXTS, "passage"), encoded)


def test_a_plain_backbone_folder_loads_with_settings_in_place(make_encoder, tokenizer, tmp_path):
    encoder = make_encoder()
    encoder.backbone.save_pretrained(tmp_path / "plain")
    tokenizer.save_pretrained(tmp_path / "plain")
    loaded = on_disk.load(tmp_path / "plain", query_prefix="Query: ", pooling="cls")
    assert loaded.settings.query_prefix == "Query: "
    assert loaded.pooling == "cls"
    assert loaded.revision.startswith("sha256:")


def test_texts_beyond_one_sorted_block_keep_their_place(make_encoder, monkeypatch):
    encoder = make_encoder()
    expected = encoder.encode(TEXTS, "query")
    monkeypatch.setattr("hybridlib.models.encoder._TEXTS_SORTED_TOGETHER", 2)
    np.testing.assert_allclose(encoder.encode(TEXTS, "query"), expected, atol=1e-6)
