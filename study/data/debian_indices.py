"""Debian's indices of translated package descriptions, through apt's own client without root."""

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from study.data.debian import APT_GET, last_error


def fetch_translation_indices(languages: Sequence[str], folder: Path, way_out: str) -> Path:
    """Return the folder of the indices; where it is missing, apt fetches them from its mirrors.

    apt checks them against the archive's signature. Its own lists stay as they are. The folder
    appears once it is complete, whenever the process may be killed, and is then kept: delete it to
    get newer indices.

    Parameters
    ----------
    languages
        As Debian writes them, with ``en`` among them: ``de``, ``pt_BR``. One that the archive lacks
        is left out.
    folder
        Where the indices are kept.
    way_out
        What to do on a machine where this is impossible, for the error's text.

    Raises
    ------
    FileNotFoundError
        If ``apt-get`` is missing.
    ConnectionError
        If it does not give the English index.
    """
    if folder.is_dir():
        return folder
    if shutil.which("apt-get") is None:
        raise FileNotFoundError(
            "apt-get is not here, so the indices of package descriptions cannot be fetched. "
            f"Way out: {way_out}"
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="partial-") as partial:
        lists = Path(partial) / "lists"
        (lists / "partial").mkdir(parents=True)
        command = [*APT_GET, "update", *_options(languages, lists, Path(partial) / "cache")]
        outcome = subprocess.run(command, capture_output=True, text=True, check=False)
        if outcome.returncode or not list(lists.glob("*Translation-en*")):
            raise ConnectionError(
                f"apt-get update gave no English descriptions: {last_error(outcome.stderr)}. "
                f"Way out: mend apt's sources and network; or {way_out}"
            )
        shutil.rmtree(lists / "partial")
        try:
            lists.rename(folder)
        except OSError:
            if not folder.is_dir():  # else another process was first
                raise
    return folder


def _options(languages: Sequence[str], lists: Path, cache: Path) -> list[str]:
    settings = {
        "Dir::State::Lists": lists,
        "Dir::Cache": cache,
        "Acquire::Languages": ",".join(languages),
        "Acquire::IndexTargets::deb::Packages::DefaultEnabled": "false",
        # as root apt would read and write as another user, who may not enter the cache
        "APT::Sandbox::User": "root",
    }
    return [part for name, value in settings.items() for part in ("-o", f"{name}={value}")]
