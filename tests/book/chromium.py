"""The system's Chromium, which prints and tests the book without a network."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
WAY_OUT = "`apt-get install chromium`, or put Google Chrome on the PATH as google-chrome"


def find() -> str | None:
    """Path of the first of ``NAMES`` that there is."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def browser() -> Iterator[Browser]:
    """Start it; at the end it is closed.

    Raises
    ------
    FileNotFoundError
        If there is none.
    """
    path = find()
    if path is None:
        raise FileNotFoundError(f"needs Chromium: {WAY_OUT}")
    flags = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        instance = playwright.chromium.launch(executable_path=path, args=flags)
        yield instance
        instance.close()
