"""Files of data sets on the Hugging Face hub, or of a mirror that keeps their paths."""

import os
from collections.abc import Sequence
from pathlib import Path

from huggingface_hub import hf_hub_download, snapshot_download
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    LocalEntryNotFoundError,
    RepositoryNotFoundError,
)


def mirrored(folder: str) -> Path | None:
    """The folder of a data set in ``HYBRIDLIB_MIRROR``, if it is there."""
    mirror = os.environ.get("HYBRIDLIB_MIRROR")
    found = Path(mirror) / folder if mirror else None
    return found if found is not None and found.is_dir() else None


def fetch_files(
    mirror_folder: str, repositories: Sequence[str], paths: Sequence[str]
) -> list[Path]:
    """Return files of a data set, from the mirror or else from the hub (kept in its cache).

    Parameters
    ----------
    mirror_folder
        Folder in ``HYBRIDLIB_MIRROR`` that holds the same paths. Where there is one, the hub is not
        asked.
    repositories
        Data sets on the hub with the same paths; a later one is asked if one before it refuses.
    paths
        Of the files.

    Raises
    ------
    FileNotFoundError
        If a file is not in the mirror, or not in the last repository.
    PermissionError
        If the last repository is gated.
    ConnectionError
        If the last repository does not exist or the hub does not answer.
    """
    folder = mirrored(mirror_folder)
    if folder is not None:
        for path in paths:
            if not (folder / path).is_file():
                raise FileNotFoundError(
                    f"{folder / path} is missing: download it from the hub's data set "
                    f"{repositories[0]} into that place, or unset HYBRIDLIB_MIRROR"
                )
        return [folder / path for path in paths]
    for repository in repositories[:-1]:
        try:
            return _download(repository, paths)
        except (PermissionError, ConnectionError):
            continue
    return _download(repositories[-1], paths)


def fetch_folder(mirror_folder: str, repository: str, folder: str, suffix: str) -> list[Path]:
    """Return the files in a folder of a data set that end in a suffix, sorted by name.

    Raises
    ------
    FileNotFoundError
        If there is none.
    PermissionError, ConnectionError
        As :func:`fetch_files`.
    """
    root = mirrored(mirror_folder)
    if root is None:
        try:
            pattern = f"{folder}/*{suffix}"
            root = Path(snapshot_download(repository, repo_type="dataset", allow_patterns=pattern))
        except OSError as error:
            raise _refusal(repository, folder, error) from error
    files = sorted((root / folder).glob(f"*{suffix}"))
    if not files:
        raise FileNotFoundError(
            f"{root} has no {folder}/*{suffix}: download it from the hub's data set {repository}"
        )
    return files


def _download(repository: str, paths: Sequence[str]) -> list[Path]:
    files = []
    for path in paths:
        try:
            files.append(Path(hf_hub_download(repository, path, repo_type="dataset")))
        except OSError as error:
            raise _refusal(repository, path, error) from error
    return files


def _refusal(repository: str, path: str, error: Exception) -> OSError:
    page = f"https://huggingface.co/datasets/{repository}"
    own_copy = "or put its files into a mirror, named in HYBRIDLIB_MIRROR"
    if isinstance(error, GatedRepoError):
        return PermissionError(
            f"{repository} is gated: accept its terms at {page}, then log in with `hf auth login`, "
            f"{own_copy}"
        )
    if isinstance(error, RepositoryNotFoundError):
        return ConnectionError(
            f"{repository} does not exist on the hub or is not public: see {page}, {own_copy}"
        )
    if isinstance(error, EntryNotFoundError) and not isinstance(error, LocalEntryNotFoundError):
        return FileNotFoundError(f"{repository} has no file {path}: see {page}, {own_copy}")
    return ConnectionError(
        f"{path} of {repository} could not be downloaded ({error}). Try again where the hub "
        f"answers, {own_copy}"
    )
