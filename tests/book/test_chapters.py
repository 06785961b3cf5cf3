"""The one table of chapters."""

import yaml

from book.chapters import CHAPTERS, table_of_contents
from tests.processes import ROOT


def test_the_table_of_contents_is_the_table_of_chapters():
    written = yaml.safe_load((ROOT / "_toc.yml").read_text())
    assert written == yaml.safe_load(table_of_contents()), (
        "write _toc.yml anew with `python -m book.chapters`"
    )


def test_every_page_has_a_source_and_a_name_of_its_own():
    for chapter in CHAPTERS:
        assert chapter.is_notebook or (ROOT / f"{chapter.file}.md").is_file(), chapter.name
    assert len({chapter.name for chapter in CHAPTERS}) == len(CHAPTERS)
