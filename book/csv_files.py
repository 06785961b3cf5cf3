"""Each CSV that a page holds becomes a file beside it: ``python -m book.csv_files FOLDER``."""

import base64
import re
import sys
from pathlib import Path

_HELD = re.compile(r'<a download="([\w.=@-]+\.csv)" href="data:text/csv;base64,([^"]*)"')


def write_files(folder: Path) -> None:
    """Write every CSV of a folder's HTML pages to ``csv/`` in it, and link to that."""
    (folder / "csv").mkdir(exist_ok=True)
    for page in folder.glob("*.html"):

        def write(found: re.Match[str]) -> str:
            (folder / "csv" / found[1]).write_bytes(base64.b64decode(found[2]))
            return f'<a download="{found[1]}" href="csv/{found[1]}"'

        page.write_text(_HELD.sub(write, page.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    write_files(Path(sys.argv[1]))
