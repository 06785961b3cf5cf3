"""Names of encoders: those of the paper, a hub repository or a folder. Nothing is loaded here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from huggingface_hub.errors import HFValidationError
from huggingface_hub.utils import validate_repo_id

from hybridlib.checks import check, unknown


@dataclass(frozen=True)
class Backbone:
    """A pre-trained encoder and how its authors use it."""

    repository: str = ""  # on the hub; without one the weights are those of offline_e5
    settings: dict[str, Any] = field(default_factory=dict)
    num_layers: int | None = None  # keeps the first ones alone


_E5_PREFIXES = {"query_prefix": "query: ", "passage_prefix": "passage: "}
_PAPER_PREFIXES = {"query_prefix": "Query: ", "passage_prefix": "Passage: "}
BACKBONES: Mapping[str, Backbone] = {
    "multilingual-e5-small": Backbone("intfloat/multilingual-e5-small", _E5_PREFIXES),
    "multilingual-e5-small-4bit": Backbone(settings=_E5_PREFIXES),
    "raw-e5-small-4bit": Backbone(settings=_E5_PREFIXES, num_layers=4),
    "xlm-r": Backbone(
        "FacebookAI/xlm-roberta-base",
        {"pooling": "mean", "max_query_tokens": 256, "max_passage_tokens": 256} | _PAPER_PREFIXES,
    ),
    "labse": Backbone("sentence-transformers/LaBSE", _PAPER_PREFIXES),
}


def check_name(name: str) -> None:
    """Refuse what cannot be the name of an encoder: no folder, no repository, none of ours."""
    check("encoder", name, str)
    if name in BACKBONES or (name and Path(name).is_dir()):
        return
    if Path(name).is_file():
        raise FileNotFoundError(f"encoder {name!r} is a file. Way out: name its folder")
    try:
        validate_repo_id(name if "/" in name else "")
    except HFValidationError as error:
        message = unknown("encoder", name, BACKBONES)
        raise FileNotFoundError(f"{message}; it is no folder either, nor owner/name") from error
