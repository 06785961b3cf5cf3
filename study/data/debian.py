"""Debian's packages and its indices of translations, fetched with its own tools, without root."""

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote

from filelock import FileLock
from tqdm import tqdm

# Two tries of 20 seconds, so that a machine without network learns of it soon
_APT_GET = ["apt-get", "-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=20"]


def unpack(packages: Sequence[str], folder: Path, way_out: str) -> list[Path]:
    """Return the folder of each unpacked package; those that ``folder`` lacks are downloaded.

    A package's folder, ``NAME_VERSION_ARCHITECTURE``, is there once it is complete, whenever the
    process may be killed. ``way_out`` says what to do where ``apt-get`` or ``dpkg-deb`` is missing,
    or does not give a package.
    """
    missing = [package for package in packages if _unpacked(package, folder) is None]
    for tool in ("apt-get", "dpkg-deb") if missing else ():
        _check_tool(tool, ", ".join(missing), way_out)
    for package in tqdm(missing, desc="Debian packages", unit="package", disable=not missing):
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "lock"):
            if _unpacked(package, folder) is None:
                _download_and_unpack(package, folder, way_out)
    return [found for package in packages if (found := _unpacked(package, folder)) is not None]


def versions(packages: Sequence[str], folder: Path) -> dict[str, str]:
    """Return the version of each package that is unpacked in ``folder``."""
    found = {package: _unpacked(package, folder) for package in packages}
    return {name: unquote(path.name.split("_")[1]) for name, path in found.items() if path}


def fetch_translation_indices(languages: Sequence[str], folder: Path, way_out: str) -> Path:
    """Return the folder of the indices; where it is missing, apt fetches them from its mirrors.

    apt checks them against the archive's signature. Its own lists stay as they are. The folder is
    there once it is complete, and is then kept: delete it to get newer indices. ``languages`` are
    as Debian writes them, ``pt_BR``, with ``en`` among them; one that the archive lacks is left
    out. ``way_out`` says what to do where ``apt-get`` is missing or gives no English.
    """
    if folder.is_dir():
        return folder
    _check_tool("apt-get", "the indices of package descriptions", way_out)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_name("lock")):
        if folder.is_dir():  # another process was first
            return folder
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix="partial-") as partial:
            lists = Path(partial) / "lists"
            (lists / "partial").mkdir(parents=True)
            settings = {
                "Dir::State::Lists": lists,
                "Dir::Cache": Path(partial) / "cache",
                "Acquire::Languages": ",".join(languages),
                "Acquire::IndexTargets::deb::Packages::DefaultEnabled": "false",
                # as root apt would read and write as another user, who may not enter the cache
                "APT::Sandbox::User": "root",
            }
            options = [part for name in settings for part in ("-o", f"{name}={settings[name]}")]
            outcome = _run([*_APT_GET, "update", *options], Path(partial))
            if outcome.returncode or not list(lists.glob("*Translation-en*")):
                raise ConnectionError(
                    f"apt-get update gave no English descriptions: {_last_error(outcome.stderr)}. "
                    f"Way out: mend apt's sources and network; or {way_out}"
                )
            shutil.rmtree(lists / "partial")
            return lists.rename(folder)


def _unpacked(package: str, folder: Path) -> Path | None:
    return max(folder.glob(f"{package}_*"), default=None)


def _check_tool(tool: str, wanted: str, way_out: str) -> None:
    if shutil.which(tool) is None:
        raise FileNotFoundError(
            f"{tool} is not here, so {wanted} cannot be fetched. Way out: {way_out}"
        )


def _download_and_unpack(package: str, folder: Path, way_out: str) -> None:
    with tempfile.TemporaryDirectory(dir=folder, prefix="partial-") as name:
        partial = Path(name)
        outcome = _run([*_APT_GET, "download", package], partial)
        archive = next(partial.glob("*.deb"), None)
        if outcome.returncode or archive is None:
            raise ConnectionError(
                f"apt-get download {package} failed: {_last_error(outcome.stderr)}. Way out: "
                f"sudo apt-get update, if apt's package lists are missing or old; or {way_out}"
            )
        outcome = _run(["dpkg-deb", "-x", archive.name, "unpacked"], partial)
        if outcome.returncode:
            raise ValueError(
                f"{archive.name} is damaged: {_last_error(outcome.stderr)}. Way out: call again, "
                f"it will be downloaded anew; or {way_out}"
            )
        (partial / "unpacked").rename(folder / archive.stem)


def _run(command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def _last_error(stderr: str) -> str:
    """Last line of a tool's messages that is no warning."""
    lines = [line for line in stderr.splitlines() if not line.startswith("W:")]
    return lines[-1].strip() if lines else "no message"
