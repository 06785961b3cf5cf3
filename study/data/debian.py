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
    missing = [package for package in packages if not _unpacked(package, folder)]
    for tool in ("apt-get", "dpkg-deb") if missing else ():
        _check_tool(tool, ", ".join(missing), way_out)
    for package in tqdm(missing, desc="Debian packages", unit="package", disable=not missing):
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "lock"):
            if not _unpacked(package, folder):
                _download_and_unpack(package, folder, way_out)
    return [path for package in packages for path in _unpacked(package, folder)]


def versions(packages: Sequence[str], folder: Path) -> dict[str, str]:
    """Return the version of each package that is unpacked in ``folder``."""
    paths = [(package, path) for package in packages for path in _unpacked(package, folder)]
    return {package: unquote(path.name.split("_")[1]) for package, path in paths}


def fetch_translation_indices(languages: Sequence[str], folder: Path, way_out: str) -> Path:
    """Return the folder of the indices; where it is missing, apt fetches them from its mirrors.

    apt checks them against the archive's signature. Its own lists stay as they are. The folder is
    there once it is complete, and is then kept: delete it to get newer indices. ``languages`` are
    as Debian writes them, ``pt_BR``, with ``en`` among them; one that the archive lacks is left
    out. ``way_out`` says what to do where ``apt-get`` is missing or gives no English.
    """
    if folder.is_dir():  # perhaps where nothing can be written
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_name("lock")):
        if folder.is_dir():
            return folder
        _check_tool("apt-get", "the indices of package descriptions", way_out)
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
            _run(
                [*_APT_GET, "update", *options], Path(partial), "lists/*Translation-en*",
                "apt-get update gave no English descriptions",
                f"mend apt's sources and network; or {way_out}",
            )  # fmt: skip
            shutil.rmtree(lists / "partial")
            return lists.rename(folder)


def _unpacked(package: str, folder: Path) -> list[Path]:
    """The newest folder of a package, if there is one."""
    return sorted(folder.glob(f"{package}_*"))[-1:]


def _check_tool(tool: str, wanted: str, way_out: str) -> None:
    if shutil.which(tool) is None:
        raise FileNotFoundError(
            f"{tool} is not here, so {wanted} cannot be fetched. Way out: {way_out}"
        )


def _download_and_unpack(package: str, folder: Path, way_out: str) -> None:
    with tempfile.TemporaryDirectory(dir=folder, prefix="partial-") as name:
        archive = _run(
            [*_APT_GET, "download", package], Path(name), "*.deb",
            f"apt-get download {package} failed",
            f"sudo apt-get update, if apt's package lists are missing or old; or {way_out}",
        )  # fmt: skip
        unpacked = _run(
            ["dpkg-deb", "-x", archive.name, "unpacked"], Path(name), "unpacked",
            f"{archive.name} is damaged", f"call again, it will be downloaded anew; or {way_out}",
        )  # fmt: skip
        unpacked.rename(folder / archive.stem)


def _run(command: Sequence[str], folder: Path, pattern: str, failure: str, way_out: str) -> Path:
    """Run a tool in a folder; return the file that it leaves there, or tell the failure."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    found = next(folder.glob(pattern), None)
    if done.returncode or found is None:
        errors = [line for line in done.stderr.splitlines() if not line.startswith("W:")]
        reason = errors[-1].strip() if errors else "no message"
        raise ConnectionError(f"{failure}: {reason}. Way out: {way_out}")
    return found
