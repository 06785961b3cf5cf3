import re

import jupytext
import pytest

from book.pages import answer
from book.shared import stored_runs
from tests.processes import ROOT

PAGES = [
    str(file.relative_to(ROOT))
    for folder, kind in (("book", "md"), ("notebooks", "py"))
    for file in sorted((ROOT / folder).glob(f"*.{kind}"))
]


def test_the_readmes_answer_table_and_picture_are_what_the_store_says():
    rows = (ROOT / "README.md").read_text().splitlines()
    found = answer.differences(stored_runs.places("e5", "mlqa-r,xquad-r"))
    table = answer.in_glyphs(found)
    for cells in (list(table), *table.to_numpy().tolist()):
        assert f"| {' | '.join(cells)} |" in rows
    landing = jupytext.read(ROOT / "notebooks" / "answer.py").cells[0].source
    assert landing.rpartition("\n\n")[2] in "\n".join(rows)
    drawn = (ROOT / answer.PICTURE).read_text(encoding="utf-8")
    assert drawn == answer.picture(found), "draw it anew with `python -m book.pages.answer`"


def test_the_readmes_paths_exist():
    readme = (ROOT / "README.md").read_text()
    paths = re.findall(r"`((?:book|study|hybridlib|profiles)/[\w/.-]+\.\w+)`", readme)
    assert paths
    for path in paths:
        assert (ROOT / path).exists(), path


def test_the_readme_is_short():
    readme = re.sub(r"```.*?```", "", (ROOT / "README.md").read_text(), flags=re.DOTALL)
    prose = [line for line in readme.splitlines() if not line.startswith("|")]
    assert len(" ".join(prose).split()) <= 900


@pytest.mark.parametrize("file", ["README.md", "CHANGELOG.md", *PAGES])
def test_a_sentence_of_prose_has_at_most_25_words(file):
    text = (ROOT / file).read_text()
    if file.startswith("notebooks"):
        text = "\n".join(re.findall(r"^#(?: (?!%%|---| {2}).*)?$", text, re.MULTILINE))
        text = re.sub(r"^# ?", "", text, flags=re.MULTILINE)
    text = re.sub(r"```.*?```|\$\$.*?\$\$|::+\{.*", "", text, flags=re.DOTALL)
    text = re.sub(r"^\|.*|^#+ .*|^:.*", "", text, flags=re.MULTILINE)
    for sentence in re.split(r"(?<=[.?!])[*)]*\s+(?=[A-Z*`{(])|\n\n|^- ", text, flags=re.MULTILINE):
        assert len(sentence.split()) <= 25, sentence


@pytest.mark.parametrize("file", PAGES)
def test_a_page_opens_with_at_most_60_words(file):
    text = (ROOT / file).read_text()
    if file.startswith("notebooks"):
        text = jupytext.reads(text, fmt="py").cells[0].source
    _, _, rest = text.partition("\n")
    assert len(re.split(r"^#|^```", rest, flags=re.MULTILINE)[0].split()) <= 60
