"""What transformers reads of a folder, network and tokenizer, where it would not tell a fault."""

from pathlib import Path
from typing import cast

from safetensors import SafetensorError
from torch import nn
from transformers import (
    CONFIG_MAPPING,
    AutoModel,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)
from transformers.utils import logging

from hybridlib.models.layout import damaged, read_json


def check_own_code(folder: Path) -> None:
    """Refuse a model that only its own code can load: transformers would ask whether to run it.

    Raises
    ------
    ValueError
        If it is one, or of no type that transformers has.
    """
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


def read_backbone(folder: Path) -> PreTrainedModel:
    """Read the network, in single precision.

    Raises
    ------
    ValueError
        If the weights are damaged, or one is missing.
    """
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


def read_tokenizer(folder: Path, backbone: PreTrainedModel) -> PreTrainedTokenizerBase:
    """Read it; transformers makes one without a word of a folder that has none.

    Raises
    ------
    FileNotFoundError
        If there is none.
    ValueError
        If it is damaged, no fast one, or another model's.
    """
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
