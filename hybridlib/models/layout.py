"""The layout of sentence-transformers: which files say what is done behind a backbone."""

import json
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import nn

from hybridlib.models.encoder import DualEncoder

MARK = "hybridlib.json"
"""Our own file: what identifies the weights, and the checksum of every file beside it."""
_ACTIVATIONS = {
    "torch.nn.modules.activation.Tanh": nn.Tanh,
    "torch.nn.modules.linear.Identity": nn.Identity,
}


def configuration(encoder: DualEncoder) -> dict[str, Any]:
    """Content of each file, by its name."""
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


def read_modules(folder: Path) -> dict[str, Any]:
    """Read pooling, dense layer, prefixes and lengths, as far as they are stored.

    Raises
    ------
    ValueError
        If a module is not known, or a file is damaged.
    """
    stored: dict[str, Any] = {}
    for module in read_json(folder / "modules.json"):
        kind, path = module["type"].rpartition(".")[2], folder / module["path"]
        if not module["type"].startswith("sentence_transformers."):
            raise ValueError(
                f"{folder}/modules.json: module {module['type']!r} is code that the model brings "
                "along, which is not run. Way out: take a model of sentence-transformers' modules"
            )
        if kind == "Pooling":
            pooling = read_json(path / "config.json")
            stored["pooling"] = _read_pooling(path, pooling)
        elif kind == "Dense":
            stored["dense"] = _read_dense(path)
        elif kind not in ("Transformer", "Normalize"):
            raise ValueError(f"{folder}/modules.json: module {kind!r} is not supported")
    length = read_json(folder / "sentence_bert_config.json").get("max_seq_length")
    if length:
        stored |= {"max_query_tokens": length, "max_passage_tokens": length}
    prompts = read_json(folder / "config_sentence_transformers.json").get("prompts", {})
    for side, names in {"query": ["query"], "passage": ["document", "passage"]}.items():
        stored |= {f"{side}_prefix": prompts[name] for name in names if name in prompts}
    own = read_json(folder / MARK)
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
    config = read_json(folder / "config.json")
    if config["activation_function"] not in _ACTIVATIONS:
        raise ValueError(
            f"{folder}/config.json: activation {config['activation_function']!r} is not one of "
            f"{sorted(_ACTIVATIONS)}"
        )
    linear = nn.Linear(config["in_features"], config["out_features"], bias=config["bias"])
    try:
        weights = load_file(folder / "model.safetensors")
    except SafetensorError as error:
        raise damaged(folder / "model.safetensors", error) from error
    linear.load_state_dict({name.removeprefix("linear."): weights[name] for name in weights})
    return nn.Sequential(linear, _ACTIVATIONS[config["activation_function"]]())


def read_json(file: Path) -> Any:
    """Content of a file, an object but for the list of modules; empty where there is none."""
    kind: type = list if file.name == "modules.json" else dict
    try:
        content = json.loads(file.read_text()) if file.is_file() else kind()
    except ValueError as error:
        raise damaged(file, error) from error
    if not isinstance(content, kind) or (content == [] and file.is_file()):
        raise damaged(file, TypeError(f"it holds {json.dumps(content)[:40]}"))
    return content


def write_json(file: Path, content: Any) -> None:
    """Write as the files of the layout are written."""
    file.write_text(json.dumps(content, indent=2) + "\n")


def damaged(file: Path, error: Exception) -> ValueError:
    """What to raise for a file that cannot be read."""
    return ValueError(
        f"{file} is cut or damaged ({error}). Way out: delete its folder, then train the encoder "
        "or download it again"
    )
