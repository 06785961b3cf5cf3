"""Prints the built book as one PDF, its pages in the table of contents' order.

python -m book.pdf        after `make book`; writes build/hybridlib.pdf
"""

import sys
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import yaml
from playwright.sync_api import Browser
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, FloatObject, NameObject

from book.chromium import browser
from hybridlib.files import whole_file

HTML, CONTENTS, TARGET = Path("_build/html"), Path("build/toc.yml"), Path("build/hybridlib.pdf")
CONTENT_WIDTH = 718  # pixels of A4 between the margins, at 96 an inch
MARGINS = {"top": "14mm", "bottom": "16mm", "left": "10mm", "right": "10mm"}
# What only a screen needs: navigation, code and its bars, links to files that are in the page.
STYLE = """
.bd-header, .bd-header-article, .bd-sidebar, .bd-footer, .prev-next-footer, .header-article,
.sidebar-primary-item, .sidebar-secondary-item, #jb-print-toc, #pst-back-to-top, .skip-link,
.headerlink, .made details, .cell_input, details.hide, .above-input, .copybtn, p.csv, dialog
  { display: none !important; }
html { font-size: 13px !important; }
body, .bd-container, .bd-container__inner, .bd-main, .bd-content, .bd-article-container, .bd-article
  { display: block !important; max-width: none !important; width: auto !important;
    margin: 0 !important; padding: 0 !important; }
#jb-print-docs-body h1 { font-size: 2rem !important; text-align: left !important;
  margin: 0 0 0.8rem !important; }
.bd-content figcaption, .bd-content figcaption * { color: #444 !important; opacity: 1 !important; }
.results-table, .drawing { overflow: visible !important; }
.scrolls::before { display: none !important; }
.on-demand .interval { display: block !important; }
.results-table table, .bd-content table { break-inside: auto !important; }
thead { display: table-header-group; }
tr, img, figure { break-inside: avoid; }
h1, h2, h3, summary { break-after: avoid; }
"""
# What is folded is printed open; what is too wide for the paper is made smaller as a whole.
SCRIPT = """() => {
  document.documentElement.dataset.theme = "light";
  document.querySelectorAll("details").forEach(one => { one.open = true; });
  document.querySelectorAll(".results-table, pre, mjx-container[display=true]").forEach(one => {
    if (one.scrollWidth > one.clientWidth) one.style.zoom = one.clientWidth / one.scrollWidth;
  });
}"""


def contents(file: Path) -> list[tuple[str, str, str]]:
    """Pages of a table of contents: part, file without its ending, and title, empty if it has none.

    The root, which belongs to no part, comes first.
    """
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    pages = [("", content["root"], "")]
    for part in content["parts"]:
        pages += [(part["caption"], one["file"], one.get("title", "")) for one in part["chapters"]]
    return pages


def write_pdf(html: Path, toc: Path, target: Path) -> int:
    """Print every page of a built book into one file, with an outline, and say how many it has.

    Parameters
    ----------
    html, toc
        The built book and the table of contents that it was built from.
    target
        Takes the place of what is there when everything is printed, not before.

    Raises
    ------
    FileNotFoundError
        If the book, a page of it, or Chromium is missing.
    """
    way_out = "Way out: `make book` builds the book"
    if not toc.is_file() or not html.is_dir():
        raise FileNotFoundError(f"there is no built book in {html}. {way_out}")
    pages = contents(toc)
    for _, name, _ in pages:
        if not (html / f"{name}.html").is_file():
            raise FileNotFoundError(f"{html} has no page {name}. {way_out}")
    writer, starts = PdfWriter(), {}
    parts: dict[str, Any] = {}
    with browser() as chromium:
        for part, name, title in pages:
            file = (html / f"{name}.html").resolve()
            heading, printed = _print(chromium, file)
            first = starts[file.as_uri()] = len(writer.pages)
            reader = PdfReader(BytesIO(printed))
            writer.append(reader, import_outline=False)
            _keep_links_within(writer, first, reader)
            if part and part not in parts:
                parts[part] = writer.add_outline_item(title=part, page_number=first)
            writer.add_outline_item(
                title=title or heading, page_number=first, parent=parts.get(part)
            )
    _keep_links_between(writer, starts)
    with whole_file(target) as sink:
        writer.write(sink)
    return len(writer.pages)


def _print(chromium: Browser, file: Path) -> tuple[str, bytes]:
    """Heading of a page, and the page printed."""
    context = chromium.new_context(
        offline=True, color_scheme="light", viewport={"width": CONTENT_WIDTH, "height": 1000}
    )
    page = context.new_page()
    page.goto(file.as_uri(), wait_until="load")
    page.evaluate("() => window.MathJax?.startup?.promise")
    page.emulate_media(media="print")
    page.add_style_tag(content=STYLE)
    page.evaluate(SCRIPT)
    heading = page.locator("h1").first.evaluate("one => one.firstChild.textContent.trim()")
    printed = page.pdf(format="A4", margin=MARGINS, print_background=True)
    context.close()
    return heading, printed


def _keep_links_within(writer: PdfWriter, first: int, reader: PdfReader) -> None:
    """Give links within a page of the book a place of their own: several pages have equal names.

    Parameters
    ----------
    writer, first
        The book so far, and where in it the page begins.
    reader
        The page alone.
    """
    for page in writer.pages[first:]:
        for reference in page.get("/Annots", ArrayObject()):
            link = reference.get_object()
            target = reader.named_destinations.get(str(link.get("/Dest")))
            if target is not None:
                number = reader.get_destination_page_number(target)
                start = writer.pages[first + number].indirect_reference
                place = [start, NameObject("/FitH"), FloatObject(target.top or 0)]
                link[NameObject("/Dest")] = ArrayObject(place)


def _keep_links_between(writer: PdfWriter, starts: Mapping[str, int]) -> None:
    """Make links between pages of the book lead to their start; drop links to other local files.

    Parameters
    ----------
    writer
        The whole book.
    starts
        Where the page of each address begins.
    """
    for page in writer.pages:
        kept = ArrayObject()
        for reference in page.get("/Annots", ArrayObject()):
            link = reference.get_object()
            address = str(link.get("/A", {}).get("/URI", ""))
            first = starts.get(address.partition("#")[0])
            if first is not None:
                del link["/A"]
                place = [writer.pages[first].indirect_reference, NameObject("/Fit")]
                link[NameObject("/Dest")] = ArrayObject(place)
            if first is not None or not address.startswith("file:"):
                kept.append(reference)
        page[NameObject("/Annots")] = kept


def main() -> None:
    """Print the book, or say in one sentence why not."""
    try:
        count = write_pdf(HTML, CONTENTS, TARGET)
    except OSError as error:
        sys.exit(str(error))
    print(f"The book is printed: {TARGET}, {count} pages")


if __name__ == "__main__":
    main()
