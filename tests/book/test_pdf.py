"""The printed book."""

import os
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from pypdf import PdfReader

from book import chromium, pdf

needs_chromium = pytest.mark.skipif(
    chromium.find() is None and not os.environ.get("CI"),
    reason=f"needs Chromium: {chromium.WAY_OUT}",
)
CONTENTS = """
format: jb-book
root: book/index
parts:
- caption: First
  chapters:
  - {file: build/second, title: The second}
  - {file: build/third}
"""
PAGES = {
    "book/index": '<p><a href="../build/second.html#far">on</a> <a href="#low">down</a>'
    '<p style="height: 1200px"></p><p id="low">low</p>',
    "build/second": "<details><summary>more</summary><p>folded</p></details>"
    '<div class="results-table"><table><tr><td style="min-width: 1400px"></td><td>end</td></tr>'
    '</table></div><p class="csv">CSV</p><div class="bd-sidebar">aside</div>'
    '<a href="#low">up</a><p id="low">mine</p>',
    "build/third": '<a href="../away.html">away</a> <a href="https://arxiv.org/">out</a>',
}


@pytest.fixture
def site(tmp_path):
    """A built book of three pages, and its table of contents."""
    for name, body in PAGES.items():
        file = tmp_path / "html" / f"{name}.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        heading = f'<h1>{name}<a class="headerlink" href="#">#</a></h1>'
        file.write_text(f"<!doctype html><meta charset=utf-8>{heading}{body}")
    (tmp_path / "toc.yml").write_text(CONTENTS)
    return tmp_path


@needs_chromium
def test_the_pdf_has_the_pages_in_order_an_outline_and_links_that_stay_inside(site):
    target = site / "book.pdf"
    count = pdf.write_pdf(site / "html", site / "toc.yml", target)
    reader = PdfReader(target)
    index, low, second, third = reader.pages
    assert count == len(reader.pages)
    root, part, chapters = reader.outline
    assert (root.title, part.title) == ("book/index", "First")
    assert [one.title for one in chapters] == ["The second", "build/third"]
    starts = [reader.get_destination_page_number(one) for one in (root, part, *chapters)]
    assert starts == [0, 2, 2, 3]

    on, down = index.annotations
    assert on.get_object()["/Dest"][0] == second.indirect_reference
    assert down.get_object()["/Dest"][0] == low.indirect_reference
    (up,) = second.annotations
    assert up.get_object()["/Dest"][0] == second.indirect_reference
    (out,) = third.annotations
    assert out.get_object()["/A"]["/URI"] == "https://arxiv.org/"
    assert str(site).encode() not in target.read_bytes()

    text = second.extract_text()
    assert "folded" in text
    assert "end" in text, "a wide table is cut off"
    assert "CSV" not in text
    assert "aside" not in text


@needs_chromium
def test_a_page_asks_no_network(site):
    asked = []

    class Server(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

    with HTTPServer(("127.0.0.1", 0), Server) as server, chromium.browser() as browser:
        Thread(target=server.serve_forever, daemon=True).start()
        page = site / "html" / "build" / "third.html"
        page.write_text(f'<h1>Third</h1><img src="http://127.0.0.1:{server.server_port}/a.png">')
        heading, printed = pdf._print(browser, page)
        server.shutdown()
    assert (heading, printed[:4]) == ("Third", b"%PDF")
    assert asked == []


def test_without_a_book_one_sentence_says_so_and_nothing_is_written(site, capsys, monkeypatch):
    for name, value in {"HTML": "none", "CONTENTS": "toc.yml", "TARGET": "book.pdf"}.items():
        monkeypatch.setattr(pdf, name, site / value)
    with pytest.raises(SystemExit) as stopped:
        pdf.main()
    assert str(stopped.value).startswith("there is no built book in")
    assert str(stopped.value).endswith("`make book` builds the book")
    (site / "html/build/third.html").unlink()
    with pytest.raises(FileNotFoundError, match="has no page build/third"):
        pdf.write_pdf(site / "html", site / "toc.yml", site / "book.pdf")
    assert not (site / "book.pdf").exists()


def test_without_chromium_one_sentence_says_so_and_the_old_file_stays(site, monkeypatch):
    monkeypatch.setattr(chromium, "find", lambda: None)
    (site / "book.pdf").write_text("old")
    with pytest.raises(FileNotFoundError, match="needs Chromium: `apt-get install chromium`"):
        pdf.write_pdf(site / "html", site / "toc.yml", site / "book.pdf")
    assert (site / "book.pdf").read_text() == "old"
    assert sorted(path.name for path in site.iterdir()) == ["book.pdf", "html", "toc.yml"]
