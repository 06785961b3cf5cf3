"""The folder format of sentence-transformers: what is written, and what its files may ask for."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from torch import nn

from hybridlib.models.encoder import DualEncoder

MARK = "hybridlib.json"
"""Our own file: what identifies the weights, and the checksum of every file beside it."""


def dense_layers(encoder: DualEncoder) -> Iterator[tuple[str, Any, nn.Module]]:
    """Folder, linear map and activation of each layer behind the pooling."""
    parts = list(encoder.dense or ())
    for number, (linear, activation) in enumerate(zip(parts[::2], parts[1::2], strict=True), 2):
        yield f"{number}_Dense", linear, activation


def configuration(encoder: DualEncoder) -> dict[str, Any]:
    """Content of each file, by its name."""
    text, normalizer = encoder.settings, encoder.tokenizer.backend_tokenizer.normalizer
    dense = {
        folder: {
            "in_features": linear.in_features,
            "out_features": linear.out_features,
            "bias": linear.bias is not None,
            "activation_function": f"{type(activation).__module__}.{type(activation).__name__}",
        }
        for folder, linear, activation in dense_layers(encoder)
    }
    paths = ["", "1_Pooling", *dense]
    paths += [f"{len(paths)}_Normalize"]
    return {
        "modules.json": [
            {
                "idx": number,
                "name": str(number),
                "path": path,
                "type": f"sentence_transformers.models.{path.partition('_')[2] or 'Transformer'}",
            }
            for number, path in enumerate(paths)
        ],
        "sentence_bert_config.json": {
            "max_seq_length": text.max_passage_tokens,
            # some tokenizers make their normalizer anew, and leave out what was put before it
            "do_lower_case": normalizer is not None and "a" in normalizer.normalize_str("A"),
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
            "word_embedding_dimension": encoder.backbone.config.hidden_size,
            "pooling_mode_cls_token": encoder.pooling == "cls",
            "pooling_mode_mean_tokens": encoder.pooling == "mean",
        },
    } | {f"{folder}/config.json": content for folder, content in dense.items()}


def read_json(file: Path) -> Any:
    """Content of a file, an object but for the list of modules; empty where there is none."""
    kind: type = list if file.name == "modules.json" else dict
    try:
        content = json.loads(file.read_text()) if file.is_file() else kind()
    except (ValueError, RecursionError) as error:
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
