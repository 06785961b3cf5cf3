"""What is on the disk is what is scored; an encoder here has 40 words."""

import json
import resource
from hashlib import sha256

import pytest
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from torch import nn
from transformers import (
    BertConfig,
    BertModel,
    PreTrainedTokenizerFast,
    XLMRobertaConfig,
    XLMRobertaModel,
)

from hybridlib.models import on_disk
from hybridlib.models.encoder import DualEncoder, TextSettings

SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]
SIZE = {
    "hidden_size": 32,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "intermediate_size": 64,
}


def small_tokenizer():
    words = [*SPECIAL, *(f"word{i}" for i in range(40))]
    backend = Tokenizer(models.WordLevel({w: i for i, w in enumerate(words)}, unk_token="<unk>"))
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    backend.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    names = dict(zip(("bos_token", "pad_token", "eos_token", "unk_token"), SPECIAL, strict=True))
    return PreTrainedTokenizerFast(tokenizer_object=backend, **names)


def small_encoder(seed=0, dense=False):
    torch.manual_seed(seed)
    tokenizer = small_tokenizer()
    config = XLMRobertaConfig(
        vocab_size=len(tokenizer), max_position_embeddings=80, pad_token_id=1, **SIZE
    )
    head = nn.Sequential(nn.Linear(32, 24), nn.Tanh()) if dense else None
    settings = TextSettings("Query: ", "Passage: ", 32, 48)
    backbone = XLMRobertaModel(config, add_pooling_layer=False)
    return DualEncoder(backbone, tokenizer, settings, dense=head)


def change_a_weight(file):
    weights = load_file(file)
    name = sorted(weights)[0]
    save_file({**weights, name: weights[name] + 1}, file)


@pytest.mark.parametrize("name", ["model.safetensors", "2_Dense/model.safetensors"])
def test_weights_that_were_changed_are_not_those_of_the_revision(tmp_path, name):
    on_disk.save(small_encoder(dense=True), tmp_path / "saved", "trained abc")
    on_disk.load(tmp_path / "saved")
    file = tmp_path / "saved" / name
    before = sha256(file.read_bytes()).hexdigest()
    change_a_weight(file)
    after = sha256(file.read_bytes()).hexdigest()
    message = rf"{name} is not the one .* SHA-256 is {after}, hybridlib\.json has {before}"
    with pytest.raises(ValueError, match=message):
        on_disk.load(tmp_path / "saved")
    (tmp_path / "saved" / "hybridlib.json").unlink()  # the way out
    assert on_disk.load(tmp_path / "saved").revision.startswith("sha256:")


@pytest.mark.parametrize("name", ["tokenizer.json", "config.json", "1_Pooling/config.json"])
def test_another_tokenizer_or_configuration_is_not_that_of_the_revision(tmp_path, name):
    on_disk.save(small_encoder(), tmp_path / "saved", "trained abc")
    file = tmp_path / "saved" / name
    file.write_text(file.read_text() + "\n")
    with pytest.raises(ValueError, match=f"{name} is not the one that was saved"):
        on_disk.load(tmp_path / "saved")
    file.unlink()
    with pytest.raises((ValueError, FileNotFoundError), match=f"{name} is"):
        on_disk.load(tmp_path / "saved")


def test_a_file_that_was_added_is_refused_as_it_may_change_the_vectors(tmp_path):
    on_disk.save(small_encoder(), tmp_path / "saved", "trained abc")
    (tmp_path / "saved" / "README.md").write_text("read by nobody")
    on_disk.load(tmp_path / "saved")
    file = tmp_path / "saved" / "special_tokens_map.json"
    file.write_text(json.dumps({"cls_token": "word1"}))
    with pytest.raises(
        ValueError, match=r"special_tokens_map\.json was not saved with the encoder"
    ):
        on_disk.load(tmp_path / "saved")


@pytest.mark.parametrize(
    "change", [{"sha256": []}, {"sha256": None}, {"revision": ["x"]}, {"max_query_tokens": "48"}]
)
def test_a_mark_with_an_entry_of_another_type_names_it(tmp_path, change):
    on_disk.save(small_encoder(), tmp_path / "saved", "trained abc")
    mark = tmp_path / "saved" / "hybridlib.json"
    mark.write_text(json.dumps(json.loads(mark.read_text()) | change))
    with pytest.raises(ValueError, match=rf"hybridlib\.json: {next(iter(change))} must be"):
        on_disk.load(tmp_path / "saved")


@pytest.mark.parametrize("name", ["tokenizer.json", "config.json", "1_Pooling/config.json"])
def test_a_foreign_encoder_is_known_by_its_tokenizer_and_configuration_too(tmp_path, name):
    on_disk.save(small_encoder(), tmp_path / "foreign")
    (tmp_path / "foreign" / "hybridlib.json").unlink()
    before = on_disk.load(tmp_path / "foreign").revision
    file = tmp_path / "foreign" / name
    file.write_text(file.read_text() + "\n")
    assert on_disk.load(tmp_path / "foreign").revision != before


@pytest.mark.parametrize("sums", [{}, {"sha256": {}}, {"sha256": ["*"]}, {"sha256": None}])
def test_a_folder_whose_mark_lists_no_files_is_not_replaced(tmp_path, sums):
    on_disk.save(small_encoder(), tmp_path / "saved", "trained abc")
    own = tmp_path / "saved" / "hybridlib.json"
    own.write_text(json.dumps({"max_query_tokens": 32, "revision": "trained abc"} | sums))
    (tmp_path / "saved" / "thesis.tex").write_text("theirs")
    with pytest.raises(FileExistsError, match="which hybridlib did not write"):
        on_disk.save(small_encoder(), tmp_path / "saved", "trained def")
    assert (tmp_path / "saved" / "thesis.tex").read_text() == "theirs"


def test_a_full_disk_names_the_encoder(tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        with pytest.raises(OSError, match=r"saved could not be written .* free disk space"):
            on_disk.save(small_encoder(), tmp_path / "saved")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["model.safetensors", "2_Dense/model.safetensors"])
@pytest.mark.parametrize("how", ["saved", "foreign"])
def test_truncated_weights_are_named_with_the_way_out(tmp_path, name, how):
    on_disk.save(small_encoder(dense=True), tmp_path / "saved", "trained abc")
    if how == "foreign":
        (tmp_path / "saved" / "hybridlib.json").unlink()
    file = tmp_path / "saved" / name
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(ValueError, match=rf"{name} is (cut or damaged|not the one).* Way out"):
        on_disk.load(tmp_path / "saved")


@pytest.mark.parametrize("content", ["", "{", "{}"])
def test_a_damaged_tokenizer_is_named(tmp_path, content):
    on_disk.save(small_encoder(), tmp_path / "saved")
    (tmp_path / "saved" / "hybridlib.json").unlink()
    (tmp_path / "saved" / "tokenizer.json").write_text(content)
    with pytest.raises(ValueError, match=r"tokenizer\.json is cut or damaged"):
        on_disk.load(tmp_path / "saved")


@pytest.mark.parametrize("name", ["config.json", "tokenizer_config.json", "modules.json"])
def test_a_damaged_configuration_is_named_with_the_way_out(tmp_path, name):
    on_disk.save(small_encoder(), tmp_path / "saved")
    (tmp_path / "saved" / "hybridlib.json").unlink()
    file = tmp_path / "saved" / name
    file.write_text(file.read_text()[:30])
    with pytest.raises(ValueError, match=rf"{name} is cut or damaged .* Way out: delete its"):
        on_disk.load(tmp_path / "saved")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("config.json", "[]"),
        ("modules.json", "[]"),
        ("modules.json", "{}"),
        ("hybridlib.json", "1"),
    ],
)
def test_a_configuration_of_another_kind_is_named(tmp_path, name, content):
    on_disk.save(small_encoder(), tmp_path / "saved")
    (tmp_path / "saved" / "hybridlib.json").unlink()
    (tmp_path / "saved" / name).write_text(content)
    with pytest.raises(ValueError, match=rf"{name} is cut or damaged \(it holds "):
        on_disk.load(tmp_path / "saved")


def test_a_folder_without_a_tokenizer_is_refused(tmp_path):
    small_encoder().backbone.save_pretrained(tmp_path / "plain")
    with pytest.raises(FileNotFoundError, match=r"plain has no tokenizer, none of sentencepiece"):
        on_disk.load(tmp_path / "plain")


def test_weights_in_a_pickle_alone_are_refused(tmp_path):
    folder = foreign(tmp_path)
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(FileNotFoundError, match=r"read from safetensors only, .* pickle.* Way out"):
        on_disk.load(folder)


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ({"model_type": "mine"}, r"cannot load .* model type `mine`"),
        ({"auto_map": {"AutoModel": "code.Model"}}, r"config.json: auto_map names code .* not run"),
    ],
)
def test_a_model_of_its_own_code_is_refused_and_its_code_neither_run_nor_offered(
    tmp_path, monkeypatch, own, message
):
    monkeypatch.setattr("builtins.input", lambda question: "y")
    folder = foreign(tmp_path)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | own))
    (folder / "code.py").write_text(f"open({str(tmp_path / 'was-run')!r}, 'w')\nclass Model: ...")
    with pytest.raises(ValueError, match=message):
        on_disk.load(folder)
    assert not (tmp_path / "was-run").exists()


def test_a_module_of_the_models_own_code_is_refused(tmp_path):
    folder = foreign(tmp_path)
    (folder / "modules.json").write_text(
        json.dumps([{"type": "custom_st.Transformer", "path": ""}])
    )
    with pytest.raises(ValueError, match=r"modules.json: module 'custom_st.Transformer' is unkn"):
        on_disk.load(folder)


def test_weights_in_several_files_are_those_of_one(tmp_path):
    folder = foreign(tmp_path)
    expected = on_disk.load(folder).encode(["word1 word2"], "query")
    (folder / "model.safetensors").unlink()
    small_encoder().backbone.save_pretrained(folder, max_shard_size="9KB")
    assert len(list(folder.glob("model-*.safetensors"))) > 1
    assert (on_disk.load(folder).encode(["word1 word2"], "query") == expected).all()


@pytest.mark.parametrize("kind", ["CanineTokenizer", "BertJapaneseTokenizer"])
def test_a_model_without_a_fast_tokenizer_is_refused(tmp_path, kind):
    folder = foreign(tmp_path)
    (folder / "tokenizer.json").unlink()
    (folder / "vocab.txt").write_text("\n".join(SPECIAL))
    options = {"tokenizer_class": kind, "word_tokenizer_type": "basic"}
    (folder / "tokenizer_config.json").write_text(json.dumps(options))
    with pytest.raises(ValueError, match=rf"encoder: is_fast of {kind} is False.* Way out"):
        on_disk.load(folder)


def foreign(tmp_path):
    """A folder with an encoder that another program wrote."""
    on_disk.save(small_encoder(), tmp_path / "encoder")
    (tmp_path / "encoder" / "hybridlib.json").unlink()
    return tmp_path / "encoder"


def test_a_tokenizer_of_another_model_is_refused(tmp_path):
    config = BertConfig(vocab_size=30, **SIZE)
    BertModel(config, add_pooling_layer=False).save_pretrained(tmp_path / "plain")
    small_tokenizer().save_pretrained(tmp_path / "plain")
    with pytest.raises(
        ValueError, match=rf"has {len(small_tokenizer())} entries, the weights have 30"
    ):
        on_disk.load(tmp_path / "plain")
