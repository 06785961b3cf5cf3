"""A page's title in place of its notebook's: ``python -m book.titles PAGE TITLE``."""

import sys
from pathlib import Path

import nbformat


def entitle(page: Path, title: str) -> None:
    """Put a title in place of an executed notebook's own, its first line.

    Raises
    ------
    ValueError
        If the notebook does not begin with a title.
    """
    notebook = nbformat.read(page, as_version=4)
    first, _, rest = notebook.cells[0].source.partition("\n")
    if not first.startswith("# "):
        raise ValueError(f"{page} begins with {first[:40]!r} and not with a title, as in '# Title'")
    notebook.cells[0].source = f"# {title}\n{rest}"
    nbformat.write(notebook, page)


if __name__ == "__main__":
    entitle(Path(sys.argv[1]), sys.argv[2])
