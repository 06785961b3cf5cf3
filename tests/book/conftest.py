"""A real browser, without a network."""

import os

import pytest

from tests.book import chromium


@pytest.fixture(scope="module")
def browser():
    if chromium.find() is None and not os.environ.get("CI"):  # in CI the tests must run
        pytest.skip(f"needs Chromium: {chromium.WAY_OUT}")
    with chromium.browser() as instance:
        yield instance


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
