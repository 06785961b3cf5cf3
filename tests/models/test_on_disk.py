"""What is on the disk is what is scored."""

import json
import os
from hashlib import sha256

import pytest
from safetensors.torch import load_file, save_file

from hybridlib.models import on_disk
from tests.golden.tiny_encoder import byte_tokenizer, tiny_encoder

FILES = [
    "model.safetensors",
    "2_Dense/model.safetensors",
    "tokenizer.json",
    "config.json",
    "1_Pooling/config.json",
]


@pytest.fixture
def saved(tmp_path):
    """A folder with an encoder of a revision."""
    on_disk.save(tiny_encoder(has_dense=True), tmp_path / "encoder", "trained abc")
    return tmp_path / "encoder"


@pytest.fixture
def foreign(saved):
    """A folder with an encoder that another program wrote."""
    (saved / on_disk.MARK).unlink()
    return saved


def change(file):
    """Change what a file holds; it can still be read."""
    if file.suffix == ".safetensors":
        weights = load_file(file)
        save_file({name: weight + 1 for name, weight in weights.items()}, file)
    else:
        file.write_text(file.read_text() + "\n")


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_was_changed_or_lost_is_not_that_of_the_revision(saved, name):
    on_disk.load(saved)
    file = saved / name
    before = sha256(file.read_bytes()).hexdigest()
    change(file)
    content = file.read_bytes()
    after = sha256(content).hexdigest()
    message = rf"{name} is not the one .* SHA-256 is {after}, hybridlib\.json has {before}.*Way out"
    with pytest.raises(ValueError, match=message):
        on_disk.load(saved)
    file.unlink()
    with pytest.raises((ValueError, FileNotFoundError), match=f"{name} is"):
        on_disk.load(saved)
    file.write_bytes(content)
    (saved / "hybridlib.json").unlink()  # the way out
    assert on_disk.load(saved).revision.startswith("sha256:")


@pytest.mark.parametrize("name", FILES)
def test_an_encoder_without_a_revision_is_known_by_all_its_files(tmp_path, name):
    for folder in ("saved", "foreign"):
        on_disk.save(tiny_encoder(has_dense=True), tmp_path / folder)
    (tmp_path / "foreign" / "hybridlib.json").unlink()
    revision = on_disk.load(tmp_path / "foreign").revision
    assert revision.startswith("sha256:")
    assert on_disk.load(tmp_path / "saved").revision == revision
    change(tmp_path / "foreign" / name)
    assert on_disk.load(tmp_path / "foreign").revision != revision


def test_a_file_that_was_added_is_refused_as_it_may_change_the_vectors(saved):
    (saved / "README.md").write_text("read by nobody")
    on_disk.load(saved)
    (saved / "special_tokens_map.json").write_text(json.dumps({"cls_token": "</s>"}))
    with pytest.raises(
        ValueError, match=r"special_tokens_map\.json was not saved with the encoder"
    ):
        on_disk.load(saved)


@pytest.mark.parametrize(
    "change", [{"sha256": []}, {"sha256": None}, {"revision": ["x"]}, {"max_query_tokens": "48"}]
)
def test_a_mark_with_an_entry_of_another_type_names_it(saved, change):
    mark = saved / "hybridlib.json"
    mark.write_text(json.dumps(json.loads(mark.read_text()) | change))
    with pytest.raises(ValueError, match=rf"hybridlib\.json: {next(iter(change))} must be"):
        on_disk.load(saved)


@pytest.mark.parametrize("sums", [{}, {"sha256": {}}, {"sha256": ["*"]}, {"sha256": None}])
def test_a_folder_whose_mark_lists_no_files_is_not_replaced(saved, sums):
    mark = {"max_query_tokens": 32, "revision": "trained abc"} | sums
    (saved / "hybridlib.json").write_text(json.dumps(mark))
    (saved / "thesis.tex").write_text("theirs")
    with pytest.raises(FileExistsError, match="which hybridlib did not write"):
        on_disk.save(tiny_encoder(), saved, "trained def")
    assert (saved / "thesis.tex").read_text() == "theirs"


def test_a_full_disk_names_the_encoder(tmp_path, small_disk):
    out_of_space = pytest.raises(OSError, match=r"saved could not be written .* free disk space")
    with out_of_space, small_disk(20_000):
        on_disk.save(tiny_encoder(), tmp_path / "saved")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        *((name, None, "") for name in [*FILES[:4], "tokenizer_config.json", "modules.json"]),
        ("tokenizer.json", "", ""),
        ("tokenizer.json", "{}", ""),
        ("config.json", "[]", "it holds "),
        ("modules.json", "[]", "it holds "),
        ("modules.json", "{}", "it holds "),
        ("hybridlib.json", "1", "it holds "),
        ("config.json", "[" * 100_000, "maximum recursion depth"),
        ("modules.json", "[" * 100_000, "maximum recursion depth"),
        ("hybridlib.json", "[" * 100_000, "maximum recursion depth"),
    ],
)
def test_a_file_that_was_cut_or_is_of_another_kind_is_named(foreign, name, content, reason):
    file = foreign / name
    half = file.read_bytes()[: file.stat().st_size // 2] if content is None else content.encode()
    file.write_bytes(half)
    message = rf"{name} is cut or damaged \({reason}.* Way out: delete its"
    with pytest.raises(ValueError, match=message):
        on_disk.load(foreign)


def test_a_missing_weight_is_refused(foreign):
    weights = load_file(foreign / "model.safetensors")
    del weights["encoder.layer.1.output.dense.weight"]
    save_file(weights, foreign / "model.safetensors")
    with pytest.raises(ValueError, match=r"lacks 1 weights, encoder\.layer\.1\.output\.dense"):
        on_disk.load(foreign)


@pytest.mark.parametrize("name", FILES[:2])
def test_weights_in_a_pickle_alone_are_refused_and_a_pipe_is_not_waited_for(foreign, name):
    message = rf"{name} is missing; .* read from safetensors only, .* pickle.* Way out"
    (foreign / name).rename((foreign / name).with_name("pytorch_model.bin"))
    with pytest.raises(FileNotFoundError, match=message):
        on_disk.load(foreign)
    os.mkfifo(foreign / name)
    with pytest.raises(FileNotFoundError, match=message):
        on_disk.load(foreign)


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ({"model_type": "mine"}, r"cannot load .* model type `mine`"),
        ({"auto_map": {"AutoModel": "code.Model"}}, r"config.json: auto_map names code .* not run"),
    ],
)
def test_a_model_of_its_own_code_is_refused_and_its_code_neither_run_nor_offered(
    foreign, tmp_path, monkeypatch, own, message
):
    monkeypatch.setattr("builtins.input", lambda question: "y")
    config = json.loads((foreign / "config.json").read_text())
    (foreign / "config.json").write_text(json.dumps(config | own))
    (foreign / "code.py").write_text(f"open({str(tmp_path / 'was-run')!r}, 'w')\nclass Model: ...")
    with pytest.raises(ValueError, match=message):
        on_disk.load(foreign)
    assert not (tmp_path / "was-run").exists()


def test_weights_in_several_files_are_those_of_one(foreign):
    expected = on_disk.load(foreign).encode(["a text"], "query")
    (foreign / "model.safetensors").unlink()
    tiny_encoder().backbone.save_pretrained(foreign, max_shard_size="9KB")
    assert len(list(foreign.glob("model-*.safetensors"))) > 1
    assert (on_disk.load(foreign).encode(["a text"], "query") == expected).all()


@pytest.mark.parametrize("kind", ["CanineTokenizer", "BertJapaneseTokenizer"])
def test_a_model_without_a_fast_tokenizer_is_refused(foreign, kind):
    (foreign / "tokenizer.json").unlink()
    (foreign / "vocab.txt").write_text("<s>\n<pad>\n</s>\n<unk>")
    options = {"tokenizer_class": kind, "word_tokenizer_type": "basic"}
    (foreign / "tokenizer_config.json").write_text(json.dumps(options))
    with pytest.raises(ValueError, match=rf"encoder: is_fast of {kind} is False.* Way out"):
        on_disk.load(foreign)


def test_a_tokenizer_of_another_model_is_refused(foreign):
    tokenizer = byte_tokenizer()
    size = len(tokenizer)
    tokenizer.add_tokens(["another"])
    tokenizer.save_pretrained(foreign)
    with pytest.raises(ValueError, match=rf"has {size + 1} entries, the weights have {size}"):
        on_disk.load(foreign)
