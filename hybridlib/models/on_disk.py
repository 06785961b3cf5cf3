"""Dual encoders on disk, in the layout of sentence-transformers; safetensors only."""

import hashlib
from pathlib import Path
from typing import Any

from safetensors.torch import save_file
from torch import nn

from hybridlib.checks import check
from hybridlib.files import checksum, whole_folder
from hybridlib.models.encoder import DualEncoder
from hybridlib.models.layout import MARK, configuration, dense_layers, read_json, write_json
from hybridlib.models.reading import check_files, read_encoder

_ENTRIES = {"revision": str, "max_query_tokens": int, "sha256": dict}  # of our mark
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
        If the encoder has maps by language: the layout has no place for them.
    """
    with whole_folder(folder, MARK, files_of(Path(folder))) as scratch:
        write(encoder, scratch, revision)


def write(encoder: DualEncoder, folder: Path, revision: str = "") -> None:
    """Write an encoder's files into an empty folder: see :func:`save`."""
    if encoder.language_maps is not None:
        raise ValueError(
            f"{folder}: the layout of sentence-transformers has no place for maps by language "
            f"({encoder.language_maps.revision}). Way out: set language_maps to None, save the "
            "encoder, and set them again where it is loaded"
        )
    encoder.backbone.save_pretrained(folder)
    encoder.tokenizer.save_pretrained(folder)
    for name, content in configuration(encoder).items():
        (folder / name).parent.mkdir(exist_ok=True)
        write_json(folder / name, content)
    for name, linear, activation in dense_layers(encoder):
        parts = nn.ModuleDict({"linear": linear, "activation_function": activation})
        weights = {key: tensor.contiguous() for key, tensor in parts.state_dict().items()}
        save_file(weights, folder / name / "model.safetensors")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sums = {file.relative_to(folder).as_posix(): checksum(file) for file in files}
    own = {"max_query_tokens": encoder.settings.max_query_tokens, "revision": revision}
    write_json(folder / MARK, own | {"sha256": sums})


def files_of(folder: Path) -> list[str]:
    """Names of the files that :func:`write` left in a folder: those that its mark lists."""
    sums = read_json(folder / MARK).get("sha256")
    return list(sums) if isinstance(sums, dict) else []


def load(folder: Path, revision: str = "", **settings: Any) -> DualEncoder:
    """Read an encoder as sentence-transformers does: from its layout, or a plain backbone.

    Its vectors are those of ``encode_query`` and ``encode_document`` in single precision, of unit
    length, whatever the precision of the stored weights.

    Parameters
    ----------
    folder
        Where ``config.json``, the tokenizer and ``model.safetensors`` lie.
    revision
        Where it comes from, for the provenance; by default what it was saved with, else the
        checksum of its weights, configurations, tokenizer and text settings.
    settings
        Fields of :class:`TextSettings` and ``pooling``, in place of the stored ones.

    Raises
    ------
    FileNotFoundError
        If the folder holds no model or no tokenizer, or its weights are not safetensors.
    ValueError
        If it brings code or an adapter along; if a module or setting would make vectors or ranks
        others than sentence-transformers'; if a weight is missing, or a file is damaged or not the
        one that was saved with the revision. The message names it.
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
                f". Way out: bring it back, or delete {MARK}, then the encoder is known by its "
                "files and no longer by its training"
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
