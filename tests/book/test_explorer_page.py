"""The explorer in a real browser, by keyboard and by mouse, without a network."""

import os

import pytest

from book.shared.stored_runs import by_label, runs
from study.store.runs import Store
from tests.processes import ROOT

PAGE = ROOT / "_build/html/build/executed/explorer.html"

if not os.environ.get("CI") and not PAGE.is_file():  # in CI the tests must run
    pytest.skip("needs the built book: `make book`", allow_module_level=True)


@pytest.fixture
def page(open_file):
    return open_file(PAGE, viewport={"width": 1280, "height": 900})


def stored(sampler, query, candidate, benchmark="mlqa-r"):
    """Mean over seeds of a stored score of the first start."""
    group = by_label(runs(Store(ROOT / "results"), "e5", benchmark))[sampler]
    keys = ["setting", "metric", "query_language", "candidate_language"]
    setting = "monolingual" if query == candidate else "cross-lingual"
    values = [
        run.scores.set_index(keys)["value"][setting, "mAP", query, candidate] for run in group
    ]
    return sum(values) / len(values)


def cell(page, row, column):
    return page.locator("#language-pairs .scroll tr").nth(row + 1).locator("button").nth(column)


def test_the_matrix_shows_stored_differences_and_a_cell_what_lies_behind_it(page):
    languages = page.locator("#language-pairs .scroll tr").first.locator("th").all_inner_texts()[1:]
    query, candidate = languages[2], languages[3]
    first, second = "Hybrid, α = 0.5", "X-X"
    values = [stored(name, query, candidate) for name in (first, second)]
    assert cell(page, 2, 3).inner_text() == f"{values[0] - values[1]:+.2f}"
    cell(page, 2, 3).press("Enter")
    said = page.locator("#language-pairs p").inner_text()
    assert f"{first} {values[0]:.3f}; {second} {values[1]:.3f}" in said
    for column in (1, 2):
        shares = page.locator(f".spread td:nth-child({column + 1})").all_inner_texts()
        assert sum(float(share.split()[0]) for share in shares) == pytest.approx(100, abs=0.5)
    page.locator("#language-pairs select[name=second]").select_option("")
    assert cell(page, 2, 3).inner_text() == f"{values[0]:.2f}"
    assert page.errors == [] and page.outside == []


def test_another_place_brings_its_languages_and_a_sampler_is_not_put_against_itself(page):
    size = page.locator("#language-pairs .scroll tr").count()
    page.locator("#language-pairs select[name=place]").focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(200)
    assert page.locator("#language-pairs .scroll tr").count() != size
    page.locator("#language-pairs select[name=first]").select_option("X-X")
    options = page.locator("#language-pairs select[name=second] option").all_inner_texts()
    assert "X-X" not in options and "X-Y" in options
    assert page.errors == []
