"""The system's Chromium, without a network."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="module")
def browser():
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None and not os.environ.get("CI"):  # in CI the tests must run
        pytest.skip("needs Chromium: `apt-get install chromium`, or google-chrome on the PATH")
    with sync_playwright() as playwright:
        instance = playwright.chromium.launch(executable_path=path, args=FLAGS)
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
