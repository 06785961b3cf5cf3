"""The explorer in a real browser, by keyboard and by mouse, without a network."""

import os
from pathlib import Path

import pytest

from book.pages import explorer
from book.shared import stored_runs
from study.store.runs import Store

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "_build/html/build/executed/explorer.html"
MEGABYTES = 3

if not os.environ.get("CI") and not PAGE.is_file():  # in CI the tests must run
    pytest.skip("needs the built book: `make book`", allow_module_level=True)


@pytest.fixture(scope="module")
def scores():
    """Stored scores of the first start and benchmark by label: the mean over seeds of each cell."""
    runs = stored_runs.runs(Store(ROOT / "results"), "raw", "xquad-r")
    keys = ["setting", "metric", "query_language", "candidate_language"]
    return {
        label: sum(run.scores.set_index(keys)["value"] for run in group) / len(group)
        for label, group in stored_runs.by_label(runs).items()
    }


@pytest.fixture
def page(open_file):
    opened = open_file(PAGE, viewport={"width": 1280, "height": 900})
    opened.wait_for_selector("#explorer-answers-view svg")
    return opened


def chosen(page):
    return {name: page.locator(f"#explorer-{name}").input_value() for name in explorer.CHOICES}


def press(page, name, key):
    """Choose by keyboard, as a reader without a mouse does."""
    before = chosen(page)[name]
    page.locator(f"#explorer-{name}").focus()
    page.keyboard.press(key)
    page.wait_for_timeout(300)
    assert chosen(page)[name] != before


def stored(page, scores, sampler):
    now = chosen(page)
    setting = "monolingual" if now["query"] == now["candidate"] else "cross-lingual"
    measure = explorer.MEASURES[int(now["measure"])]
    return scores[now[sampler]][setting, measure, now["query"], now["candidate"]]


def assert_shows_what_is_stored(page, scores):
    first, second = (stored(page, scores, sampler) for sampler in ("first", "second"))
    now, said = chosen(page), page.locator("#explorer-said").inner_text()
    assert f"{first:.3f} with {now['first']}; {second:.3f} with {now['second']}" in said
    assert explorer.MEASURES[int(now["measure"])] in said
    tile = f"candidates in: {now['candidate']}; queries in: {now['query']}; "
    for place, value in {"first": first, "second": second, "difference": first - second}.items():
        sign = "−" if value < 0 else "+" if place == "difference" else ""
        wanted = f'[aria-label^="{tile}"][aria-label$=": {sign}{abs(value):.3f}"]'
        page.wait_for_selector(f"#explorer-{place}-view path{wanted}", state="attached")
    legend = page.locator("#explorer-histogram-view svg").text_content()
    assert now["first"] in legend and now["second"] in legend


def test_what_is_chosen_with_the_keyboard_is_shown_as_it_is_stored(page, scores):
    assert_shows_what_is_stored(page, scores)
    for name, key in (
        ("candidate", "ArrowUp"), ("query", "ArrowDown"), ("measure", "ArrowDown"),
        ("first", "ArrowDown"), ("second", "End"), ("measure", "ArrowDown"),
    ):  # fmt: skip
        press(page, name, key)
        assert_shows_what_is_stored(page, scores)
    press(page, "first", "Home")
    press(page, "second", "Home")  # two samplers of one name cannot be chosen
    assert chosen(page)["first"] != chosen(page)["second"]
    assert page.outside == []
    assert page.errors == []


def test_a_click_on_a_cell_chooses_its_languages(page, scores):
    tile = page.locator(
        '#explorer-second-view path[aria-label^="candidates in: en; queries in: th"]'
    )
    tile.click(force=True)  # its number lies upon it and takes the click
    page.wait_for_timeout(300)
    assert (chosen(page)["query"], chosen(page)["candidate"]) == ("th", "en")
    assert_shows_what_is_stored(page, scores)
    assert page.errors == []


def test_a_question_is_shown_with_the_stored_ranks_of_every_seed(page):
    press(page, "question", "End")
    now = chosen(page)
    runs = stored_runs.by_label(stored_runs.runs(Store(ROOT / "results"), "raw", "xquad-r"))
    marks = page.locator('#explorer-answers-view path[aria-roledescription="point"]')
    labels = marks.evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
    expected = set()
    for sampler in (now["first"], now["second"]):
        for seed, run in enumerate(runs[sampler]):
            is_asked = run.ranks["question"] == now["question"]
            for row in run.ranks[
                is_asked & (run.ranks["query_language"] == now["query"])
            ].itertuples():
                expected.add((sampler, row.candidate_language, f"{row.rank_in_pool:,}", str(seed)))
    found = set()
    for label in labels:
        parts = dict(part.split(": ", 1) for part in label.split("; "))
        found.add((parts["sampler"], parts["answer in"], parts["rank"], parts["seed"]))
    assert found == expected


def test_another_benchmark_brings_its_languages_and_questions(page):
    languages = page.locator("#explorer-query option").count()
    press(page, "benchmark", "ArrowDown")
    assert page.locator("#explorer-query option").count() < languages
    assert page.locator('#explorer-first-view path[aria-label^="candidates in: "]').count() == (
        page.locator("#explorer-query option").count() ** 2
    )
    assert page.locator('#explorer-answers-view path[aria-roledescription="point"]').count() > 0
    assert page.errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_and_its_text_has_the_colour_of_the_page(open_file, scheme, width):
    viewport = {"width": width, "height": 900}
    page = open_file(PAGE, viewport=viewport, color_scheme=scheme)
    page.wait_for_selector("#explorer-answers-view svg")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    right = "one => one.getBoundingClientRect().right"
    assert all(edge <= width for edge in page.locator(".explorer svg").evaluate_all(
        f"all => all.map({right})"
    ))  # fmt: skip
    ink = page.locator("#explorer-histogram-view text").first.evaluate(
        "e => getComputedStyle(e).fill"
    )
    assert ink == page.locator("article p").first.evaluate("e => getComputedStyle(e).color")


def test_without_scripts_pictures_of_the_first_view_stand_there(open_file):
    page = open_file(PAGE, java_script_enabled=False)
    pictures = page.locator("noscript img")
    assert pictures.count() == 5
    for picture in pictures.all():
        assert picture.get_attribute("alt")
        assert picture.bounding_box()["height"] > 100
    assert not page.locator("#explorer-benchmark").is_visible()


def test_the_page_is_small_enough_to_send():
    assert PAGE.stat().st_size <= MEGABYTES * 1e6
