"""An encoder as sentence-transformers reads its folder, or an error that names what is unlike."""

import json
import re
from pathlib import Path
from typing import Any

from safetensors import safe_open
from tokenizers import Tokenizer
from torch import nn
from transformers.utils import logging

from hybridlib.checks import Range, check
from hybridlib.models.encoder import DualEncoder
from hybridlib.models.text_settings import TextSettings, num_positions

MARK = "hybridlib.json"
"""Our own file: what identifies the weights, and the checksum of every file beside it."""
_TEXT = {"text": {"method": "forward", "method_output_name": "last_hidden_state"}}
_VECTOR = ["sentence_embedding"]
_KNOWN: dict[str, dict[str, list[Any]]] = {
    "Transformer": {
        "transformer_task": ["feature-extraction"],
        "modality_config": [_TEXT],
        "module_output_name": ["token_embeddings"],
    },
    "Pooling": {"pooling_mode": ["mean", "cls"], "include_prompt": [True]},
    "Dense": {"module_input_name": _VECTOR, "module_output_name": _VECTOR},
    "Normalize": {"module_input_name": _VECTOR, "module_output_name": _VECTOR},
}
"""The modules that can be read, and the values of their settings; another setting is refused."""
_FREE = {"query_length", "document_length", "unpad_inputs", "embedding_dimension"}
_FREE |= {"in_features", "out_features", "bias", "activation_function"}


def check_files(folder: Path) -> None:
    """Refuse what ``on_disk.load`` does not read, as far as it shows before anything is loaded."""
    weights = [(folder, "model*.safetensors")]  # of the network, in one file or several
    for module in read_json(folder / "modules.json"):
        kind, place = _module(folder / "modules.json", module)
        weights += [(place, "model.safetensors")] if kind == "Dense" else []
    if (folder / "adapter_config.json").is_file():
        way_out = "save the weights with it in them, model.merge_and_unload() of peft"
        raise ValueError(
            f"{folder}/adapter_config.json: an adapter is not applied. Way out: {way_out}"
        )
    if not (folder / "config.json").is_file():
        raise FileNotFoundError(
            f"{folder}/config.json is missing. Way out: name a network's folder"
        )
    config = read_json(folder / "config.json")
    name = f"{folder}/config.json: num_hidden_layers"  # of -1 transformers makes none
    check(name, config.get("num_hidden_layers", 1), int, Range(1, 1000))
    if config.get("auto_map"):
        raise ValueError(
            f"{folder}/config.json: auto_map names code of the model's own, which is not run. Way "
            "out: take a model without; delete it if the network is transformers' own"
        )
    for place, pattern in weights:
        if not any(file.is_file() for file in place.glob(pattern)):
            raise FileNotFoundError(
                f"{place}/model.safetensors is missing; weights are read from safetensors only, a "
                "pickle can run code. Way out: convert a model that you trust, "
                "SentenceTransformer(NAME).save_pretrained(FOLDER)"
            )
    file = folder / "model.safetensors.index.json"
    for name in set(read_json(file).get("weight_map", {}).values()):
        if not (isinstance(name, str) and (folder / name).parent == folder):
            raise ValueError(
                f"{file} names {name!r}; the weights' files must lie beside it, where their "
                "checksum is taken. Way out: move it there"
            )
    file = folder / "config_sentence_transformers.json"
    prompts = read_json(file).get("prompts", {})
    check(f"{file}: prompts", prompts, dict)
    for name, prompt in prompts.items():
        check(f"{file}: prompt {name!r}", "" if prompt is None else prompt, str)


def _module(file: Path, module: Any) -> tuple[str, Path]:
    """Kind and folder of an entry in the list of modules."""
    check(f"{file}: a module", module, dict)
    kind, path = str(module.get("type")), str(module.get("path"))
    if kind.startswith("sentence_transformers."):  # else it is code that the model brings along
        kind = kind.rpartition(".")[2]
    check(f"{file}: module", kind, str, _KNOWN)
    if kind == "Transformer" and path:
        raise ValueError(
            f"{file}: the network lies in {path}, not beside this list. Way out: "
            "SentenceTransformer(FOLDER).save_pretrained(OTHER) writes it there"
        )
    place = file.parent / path
    if kind == "Dense":  # of which the library takes Tanh for an activation that it does not trust
        activation = str(read_json(place / "config.json").get("activation_function", "torch"))
        check(f"{place}: activation_function", activation.partition(".")[0], str, ["torch"])
    return kind, place


def read_encoder(folder: Path, revision: str, settings: dict[str, Any]) -> DualEncoder:
    """Read an encoder from a folder whose files are checked: see ``on_disk.load``."""
    verbosity = logging.get_verbosity()
    logging.set_verbosity_error()  # its report misses the pooler, which DualEncoder drops
    try:
        model = _load(folder)
        _check_weights(folder, model[0].model)
    finally:
        logging.set_verbosity(verbosity)
    model[1].pooling_mode = settings.pop("pooling", model[1].pooling_mode)
    stored = _text_settings(folder, model)
    _check_settings(folder, model)
    _check_tokenizer(folder, model[0].tokenizer, model[0].model)
    dense = [module for module in model if type(module).__name__ == "Dense"]
    parts = [part for layer in dense for part in (layer.linear, layer.activation_function)]
    return DualEncoder(
        model[0].model,
        model[0].tokenizer,
        TextSettings(**stored | settings),
        pooling=model[1].pooling_mode,
        dense=nn.Sequential(*parts) if parts else None,
        revision=revision,
    )


def _load(folder: Path) -> Any:
    from sentence_transformers import SentenceTransformer  # takes seconds, and only this needs it

    options = {"use_safetensors": True, "dtype": "float32"}
    try:
        model = SentenceTransformer(
            str(folder), device="cpu", local_files_only=True, model_kwargs=options
        )
    except Exception as error:  # of any type: a file is damaged, or at odds with another
        for file in sorted(folder.rglob("*.*")):
            _check_undamaged(file)
        reason = " ".join(str(error).split())
        if "ignore_mismatched_sizes" in reason:  # of a report that is silent here
            reason = "config.json asks for other shapes than model.safetensors has"
        raise ValueError(
            f"sentence-transformers cannot load {folder}: {reason}. Way out: where it can be "
            "loaded, SentenceTransformer(NAME).save_pretrained(FOLDER)"
        ) from error
    kinds = " ".join(type(module).__name__ for module in model)
    if not re.fullmatch("Transformer Pooling( Dense)*( Normalize)*", kinds):
        raise ValueError(
            f"{folder}/modules.json: the modules are {kinds}, which is not Transformer, Pooling, "
            "any number of Dense, Normalize. Way out: take a model of these, in this order"
        )
    return model


def _check_undamaged(file: Path) -> None:
    try:
        if file.suffix == ".safetensors":
            safe_open(file, "pt")
        elif file.name == "tokenizer.json":
            Tokenizer.from_file(str(file))
        elif file.suffix == ".json":
            json.loads(file.read_text())
    except Exception as error:  # tokenizers raise no narrower type
        raise _damaged(file, error) from error


def _check_weights(folder: Path, backbone: Any) -> None:
    """Ask for the report that the library keeps to itself; no weight is read a second time."""
    options = {"config": backbone.config, "use_safetensors": True, "device_map": "meta"}
    _, report = type(backbone).from_pretrained(folder, output_loading_info=True, **options)
    missing = sorted(name for name in report["missing_keys"] if not name.startswith("pooler."))
    if missing:
        file = folder / "model.safetensors"
        raise ValueError(f"{file} lacks {len(missing)} weights, {missing[0]} first")


def _check_tokenizer(folder: Path, tokenizer: Any, backbone: Any) -> None:
    names = tokenizer.vocab_files_names.values()
    if not any((folder / name).is_file() for name in names):
        raise FileNotFoundError(f"{folder} has no tokenizer, none of {', '.join(names)}")
    if tokenizer.pad_token is None:
        raise ValueError(
            f"{folder}/tokenizer_config.json has no pad_token, which fills texts up to the longest "
            "of their batch. Way out: name the one that the model was trained with"
        )
    size = backbone.get_input_embeddings().num_embeddings
    if len(tokenizer) > size:
        found = f"the tokenizer has {len(tokenizer)} entries, the weights have {size}"
        raise ValueError(f"{folder}: {found}; they are of different models")


def _check_settings(folder: Path, model: Any) -> None:
    """Refuse what would make our vectors or ranks others than the library's."""
    own = read_json(folder / "config_sentence_transformers.json")
    on_sphere = ["dot", "euclidean"] if type(model[-1]).__name__ == "Normalize" else []
    tokenizer, file = model[0].tokenizer, model[0].load_config(str(folder))
    inputs = sorted({*tokenizer.model_input_names} - {"token_type_ids"})
    found: list[tuple[str, Any, list[Any]]] = [
        ("model_type", own.get("model_type"), [None, "SentenceTransformer"]),
        ("similarity_fn_name", model.similarity_fn_name, ["cosine", *on_sphere]),  # rank alike
        ("truncate_dim", model.truncate_dim, [None]),
        ("tokenizer_name_or_path", file.get("tokenizer_name_or_path"), [None]),
        (f"is_fast of {type(tokenizer).__name__}", tokenizer.is_fast, [True]),
        ("padding_side", tokenizer.padding_side, ["right"]),
        ("model_input_names", inputs, [["attention_mask", "input_ids"]]),
        ("greatest of token_type_ids", max(tokenizer("a").get("token_type_ids", [0])), [0]),
    ]
    for module in model:
        known = _KNOWN[type(module).__name__]
        settings = module.get_config_dict().items()
        found += [(name, value, known.get(name, [])) for name, value in settings]
    for name, value, values in found:
        if name not in _FREE and value not in values:
            fault = f"{folder}: {name} is {value!r}, which is not supported, only {values}"
            raise ValueError(f"{fault}. Way out: take a model of supported settings")


def _text_settings(folder: Path, model: Any) -> dict[str, Any]:
    """Prompts and lengths of ``encode_query`` and ``encode_document``."""
    positions = min(num_positions(model[0].model), 2**31 - 1)  # as many as no text has
    stored: dict[str, Any] = {}
    for side, task in {"query": "query", "passage": "document"}.items():
        length = getattr(model[0], f"{task}_length")
        length = model.max_seq_length if length is None else length
        check(f"{folder}: greatest length of a {task}", length, int)
        stored |= {f"{side}_prefix": model.prompts[task]}
        stored |= {f"max_{side}_tokens": min(length, positions)}
    own = read_json(folder / MARK)
    return stored | ({"max_query_tokens": own["max_query_tokens"]} if own else {})


def read_json(file: Path) -> Any:
    """Content of a file, an object but for the list of modules; empty where there is none."""
    kind: type = list if file.name == "modules.json" else dict
    try:
        content = json.loads(file.read_text()) if file.is_file() else kind()
    except (ValueError, RecursionError) as error:
        raise _damaged(file, error) from error
    if not isinstance(content, kind) or (content == [] and file.is_file()):
        raise _damaged(file, TypeError(f"it holds {json.dumps(content)[:40]}"))
    return content


def _damaged(file: Path, error: Exception) -> ValueError:
    return ValueError(
        f"{file} is cut or damaged ({error}). Way out: delete its folder, then train the encoder "
        "or download it again"
    )
