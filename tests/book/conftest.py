"""A real browser, without a network."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None and not os.environ.get("CI"):  # in CI the tests must run
        way_out = "`apt-get install chromium`, or put Google Chrome on the PATH as google-chrome"
        pytest.skip(f"needs Chromium: {way_out}")
    assert CHROMIUM, f"none of {NAMES} is on the PATH"
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
        instance = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield instance
        instance.close()


@pytest.fixture
def open_file(browser):
    """Open a page; remembers requests that leave the machine and script errors."""
    contexts = []

    def opened(file, **options):
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.outside, page.errors = [], []
        page.on("request", lambda r: r.url.startswith("http") and page.outside.append(r.url))
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.goto(file.as_uri(), wait_until="load")
        return page

    yield opened
    for context in contexts:
        context.close()
