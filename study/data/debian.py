"""Debian packages, downloaded and unpacked without root and without installing them."""

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote

from tqdm import tqdm

# Two tries of 20 seconds, so that a machine without network learns of it soon
APT_GET = ["apt-get", "-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=20"]


def unpack(packages: Sequence[str], folder: Path, way_out: str) -> list[Path]:
    """Return the folder of each unpacked package; those that ``folder`` lacks are downloaded.

    A package's folder appears under its final name, ``NAME_VERSION_ARCHITECTURE``, once it is
    complete, whenever the process may be killed.

    Parameters
    ----------
    packages
        Names of packages.
    folder
        Where the folders of packages are kept.
    way_out
        What to do on a machine where this is impossible, for the error's text.

    Raises
    ------
    FileNotFoundError
        If ``apt-get`` or ``dpkg-deb`` is missing.
    ConnectionError
        If ``apt-get`` does not give a package.
    ValueError
        If a package is damaged.
    """
    missing = [package for package in packages if _unpacked(package, folder) is None]
    for tool in ("apt-get", "dpkg-deb") if missing else ():
        if shutil.which(tool) is None:
            raise FileNotFoundError(
                f"{tool} is not here, so {', '.join(missing)} cannot be fetched. Way out: {way_out}"
            )
    for package in tqdm(missing, desc="Debian packages", unit="package", disable=not missing):
        _download_and_unpack(package, folder, way_out)
    return [found for package in packages if (found := _unpacked(package, folder)) is not None]


def versions(packages: Sequence[str], folder: Path) -> dict[str, str]:
    """Return the version of each package that is unpacked in ``folder``."""
    found = {package: _unpacked(package, folder) for package in packages}
    return {name: unquote(path.name.split("_")[1]) for name, path in found.items() if path}


def _unpacked(package: str, folder: Path) -> Path | None:
    return max(folder.glob(f"{package}_*"), default=None)


def _download_and_unpack(package: str, folder: Path, way_out: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix="partial-") as partial:
        command = [*APT_GET, "download", package]
        outcome = subprocess.run(command, cwd=partial, capture_output=True, text=True, check=False)
        archive = next(Path(partial).glob("*.deb"), None)
        if outcome.returncode or archive is None:
            raise ConnectionError(
                f"apt-get download {package} failed: {last_error(outcome.stderr)}. Way out: "
                f"sudo apt-get update, if apt's package lists are missing or old; or {way_out}"
            )
        command = ["dpkg-deb", "-x", archive.name, "unpacked"]
        outcome = subprocess.run(command, cwd=partial, capture_output=True, text=True, check=False)
        if outcome.returncode:
            raise ValueError(
                f"{archive.name} is damaged: {last_error(outcome.stderr)}. Way out: call again, "
                f"it will be downloaded anew; or {way_out}"
            )
        target = folder / archive.stem
        try:
            (Path(partial) / "unpacked").rename(target)
        except OSError:
            if not target.is_dir():  # else another process was first
                raise


def last_error(stderr: str) -> str:
    """Last line of a tool's messages that is no warning."""
    lines = [line for line in stderr.splitlines() if not line.startswith("W:")]
    return lines[-1].strip() if lines else "no message"
