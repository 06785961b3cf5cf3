"""Dual encoders on disk, in the layout of sentence-transformers; safetensors only."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from safetensors.torch import save_file
from torch import nn

from hybridlib.checks import check
from hybridlib.files import checksum, whole_folder
from hybridlib.models.encoder import DualEncoder
from hybridlib.models.reading import MARK, check_files, read_encoder, read_json

_ENTRIES = {"revision": str, "max_query_tokens": int, "sha256": dict}  # of our mark
_KINDS = {".safetensors", ".json", ".model", ".txt"}  # weights, configurations, tokenizers


def save(encoder: DualEncoder, folder: Path | str, revision: str = "") -> None:
    """Write an encoder so that ``SentenceTransformer(folder)`` loads it and gives the same vectors.

    The folder appears whole or not at all; an encoder that was there is replaced, anything else is
    a FileExistsError. sentence-transformers knows one greatest length, the passages'; queries cut
    shorter than that are hybridlib's own. ``revision`` identifies the weights when they are loaded;
    without one, their checksum does. An encoder with maps by language is a ValueError.
    """
    if encoder.language_maps is not None:
        raise ValueError(
            f"{folder}: the layout of sentence-transformers has no place for maps by language "
            f"({encoder.language_maps.revision}). Way out: set them again where it is loaded"
        )
    with whole_folder(folder, MARK, files_of(Path(folder))) as scratch:
        encoder.backbone.save_pretrained(scratch)
        encoder.tokenizer.save_pretrained(scratch)
        for name, content in _configuration(encoder).items():
            (scratch / name).parent.mkdir(exist_ok=True)
            _write_json(scratch / name, content)
        for name, linear, activation in _dense_layers(encoder):
            parts = nn.ModuleDict({"linear": linear, "activation_function": activation})
            weights = {key: tensor.contiguous() for key, tensor in parts.state_dict().items()}
            save_file(weights, scratch / name / "model.safetensors")
        files = sorted(path for path in scratch.rglob("*") if path.is_file())
        sums = {file.relative_to(scratch).as_posix(): checksum(file) for file in files}
        own = {"max_query_tokens": encoder.settings.max_query_tokens, "revision": revision}
        _write_json(scratch / MARK, own | {"sha256": sums})


def _configuration(encoder: DualEncoder) -> dict[str, Any]:
    """Content of each file of the layout, by its name."""
    text, normalizer = encoder.settings, encoder.tokenizer.backend_tokenizer.normalizer
    dense = {
        folder: {
            "in_features": linear.in_features,
            "out_features": linear.out_features,
            "bias": linear.bias is not None,
            "activation_function": f"{type(activation).__module__}.{type(activation).__name__}",
        }
        for folder, linear, activation in _dense_layers(encoder)
    }
    paths = ["", "1_Pooling", *dense]
    paths += [f"{len(paths)}_Normalize"]
    kinds = [f"sentence_transformers.models.{path[2:] or 'Transformer'}" for path in paths]
    return {
        "modules.json": [
            {"idx": number, "name": str(number), "path": path, "type": kind}
            for number, (path, kind) in enumerate(zip(paths, kinds, strict=True))
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


def _dense_layers(encoder: DualEncoder) -> Iterator[tuple[str, Any, nn.Module]]:
    """Folder, linear map and activation of each layer behind the pooling."""
    parts = list(encoder.dense or ())
    for number, (linear, activation) in enumerate(zip(parts[::2], parts[1::2], strict=True), 2):
        yield f"{number}_Dense", linear, activation


def _write_json(file: Path, content: Any) -> None:
    file.write_text(json.dumps(content, indent=2) + "\n")


def files_of(folder: Path) -> list[str]:
    """Names of the files that :func:`save` left in a folder: those that its mark lists."""
    sums = read_json(folder / MARK).get("sha256")
    return list(sums) if isinstance(sums, dict) else []


def load(folder: Path, revision: str = "", **settings: Any) -> DualEncoder:
    """Read an encoder as sentence-transformers does: from its layout, or a plain backbone.

    Its vectors are those of ``encode_query`` and ``encode_document`` in single precision, of unit
    length, whatever the precision of the stored weights. ``revision`` says where they come from; by
    default what they were saved with, else a checksum. ``settings`` are fields of
    :class:`TextSettings` and ``pooling``, in place of the stored ones.

    Raises FileNotFoundError if there is no model, no tokenizer, or no weights in safetensors.
    Raises ValueError if the folder brings code or an adapter along, if a setting would make vectors
    or ranks others than sentence-transformers', or if a file is damaged or not the one that was
    saved.
    """
    check_files(folder)
    _check_unchanged(folder)
    found = revision or stored_revision(folder) or _checksum(folder)
    encoder = read_encoder(folder, found, settings)
    if found != (revision or stored_revision(folder) or _checksum(folder)):
        raise ValueError(f"{folder} changed while it was read. Way out: load it again")
    return encoder


def stored_revision(folder: Path) -> str:
    """Revision that an encoder was saved with; empty for a folder that hybridlib did not write."""
    return read_json(folder / MARK).get("revision", "")


def _check_unchanged(folder: Path) -> None:
    """Compare what lies there with what was saved."""
    own = read_json(folder / MARK)
    for name, kind in _ENTRIES.items() if own else ():
        check(f"{folder / MARK}: {name}", own.get(name), kind)
    for name, saved in own.get("sha256", {}).items():
        file = folder / name
        found = checksum(file) if file.is_file() else "missing"
        if found != saved:
            raise ValueError(
                f"{file} is not the one that was saved: its SHA-256 is {found}, {MARK} has {saved}"
                f". Way out: bring it back, or delete {MARK} to know the encoder by its files alone"
            )
    for file in _files(folder) if own else ():
        if file.relative_to(folder).as_posix() not in own["sha256"]:
            raise ValueError(
                f"{file} was not saved with the encoder and may change its vectors. Way out: move "
                f"it away, or delete {MARK}, then the encoder is known by its files"
            )


def _files(folder: Path) -> list[Path]:
    """What makes a vector: weights, configurations, tokenizer and text settings."""
    files = (file for file in sorted(folder.rglob("*.*")) if file.suffix in _KINDS)
    return [file for file in files if file.name != MARK]


def _checksum(folder: Path) -> str:
    hashes = " ".join(map(checksum, _files(folder)))
    return f"sha256:{hashlib.sha256(hashes.encode()).hexdigest()[:16]}"
