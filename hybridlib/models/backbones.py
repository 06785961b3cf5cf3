"""Where an encoder starts from: a name of the paper, a hub repository or a folder."""

import sys
from pathlib import Path
from typing import Any

from huggingface_hub import HfApi, constants, snapshot_download
from huggingface_hub.errors import LocalEntryNotFoundError, RepositoryNotFoundError

from hybridlib.data.fetch.download import is_reachable
from hybridlib.models import offline_e5, on_disk
from hybridlib.models.encoder import DualEncoder, TextSettings
from hybridlib.models.names import BACKBONES, Backbone, check_name


def load_encoder(name: str, **settings: Any) -> DualEncoder:
    """Load a dual encoder; ``settings`` are fields of :class:`TextSettings` and ``pooling``.

    ``name`` is ``multilingual-e5-small`` (from the hub where it answers, else four-bit weights from
    a pip package, which a line on stderr says), ``multilingual-e5-small-4bit`` (always the pip
    package), ``raw-e5-small-4bit`` (its first four layers: nobody trained their pooled vectors, so
    that retrieval and alignment must be learned, as from XLM-R), ``xlm-r``, ``labse``, a hub
    repository ``owner/name``, or a folder.

    Raises ConnectionError where the hub alone has the weights and does not answer,
    FileNotFoundError where nothing has the name; ValueError as
    :func:`hybridlib.models.on_disk.load`.
    """
    check_name(name)
    if Path(name).is_dir():
        return on_disk.load(Path(name), **settings)
    backbone = BACKBONES.get(name, Backbone(name))
    if name == "multilingual-e5-small" and not hub_answers():
        print(
            f"{name}: {constants.ENDPOINT} does not answer, or HF_HUB_OFFLINE is set, so that the "
            f"four-bit weights of {offline_e5.REVISION} stand in",
            file=sys.stderr,
        )
        backbone = BACKBONES["multilingual-e5-small-4bit"]
    if not backbone.repository:
        model, tokenizer = offline_e5.load_backbone(backbone.num_layers)
        kept = f" layers 1-{backbone.num_layers}" if backbone.num_layers else ""
        text = TextSettings(**backbone.settings | settings)
        return DualEncoder(model, tokenizer, text, revision=offline_e5.REVISION + kept)
    folder, revision = _download(backbone.repository)
    return on_disk.load(folder, revision, **backbone.settings | settings)


def hub_answers() -> bool:
    """Say within about two seconds whether the hub may be asked and answers."""
    return not constants.is_offline_mode() and is_reachable(constants.ENDPOINT)


def _download(repository: str) -> tuple[Path, str]:
    patterns = ["*.json", "*.model", "*.txt"]
    patterns += ["model.safetensors", "model-*.safetensors", "*/model.safetensors"]
    if hub_answers():
        try:
            commit = HfApi().model_info(repository).sha
        except RepositoryNotFoundError as error:
            raise FileNotFoundError(
                f"{repository} is no folder here and no repository on {constants.ENDPOINT}. Way "
                "out: mind the spelling; for a private or gated one run `hf auth login`"
            ) from error
        folder = Path(snapshot_download(repository, revision=commit, allow_patterns=patterns))
        return folder, f"{repository}@{commit}"
    try:
        folder = Path(snapshot_download(repository, local_files_only=True))
    except LocalEntryNotFoundError as error:
        raise ConnectionError(
            f"{repository} is no folder here; if it is on the hub: {constants.ENDPOINT} does not "
            "answer. Way out: name its folder, or take multilingual-e5-small, a pip package's"
        ) from error
    return folder, f"{repository}@{folder.name}"  # a snapshot's folder is named after its commit
