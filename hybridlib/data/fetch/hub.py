"""Files of data sets on the Hugging Face hub: local mirror first, then the hub and its cache."""

from collections.abc import Sequence
from pathlib import Path

from huggingface_hub import constants, hf_hub_download
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    LocalEntryNotFoundError,
    RepositoryNotFoundError,
)

from hybridlib.data.fetch.download import in_mirror, is_reachable


def fetch_from_hub(corpus: str, repository: str, path: str) -> Path:
    """Return one file of a data set's repository; its scripts, if it has some, are never run.

    ``corpus`` is its folder in the mirror, in which files lie as in the repository: ``hf download
    REPOSITORY --repo-type dataset --local-dir MIRROR/CORPUS`` makes such a folder. Conditions that
    have to be accepted first are a PermissionError, a repository or file that is not there a
    FileNotFoundError, a file that the hub does not give a ConnectionError.
    """
    if file := in_mirror(f"{corpus}/{path}"):
        return file
    is_offline = not is_reachable(constants.ENDPOINT)
    try:
        return Path(
            hf_hub_download(repository, path, repo_type="dataset", local_files_only=is_offline)
        )
    except (HfHubHTTPError, EntryNotFoundError, ConnectionError) as error:
        raise _explained(error, corpus, repository, path) from error


def fetch_first(corpus: str, repositories: Sequence[str], path: str) -> Path:
    """Return a file from the first of several repositories that gives it."""
    for repository in repositories[:-1]:
        try:
            return fetch_from_hub(corpus, repository, path)
        except (PermissionError, FileNotFoundError, ConnectionError):
            continue
    return fetch_from_hub(corpus, repositories[-1], path)


def _explained(error: Exception, corpus: str, repository: str, path: str) -> OSError:
    """Say what the hub's refusal means, and the way out."""
    page = f"https://huggingface.co/datasets/{repository}"
    by_hand = f"put the file under {corpus}/{path} in a folder named in HYBRIDLIB_MIRROR"
    if isinstance(error, GatedRepoError):
        return PermissionError(
            f"{repository} is gated. Way out: accept its conditions at {page} and run "
            f"`hf auth login`, or {by_hand}"
        )
    is_silent = isinstance(error, LocalEntryNotFoundError)  # its own kind of a missing entry
    if isinstance(error, RepositoryNotFoundError | EntryNotFoundError) and not is_silent:
        return FileNotFoundError(
            f"{page} has no file {path}, or is private. Way out: see what is there, run "
            f"`hf auth login`, or {by_hand}"
        )
    return ConnectionError(
        f"{repository}: {path} is not at hand and {constants.ENDPOINT} does not give it ({error})"
        f". Way out: try again, or {by_hand}"
    )
