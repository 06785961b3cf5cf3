"""A folder of sentence-transformers gives its vectors and ranks, or an error names the setting."""

import json
import shutil

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Dense, Normalize, Transformer
from sentence_transformers.sentence_transformer.modules import (
    Dropout,
    LayerNorm,
    Pooling,
    StaticEmbedding,
)
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from torch import nn
from transformers import BertModel, BertTokenizer, PreTrainedTokenizerFast, XLMRobertaModel

from hybridlib.models import on_disk
from hybridlib.models.text_settings import TextSettings

SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]
WORDS = ["find", "text", ":", *(f"{word}{i}" for word in ("word", "Word") for i in range(40))]
QUERIES = [f"word{i} Word{i + 1} word{i + 2}" for i in range(4)]
PASSAGES = [" ".join(f"Word{(3 * i + j) % 40}" for j in range(1 + 12 * i)) for i in range(5)]
SIZE = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
SIZE |= {"intermediate_size": 32, "pad_token_id": 1, "max_position_embeddings": 60}


@pytest.fixture(scope="module")
def networks(tmp_path_factory):
    """Two networks of transformers; of the second, positions count the padding on the left."""
    backend = Tokenizer(
        models.WordLevel({word: i for i, word in enumerate(SPECIAL + WORDS)}, unk_token="<unk>")
    )
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    backend.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    names = {"bos_token": "<s>", "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend, **names)
    folders = {}
    for name, kind in (("xlm-r", XLMRobertaModel), ("bert", BertModel)):
        folders[name] = tmp_path_factory.mktemp(name)
        torch.manual_seed(0)
        config = kind.config_class(vocab_size=len(tokenizer), **SIZE)
        network = kind(config, add_pooling_layer=False)
        for parameter in network.parameters():  # so that no setting is without effect
            parameter.data *= 3 if parameter.dim() > 1 else 1
        network.save_pretrained(folders[name])
        tokenizer.save_pretrained(folders[name])
    return folders


def edit(file, **changes):
    content = json.loads(file.read_text()) if file.is_file() else {}
    file.write_text(json.dumps(content | changes))


def save(folder, network, behind, tokenizer=None, length=None, transformer=None, **options):
    """Let sentence-transformers save a model."""
    first = Transformer(str(network), **transformer or {})
    for name, value in (tokenizer or {}).items():
        setattr(first.tokenizer, name, value)
    model = SentenceTransformer(modules=[first, *behind], device="cpu", **options)
    if length:
        model.max_seq_length = length
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(str(folder), create_model_card=False)
    return folder


def check_alike(folder, **settings):
    """Fail where a vector, or the rank of a passage, is not what sentence-transformers gives."""
    theirs, ours = SentenceTransformer(str(folder), device="cpu"), on_disk.load(folder, **settings)
    queries, passages = theirs.encode_query(QUERIES), theirs.encode_document(PASSAGES)
    for expected, texts, side in ((queries, QUERIES, "query"), (passages, PASSAGES, "passage")):
        found = ours.encode(texts, side)
        assert found.shape == expected.shape
        cosines = (found * expected).sum(1) / np.linalg.norm(expected, axis=1)
        assert cosines.min() > 0.99999
    scores = theirs.similarity(queries, passages).numpy()
    order = (ours.encode(QUERIES, "query") @ ours.encode(PASSAGES, "passage").T).argsort(1)
    steps = np.diff(np.take_along_axis(scores, order, 1), axis=1)  # all upwards, but for rounding
    assert steps.min() > -1e-5 * np.abs(scores).max()
    return ours


ACTIVATIONS = [nn.Tanh(), nn.Identity(), nn.ReLU(), nn.GELU(), nn.PReLU()]
LENGTHS = st.sampled_from([None, 12, 24, 48])
UNUSUAL = {
    "pooling_mode": ["max", "lasttoken", "weightedmean", "mean_sqrt_len_tokens", ("mean", "cls")],
    "include_prompt": [False],
    "use_residual": [True],
    "Dropout": [Dropout(0.1)],
    "LayerNorm": [LayerNorm(8)],
    "similarity_fn_name": ["dot", "euclidean", "manhattan"],
    "truncate_dim": [4],
    "processing_kwargs": [{"text": {"max_length": 9}}],
    "query_expansion": [{"strategy": "fixed", "length": 12, "token": "<unk>"}],
    "truncation_side": ["left"],
    "padding_side": ["left"],
}


@st.composite
def models_to_save(draw, unusual):
    """What ``save`` takes: usual settings of every kind, and the unusual one that is named."""

    def usual(name, *values):
        return draw(st.sampled_from(UNUSUAL[name] if name == unusual else values))

    torch.manual_seed(0)  # of dense layers
    mode = usual("pooling_mode", "mean", "cls")
    behind = [Pooling(16, mode, usual("include_prompt", True))]
    width = 16 * (2 if isinstance(mode, tuple) else 1)
    for _ in range(draw(st.integers(unusual in ("use_residual", "LayerNorm"), 2))):
        activation, residual = draw(st.sampled_from(ACTIVATIONS)), usual("use_residual", False)
        behind += [Dense(width, 8, draw(st.booleans()), activation, use_residual=residual)]
        width = 8
    behind += [usual(name, None) for name in ("Dropout", "LayerNorm") if name == unusual]
    behind += [Normalize()] if draw(st.booleans()) else []
    names = draw(st.sets(st.sampled_from(["query", "document", "passage", "corpus"])))
    prompts = dict.fromkeys(names, "") | {name: "find : " for name in names if draw(st.booleans())}
    lengths = {name: draw(LENGTHS) for name in ("query_length", "document_length")}
    return {
        "behind": behind,
        "length": draw(LENGTHS),
        "prompts": prompts | ({"query": "text: "} if unusual == "include_prompt" else {}),
        "similarity_fn_name": usual("similarity_fn_name", "cosine"),
        "truncate_dim": usual("truncate_dim", None),
        "transformer": {
            "do_lower_case": draw(st.booleans()),
            "unpad_inputs": draw(st.sampled_from([None, False, True])),
            "processing_kwargs": usual("processing_kwargs", None),
            "query_expansion": usual("query_expansion", None),
            **lengths,
        },
        "tokenizer": {
            "truncation_side": usual("truncation_side", "right"),
            "padding_side": usual("padding_side", "right"),
        },
    }


@pytest.mark.parametrize("unusual", [*[""] * 4, *UNUSUAL])
@settings(
    max_examples=4,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_what_is_saved_is_read_alike_or_refused_by_name(unusual, data, networks, tmp_path):
    network = networks[data.draw(st.sampled_from(["xlm-r", "bert"]))]
    folder = save(tmp_path / "theirs", network, **data.draw(models_to_save(unusual)))
    try:
        encoder = check_alike(folder)
    except ValueError as error:
        assert unusual, error
        assert unusual in str(error), error
        return
    on_disk.save(encoder, tmp_path / "ours")
    again = SentenceTransformer(str(tmp_path / "ours"), device="cpu")
    np.testing.assert_allclose(
        again.encode_document(PASSAGES), encoder.encode(PASSAGES, "passage"), atol=1e-5
    )
    loaded = on_disk.load(tmp_path / "ours")
    assert loaded.settings == encoder.settings
    np.testing.assert_allclose(
        loaded.encode(QUERIES, "query"), encoder.encode(QUERIES, "query"), atol=1e-6
    )


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("sentence_roberta_config.json", {"max_seq_length": 12}),
        ("sentence_bert_config.json", {"max_seq_length": 12, "do_lower_case": True}),
        ("sentence_bert_config.json", {"tokenizer_args": {"model_max_length": 12}}),
        ("sentence_bert_config.json", {"model_args": {"attn_implementation": "eager"}}),
        ("tokenizer_config.json", {"model_max_length": 12}),
        ("tokenizer_config.json", {"model_max_length": None}),
        ("config.json", {"dtype": "float64"}),
        ("config_sentence_transformers.json", {"prompts": {"query": None, "document": None}}),
        ("config_sentence_transformers.json", {"default_prompt_name": "query"}),
        ("config_sentence_transformers.json", {"similarity_fn_name": None}),
        ("1_Pooling/config.json", {"pooling_mode": ["mean"]}),
    ],
)
def test_a_setting_is_found_wherever_a_version_kept_it(networks, tmp_path, file, change):
    folder = save(tmp_path / "theirs", networks["xlm-r"], [Pooling(16, "cls"), Normalize()])
    if file.startswith("sentence_"):
        (folder / "sentence_bert_config.json").unlink()
    edit(folder / file, **change)
    check_alike(folder)


def test_lower_casing_outlives_a_tokenizer_that_makes_its_normalizer_anew(networks, tmp_path):
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]
    (tmp_path / "vocab.txt").write_text("\n".join(words[: len(SPECIAL + WORDS)]))
    tokenizer = BertTokenizer(vocab=str(tmp_path / "vocab.txt"), do_lower_case=False)
    folder = save(tmp_path / "theirs", networks["bert"], [Pooling(16, "mean")])
    (folder / "tokenizer.json").unlink()
    tokenizer.save_pretrained(folder)
    cased = check_alike(folder)
    edit(folder / "sentence_bert_config.json", do_lower_case=True)
    encoder = check_alike(folder)
    assert not np.allclose(encoder.encode(QUERIES, "query"), cased.encode(QUERIES, "query"))
    on_disk.save(encoder, tmp_path / "ours")
    again = check_alike(tmp_path / "ours")
    assert (again.encode(QUERIES, "query") == encoder.encode(QUERIES, "query")).all()


@pytest.mark.parametrize(
    ("file", "change", "message"),
    [
        ("adapter_config.json", {"peft_type": "LORA"}, r"adapter_config\.json: an adapter is not"),
        ("config_sentence_transformers.json", {"prompts": None}, "prompts must be dict, got None"),
        ("config_sentence_transformers.json", {"prompts": {"query": 3}}, "'query' must be str"),
        ("config_sentence_transformers.json", {"model_type": "CrossEncoder"}, "'CrossEncoder'"),
        ("config_sentence_transformers.json", {"default_prompt_name": "x"}, "prompt name 'x'"),
        ("sentence_bert_config.json", {"max_seq_length": "12"}, "greatest length of a query must"),
        ("sentence_bert_config.json", {"max_seq_length": 2}, "max_query_tokens must be in"),
        ("sentence_bert_config.json", {"tokenizer_name_or_path": "."}, "_path is '.', which is"),
        ("tokenizer_config.json", {"pad_token": None}, "has no pad_token"),
        ("tokenizer_config.json", {"model_input_names": ["input_ids"]}, "model_input_names is"),
        ("tokenizer_config.json", {"chat_template": "{{ messages }}"}, "modality_config"),
        ("2_Dense/config.json", {"activation_function": "mine.Act"}, "activation_function 'mine'"),
        ("2_Dense/config.json", {"module_input_name": "token_embeddings"}, "module_input_name"),
        ("config.json", {"num_hidden_layers": -1}, r"num_hidden_layers must be in \[1, 1000\]"),
        ("config.json", {"num_hidden_layers": 10**9}, r"num_hidden_layers must be in \[1, 1000\]"),
        ("config.json", {"hidden_size": 8}, "config.json asks for other shapes than model.safet"),
        ("modules.json", ["Transformer"], "a module must be dict"),
        ("modules.json", [{"type": "my.Transformer"}], "module 'my.Transformer' is unknown"),
        ("modules.json", [{"type": "sentence_transformers.models.Pooling"}], "cannot load"),
        *(  # outside the folder, where no checksum has them
            ("model.safetensors.index.json", {"weight_map": {"x": name}}, f"names {name!r}; the we")
            for name in ("../other.safetensors", "/other.safetensors", 3)
        ),
    ],
)
def test_what_cannot_be_read_alike_is_named(networks, tmp_path, monkeypatch, file, change, message):
    monkeypatch.chdir(networks["bert"])  # where a tokenizer lies
    behind = [Pooling(16, "mean"), Dense(16, 8)]
    folder = save(tmp_path / "theirs", networks["xlm-r"], behind)
    if file == "modules.json":
        (folder / file).write_text(json.dumps(change))
    else:
        edit(folder / file, **change)
    if "chat_template" in change:  # as a plain backbone, it would be asked in a conversation
        (folder / "modules.json").unlink()
    with pytest.raises(ValueError, match=message):
        on_disk.load(folder)


def test_token_types_other_than_zero_are_named(networks, tmp_path):
    shutil.copytree(networks["bert"], tmp_path / "theirs")
    tokenizer = PreTrainedTokenizerFast.from_pretrained(networks["bert"])
    ends = [("<s>", 0), ("</s>", 2)]
    tokenizer.backend_tokenizer.post_processor = processors.TemplateProcessing(
        "<s>:1 $A:1 </s>:1", special_tokens=ends
    )
    tokenizer.save_pretrained(tmp_path / "theirs")
    names = ["input_ids", "token_type_ids", "attention_mask"]
    edit(tmp_path / "theirs" / "tokenizer_config.json", model_input_names=names)
    with pytest.raises(ValueError, match="greatest of token_type_ids is 1, which is not supported"):
        on_disk.load(tmp_path / "theirs")


def test_modules_in_another_order_are_named(networks, tmp_path):
    behind = [Pooling(16), Normalize(), Dense(16, 8)]
    folder = save(tmp_path / "theirs", networks["xlm-r"], behind)
    with pytest.raises(ValueError, match="modules are Transformer Pooling Normalize Dense, which"):
        on_disk.load(folder)


def test_a_static_embedding_is_told_from_a_lost_network(networks, tmp_path):
    tokenizer = PreTrainedTokenizerFast.from_pretrained(networks["bert"]).backend_tokenizer
    static = StaticEmbedding(tokenizer, embedding_dim=8)
    model = SentenceTransformer(modules=[static], device="cpu")
    model.save_pretrained(str(tmp_path / "static"), create_model_card=False)
    with pytest.raises(ValueError, match=r"modules\.json: module 'StaticEmbedding' is unknown"):
        on_disk.load(tmp_path / "static")


def test_a_network_in_a_folder_of_its_own_is_named_and_the_way_out_works(networks, tmp_path):
    folder = save(tmp_path / "theirs", networks["xlm-r"], [Pooling(16)])
    (folder / "0_Transformer").mkdir()
    for file in [*folder.glob("*.safetensors"), *folder.glob("*.json")]:
        if file.name not in ("modules.json", "config_sentence_transformers.json"):
            file.rename(folder / "0_Transformer" / file.name)
    content = json.loads((folder / "modules.json").read_text())
    content[0]["path"] = "0_Transformer"
    (folder / "modules.json").write_text(json.dumps(content))
    with pytest.raises(ValueError, match=r"the network lies in 0_Transformer, not beside"):
        on_disk.load(folder)
    SentenceTransformer(str(folder), device="cpu").save_pretrained(str(tmp_path / "other"))
    check_alike(tmp_path / "other")


def test_a_plain_backbone_is_used_as_sentence_transformers_uses_it(networks):
    encoder = check_alike(networks["bert"])
    assert encoder.settings.max_query_tokens == 60  # its positions: nothing else limits it


def test_the_greatest_length_is_that_of_the_positions(networks):
    encoder = on_disk.load(networks["xlm-r"])
    encoder.settings = TextSettings("", "", 58, 58)  # two of the 60 lie ahead of a text's
    assert encoder.encode(["word1 " * 200], "passage").shape == (1, 16)
    with pytest.raises(ValueError, match=r"max_passage_tokens must be in \[\d, 58\], got 59"):
        encoder.settings = TextSettings("", "", 58, 59)


def test_a_folder_without_a_tokenizer_is_refused(networks, tmp_path):
    (tmp_path / "plain").mkdir()
    for name in ("config.json", "model.safetensors"):
        shutil.copy(networks["xlm-r"] / name, tmp_path / "plain")
    with pytest.raises(FileNotFoundError, match=r"plain has no tokenizer, none of sentencepiece"):
        on_disk.load(tmp_path / "plain")


def test_weights_in_half_precision_are_used_in_single(networks, tmp_path):
    network = XLMRobertaModel.from_pretrained(networks["xlm-r"], dtype=torch.bfloat16)
    shutil.copytree(networks["xlm-r"], tmp_path / "half")
    network.save_pretrained(tmp_path / "half")
    theirs = SentenceTransformer(str(tmp_path / "half"), model_kwargs={"dtype": "float32"})
    expected = theirs.encode_query(QUERIES, normalize_embeddings=True)
    found = on_disk.load(tmp_path / "half").encode(QUERIES, "query")
    np.testing.assert_allclose(found, expected, atol=1e-6)
