"""Dual encoders on disk, in the layout of sentence-transformers; safetensors only."""

import hashlib
import json
from pathlib import Path
from typing import Any

from pooch import file_hash
from safetensors.torch import load_file, save_file
from torch import nn
from transformers import AutoModel, AutoTokenizer, PreTrainedModel
from transformers.utils import logging

from hybridlib.files import whole_folder
from hybridlib.models.encoder import DualEncoder, TextSettings

_ACTIVATIONS = {
    "torch.nn.modules.activation.Tanh": nn.Tanh,
    "torch.nn.modules.linear.Identity": nn.Identity,
}


def save(encoder: DualEncoder, folder: Path, revision: str = "") -> None:
    """Write an encoder so that ``SentenceTransformer(folder)`` loads it and gives the same vectors.

    The folder appears whole or not at all; one that was there is replaced. sentence-transformers
    knows one greatest length, the passages'; queries cut shorter than that are hybridlib's own.

    Parameters
    ----------
    encoder, folder
        What to write, and where.
    revision
        What identifies the weights when they are loaded; without one, their checksum does.
    """
    with whole_folder(folder) as scratch:
        encoder.backbone.save_pretrained(scratch)
        encoder.tokenizer.save_pretrained(scratch)
        for name, content in _configuration(encoder, revision).items():
            (scratch / name).parent.mkdir(exist_ok=True)
            (scratch / name).write_text(json.dumps(content, indent=2) + "\n")
        if encoder.dense is not None:
            linear = encoder.dense[0].state_dict()
            weights = {f"linear.{name}": tensor.contiguous() for name, tensor in linear.items()}
            save_file(weights, scratch / "2_Dense" / "model.safetensors")


def load(folder: Path, revision: str = "", **settings: Any) -> DualEncoder:
    """Read an encoder from a folder: sentence-transformers' layout, or a plain backbone.

    Parameters
    ----------
    folder
        Where ``config.json``, the tokenizer and ``model.safetensors`` lie.
    revision
        Where it comes from, for the provenance; by default what it was saved with, else the
        checksum of its weights.
    settings
        Fields of :class:`TextSettings` and ``pooling``, in place of the stored ones.

    Raises
    ------
    FileNotFoundError
        If the folder holds no model, or its weights are not in safetensors.
    ValueError
        If a module of the layout is not known, or a weight is missing.
    """
    weights = folder / "model.safetensors"
    for file in (folder / "config.json", weights):
        if not file.is_file():
            raise FileNotFoundError(f"{file} is missing; weights are read from safetensors only")
    stored: dict[str, Any] = {"pooling": "mean", "dense": None}
    if (folder / "modules.json").is_file():
        stored |= _read_modules(folder)
    pooling, dense = settings.pop("pooling", stored.pop("pooling")), stored.pop("dense")
    return DualEncoder(
        _read_backbone(folder),
        AutoTokenizer.from_pretrained(folder),
        TextSettings(**stored | settings),
        pooling=pooling,
        dense=dense,
        revision=revision or stored_revision(folder) or _checksum(folder),
    )


def stored_revision(folder: Path) -> str:
    """Revision that an encoder was saved with; empty for a folder that hybridlib did not write."""
    return _read_json(folder / "hybridlib.json").get("revision", "")


def _checksum(folder: Path) -> str:
    files = sorted(folder.rglob("*.safetensors"))
    hashes = " ".join(file_hash(str(file)) for file in files)
    return f"sha256:{hashlib.sha256(hashes.encode()).hexdigest()[:16]}"


def _read_backbone(folder: Path) -> PreTrainedModel:
    verbosity = logging.get_verbosity()
    logging.set_verbosity_error()  # its report misses the pooler, which DualEncoder drops
    try:
        model, report = AutoModel.from_pretrained(
            folder, use_safetensors=True, dtype="float32", output_loading_info=True
        )
    finally:
        logging.set_verbosity(verbosity)
    missing = [name for name in report["missing_keys"] if not name.startswith("pooler.")]
    if missing:
        raise ValueError(
            f"{folder}/model.safetensors lacks {len(missing)} weights, {missing[0]} first"
        )
    return model


def _configuration(encoder: DualEncoder, revision: str) -> dict[str, Any]:
    hidden = encoder.backbone.config.hidden_size
    dense, activation = encoder.dense or (None, None)
    text = encoder.settings
    modules = [("", "Transformer"), ("1_Pooling", "Pooling")]
    modules += [("2_Dense", "Dense")] if dense is not None else []
    modules += [(f"{len(modules)}_Normalize", "Normalize")]
    files: dict[str, Any] = {
        "modules.json": [
            {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for i, (path, kind) in enumerate(modules)
        ],
        "sentence_bert_config.json": {
            "max_seq_length": text.max_passage_tokens,
            "do_lower_case": False,
        },
        "config_sentence_transformers.json": {
            "prompts": {  # its encode_document, and mteb, take `document`, empty if it is missing
                "query": text.query_prefix,
                "passage": text.passage_prefix,
                "document": text.passage_prefix,
            },
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "1_Pooling/config.json": {
            "word_embedding_dimension": hidden,
            "pooling_mode_cls_token": encoder.pooling == "cls",
            "pooling_mode_mean_tokens": encoder.pooling == "mean",
        },
        "hybridlib.json": {"max_query_tokens": text.max_query_tokens, "revision": revision},
    }
    if dense is not None:
        files["2_Dense/config.json"] = {
            "in_features": dense.in_features,
            "out_features": dense.out_features,
            "bias": dense.bias is not None,
            "activation_function": next(
                name for name, kind in _ACTIVATIONS.items() if isinstance(activation, kind)
            ),
        }
    return files


def _read_modules(folder: Path) -> dict[str, Any]:
    stored: dict[str, Any] = {}
    for module in _read_json(folder / "modules.json"):
        kind, path = module["type"].rpartition(".")[2], folder / module["path"]
        if kind == "Pooling":
            pooling = _read_json(path / "config.json")
            stored["pooling"] = _read_pooling(path, pooling)
        elif kind == "Dense":
            stored["dense"] = _read_dense(path)
        elif kind not in ("Transformer", "Normalize"):
            raise ValueError(f"{folder}/modules.json: module {kind!r} is not supported")
    length = _read_json(folder / "sentence_bert_config.json").get("max_seq_length")
    if length:
        stored |= {"max_query_tokens": length, "max_passage_tokens": length}
    prompts = _read_json(folder / "config_sentence_transformers.json").get("prompts", {})
    for side, names in {"query": ["query"], "passage": ["document", "passage"]}.items():
        stored |= {f"{side}_prefix": prompts[name] for name in names if name in prompts}
    own = _read_json(folder / "hybridlib.json")
    return stored | ({"max_query_tokens": own["max_query_tokens"]} if own else {})


def _read_pooling(folder: Path, config: dict[str, Any]) -> str:
    prefix = "pooling_mode_"
    modes = [name.removeprefix(prefix) for name, on in config.items() if on is True]
    mode = config.get("pooling_mode", modes[0] if len(modes) == 1 else "+".join(modes))
    known = {"mean_tokens": "mean", "cls_token": "cls", "mean": "mean", "cls": "cls"}
    if mode not in known:
        raise ValueError(f"{folder}/config.json: pooling {mode!r} is neither mean nor cls")
    return known[mode]


def _read_dense(folder: Path) -> nn.Sequential:
    config = _read_json(folder / "config.json")
    if config["activation_function"] not in _ACTIVATIONS:
        raise ValueError(
            f"{folder}/config.json: activation {config['activation_function']!r} is not one of "
            f"{sorted(_ACTIVATIONS)}"
        )
    linear = nn.Linear(config["in_features"], config["out_features"], bias=config["bias"])
    weights = load_file(folder / "model.safetensors")
    linear.load_state_dict({name.removeprefix("linear."): weights[name] for name in weights})
    return nn.Sequential(linear, _ACTIVATIONS[config["activation_function"]]())


def _read_json(file: Path) -> Any:
    return json.loads(file.read_text()) if file.is_file() else {}
