"""Dual encoders on disk, in the layout of sentence-transformers; safetensors only."""

import hashlib
from pathlib import Path
from typing import Any, cast

from safetensors import SafetensorError
from safetensors.torch import save_file
from torch import nn
from transformers import (
    CONFIG_MAPPING,
    AutoModel,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)
from transformers.utils import logging

from hybridlib.files import checksum, whole_folder
from hybridlib.models.encoder import DualEncoder
from hybridlib.models.layout import (
    MARK,
    configuration,
    damaged,
    read_json,
    read_modules,
    write_json,
)
from hybridlib.models.text_settings import TextSettings, num_positions

_TEXT_SETTINGS = ("sentence_bert_config.json", "config_sentence_transformers.json")
_KINDS = {".safetensors", ".json", ".model", ".txt"}  # weights, configurations, tokenizers


def save(encoder: DualEncoder, folder: Path | str, revision: str = "") -> None:
    """Write an encoder so that ``SentenceTransformer(folder)`` loads it and gives the same vectors.

    The folder appears whole or not at all; an encoder that was there is replaced.
    sentence-transformers knows one greatest length, the passages'; queries cut shorter than that
    are hybridlib's own.

    Parameters
    ----------
    encoder, folder
        What to write, and where.
    revision
        What identifies the weights when they are loaded; without one, their checksum does.

    Raises
    ------
    FileExistsError
        If the folder holds what is no encoder of ours.
    OSError
        If the disk is full.
    ValueError
        If the encoder has offsets: the layout has no place for them.
    """
    with whole_folder(folder, MARK, files_of(Path(folder))) as scratch:
        write(encoder, scratch, revision)


def write(encoder: DualEncoder, folder: Path, revision: str = "") -> None:
    """Write an encoder's files into an empty folder: see :func:`save`."""
    if encoder.offsets is not None:
        raise ValueError(
            f"{folder}: the layout of sentence-transformers has no place for offsets by language "
            f"({encoder.offsets.revision}). Way out: set the encoder's offsets to None, save it, "
            "and set them again where it is loaded"
        )
    encoder.backbone.save_pretrained(folder)
    encoder.tokenizer.save_pretrained(folder)
    for name, content in configuration(encoder).items():
        (folder / name).parent.mkdir(exist_ok=True)
        write_json(folder / name, content)
    if encoder.dense is not None:
        linear = encoder.dense[0].state_dict()
        weights = {f"linear.{name}": tensor.contiguous() for name, tensor in linear.items()}
        save_file(weights, folder / "2_Dense" / "model.safetensors")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sums = {file.relative_to(folder).as_posix(): checksum(file) for file in files}
    own = {"max_query_tokens": encoder.settings.max_query_tokens, "revision": revision}
    write_json(folder / MARK, own | {"sha256": sums})


def files_of(folder: Path) -> list[str]:
    """Names of the files that :func:`write` left in a folder, as far as its mark tells."""
    own = read_json(folder / MARK)
    return list(own.get("sha256", ["*"]))


def load(folder: Path, revision: str = "", **settings: Any) -> DualEncoder:
    """Read an encoder from a folder: sentence-transformers' layout, or a plain backbone.

    Parameters
    ----------
    folder
        Where ``config.json``, the tokenizer and ``model.safetensors`` lie.
    revision
        Where it comes from, for the provenance; by default what it was saved with, else the
        checksum of its weights and, where hybridlib did not write the folder, of its configuration
        and tokenizer.
    settings
        Fields of :class:`TextSettings` and ``pooling``, in place of the stored ones.

    Raises
    ------
    FileNotFoundError
        If the folder holds no model or no tokenizer, or its weights are not in one file of
        safetensors.
    ValueError
        If it brings code of its own along, transformers has no such type, there is no fast
        tokenizer, a module of the layout is not known, a weight is missing, a file is damaged, or
        not the one that was saved with the revision.
    """
    if (folder / "model.safetensors.index.json").is_file():
        raise FileNotFoundError(
            f"{folder} has its weights in several files; one is read. Way out: "
            "AutoModel.from_pretrained(NAME).save_pretrained(FOLDER, max_shard_size='100GB')"
        )
    for file in (folder / "config.json", folder / "model.safetensors"):
        if not file.is_file():
            raise FileNotFoundError(
                f"{file} is missing; weights are read from safetensors only, for reading a pickle, "
                "as pytorch_model.bin is, can run code. Way out: convert a model that you trust, "
                "AutoModel.from_pretrained(NAME).save_pretrained(FOLDER)"
            )
    _check_own_code(folder)
    _check_unchanged(folder)
    for file in folder.glob("*.json"):
        read_json(file)  # transformers would tell no way out, or another file
    backbone = _read_backbone(folder)
    length = min(TextSettings.max_query_tokens, num_positions(backbone))
    stored: dict[str, Any] = {"max_query_tokens": length, "max_passage_tokens": length}
    stored |= {"pooling": "mean", "dense": None}
    if (folder / "modules.json").is_file():
        stored |= read_modules(folder)
    pooling, dense = settings.pop("pooling", stored.pop("pooling")), stored.pop("dense")
    return DualEncoder(
        backbone,
        _read_tokenizer(folder, backbone),
        TextSettings(**stored | settings),
        pooling=pooling,
        dense=dense,
        revision=revision or stored_revision(folder) or _checksum(folder),
    )


def stored_revision(folder: Path) -> str:
    """Revision that an encoder was saved with; empty for a folder that hybridlib did not write."""
    return read_json(folder / MARK).get("revision", "")


def _check_own_code(folder: Path) -> None:
    """Refuse a model that only its own code can load: transformers would ask whether to run it."""
    config = read_json(folder / "config.json")
    if config.get("auto_map"):
        raise ValueError(
            f"{folder}/config.json: auto_map names code that the model brings along, which is not "
            "run: transformers' own class of the type can be another network. Way out: take a "
            "model without it; delete the entry if the network is known to be transformers' own"
        )
    model_type = config.get("model_type")
    if model_type not in CONFIG_MAPPING:
        raise ValueError(
            f"{folder}/config.json: transformers has no model type {model_type!r}, and code that a "
            "model brings along is not run. Way out: take a model of a type that transformers has"
        )


def _check_unchanged(folder: Path) -> None:
    """Compare what lies there with what was saved; text settings may change, a key has them."""
    for name, saved in read_json(folder / MARK).get("sha256", {}).items():
        file = folder / name
        found = checksum(file) if file.is_file() else "missing"
        if found != saved and name not in _TEXT_SETTINGS:
            raise ValueError(
                f"{file} is not the one that was saved: its SHA-256 is {found}, {MARK} has {saved}"
                f". Way out: bring it back, or delete {MARK}, then the encoder is known by its "
                "weights and no longer by its training"
            )


def _checksum(folder: Path) -> str:
    """Of what makes a vector; a folder of ours has a mark, which keeps all but the weights."""
    kinds = {".safetensors"} if (folder / MARK).is_file() else _KINDS
    files = (file for file in sorted(folder.rglob("*.*")) if file.suffix in kinds)
    hashes = " ".join(checksum(file) for file in files if file.name not in _TEXT_SETTINGS)
    return f"sha256:{hashlib.sha256(hashes.encode()).hexdigest()[:16]}"


def _read_backbone(folder: Path) -> PreTrainedModel:
    verbosity = logging.get_verbosity()
    logging.set_verbosity_error()  # its report misses the pooler, which DualEncoder drops
    try:
        model, report = AutoModel.from_pretrained(
            folder,
            use_safetensors=True,
            dtype="float32",
            output_loading_info=True,
            trust_remote_code=False,
        )
    except SafetensorError as error:
        raise damaged(folder / "model.safetensors", error) from error
    finally:
        logging.set_verbosity(verbosity)
    missing = [name for name in report["missing_keys"] if not name.startswith("pooler.")]
    if missing:
        raise ValueError(
            f"{folder}/model.safetensors lacks {len(missing)} weights, {missing[0]} first"
        )
    return model


def _read_tokenizer(folder: Path, backbone: PreTrainedModel) -> PreTrainedTokenizerBase:
    """Read it; transformers makes one without a word of a folder that has none."""
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
    except (ValueError, KeyError, ImportError) as error:
        if (folder / "tokenizer.json").is_file():
            raise damaged(folder / "tokenizer.json", error) from error
        raise _no_fast_tokenizer(folder, " ".join(str(error).split())) from error
    if not tokenizer.is_fast:
        raise _no_fast_tokenizer(folder, f"{type(tokenizer).__name__} has none")
    known = tokenizer.vocab_files_names.values()
    if not any((folder / name).is_file() for name in known):
        raise FileNotFoundError(f"{folder} has no tokenizer, none of {', '.join(known)}")
    size = cast(nn.Embedding, backbone.get_input_embeddings()).num_embeddings
    if len(tokenizer) > size:
        raise ValueError(
            f"{folder}: the tokenizer has {len(tokenizer)} entries, the weights have {size}; they "
            "are of different models"
        )
    return tokenizer


def _no_fast_tokenizer(folder: Path, reason: str) -> ValueError:
    return ValueError(
        f"{folder} has no fast tokenizer: it lacks tokenizer.json and what makes one ({reason}). "
        "Way out: take a model that has one, or write one where what it needs is installed, "
        "AutoTokenizer.from_pretrained(NAME).save_pretrained(FOLDER)"
    )
