from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from hybridlib.models.slices import pad, token_budget_batches

TEXTS = ["Short.", "A somewhat longer sentence about nothing.", "Ein Satz.", "词", "word " * 60]


@given(st.lists(st.integers(1, 600), min_size=1, max_size=200), st.integers(1, 2000))
def test_batches_hold_every_text_once_within_the_budget(lengths, budget):
    batches = [rows.tolist() for rows in token_budget_batches(lengths, budget)]
    assert sorted(row for rows in batches for row in rows) == list(range(len(lengths)))
    for rows in batches:
        padded = max(lengths[row] for row in rows) * len(rows)
        assert padded <= budget or len(rows) == 1


def test_embeddings_do_not_depend_on_order_batch_or_sorted_block(make_encoder, monkeypatch):
    encoder = make_encoder()
    alone = np.concatenate([encoder.encode([text], "passage") for text in TEXTS])
    together = encoder.encode(TEXTS, "passage")
    monkeypatch.setattr("hybridlib.models.encoder.encoding_token_budget", lambda _: 1)
    monkeypatch.setattr("hybridlib.models.encoder._TEXTS_SORTED_TOGETHER", 2)
    tiny_batches = encoder.encode(TEXTS[::-1], "passage")[::-1]
    np.testing.assert_allclose(together, alone, atol=1e-6)
    np.testing.assert_allclose(tiny_batches, alone, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)


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


def test_mixed_precision_is_for_training_alone(make_encoder):
    encoder = make_encoder().eval()
    part = pad(encoder.tokenize(TEXTS, "passage"), encoder.tokenizer.pad_token_id)
    order = torch.arange(len(TEXTS))
    alone, encoded = encoder([part], order), encoder.encode(TEXTS, "passage")
    encoder.mixed_precision, products = True, set()
    linear = encoder.backbone.encoder.layer[0].output.dense
    linear.register_forward_hook(lambda module, inputs, output: products.add(output.dtype))
    mixed = encoder([part], order)
    assert (products, mixed.dtype) == ({torch.bfloat16}, torch.float32)
    assert not torch.equal(mixed, alone)
    torch.testing.assert_close(mixed, alone, atol=0.02, rtol=0.02)
    np.testing.assert_array_equal(encoder.encode(TEXTS, "passage"), encoded)
