"""The page of the paper's objects in the built book: its links, and that it fits a screen."""

import html
import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "_build/html/build/executed/paper_objects.html"

if not os.environ.get("CI") and not PAGE.is_file():  # in CI the tests must run
    pytest.skip("needs the built book: `make book`", allow_module_level=True)


def test_every_link_of_the_table_leads_to_its_very_place():
    table = re.search(r"<table.*?</table>", PAGE.read_text(), re.S).group()
    links = [html.unescape(link) for link in re.findall(r'<a [^>]*?href="([^"]+)"', table)]
    assert len(links) > 20
    for link in links:
        file, _, anchor = link.partition("#")
        target = PAGE.parent / file
        assert target.is_file(), link
        assert f'id="{html.escape(anchor)}"' in target.read_text(), link


def test_the_tables_need_no_sideways_scrolling(open_file):
    page = open_file(PAGE, viewport={"width": 1280, "height": 900})
    tables = page.locator(".results-table:not(.made .results-table)")
    assert tables.count() == 1
    for width in tables.evaluate_all("all => all.map(one => [one.scrollWidth, one.clientWidth])"):
        assert width[0] <= width[1]
