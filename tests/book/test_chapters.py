"""The one table of chapters."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from book import chapters as table
from book.chapters import QUICK, Chapter, chapters, table_of_contents

ROOT = Path(__file__).parents[2]


def test_the_table_of_contents_is_the_table_of_chapters():
    written = yaml.safe_load((ROOT / "_toc.yml").read_text())
    assert written == yaml.safe_load(table_of_contents(chapters())), (
        "write _toc.yml anew with `python -m book.chapters`"
    )


def test_every_page_has_a_place_and_a_title_of_its_own():
    listed = chapters()
    assert len({chapter.page for chapter in listed}) == len(listed)
    titles = [chapter.title for chapter in listed if chapter.title]
    assert len(set(titles)) == len(titles)


def test_a_page_that_prose_links_to_is_shown_from_results_that_git_keeps():
    """A folder of results that git ignores is there for its author alone: the build breaks."""
    by_file = {chapter.file: chapter for chapter in chapters()}
    prose = "".join(file.read_text() for file in (ROOT / "book").glob("*.md"))
    linked = set(re.findall(r"build/executed/[\w/-]+", prose))
    assert all(by_file[file].is_present(ROOT / "results") for file in linked)
    shown = {folder for file in linked for folder in by_file[file].shows}
    paths = [f"results/{folder}/run/run.json" for folder in shown if not folder.startswith(QUICK)]
    assert paths
    command = ["git", "check-ignore", "--no-index", *paths]
    ignored = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if ignored.returncode == 128:
        pytest.skip("needs a git checkout")
    assert not ignored.stdout, "prose links to pages of results that .gitignore keeps out"


def test_a_misspelt_notebook_is_an_error(monkeypatch):
    def misspelt(profile):
        yield Chapter("part", "page", "Title", "main_reslts")

    monkeypatch.setattr(table, "_of_profile", misspelt)
    with pytest.raises(FileNotFoundError, match=r"'page' needs notebooks/main_reslts\.py"):
        chapters()


def test_a_chapter_is_left_out_where_one_of_its_results_is_missing(tmp_path):
    chapter = Chapter("part", "page", shows=("a/xquad-r", "a/mlqa-r"))
    for folder in chapter.shows:
        assert not chapter.is_present(tmp_path)
        (tmp_path / folder / "run").mkdir(parents=True)
        (tmp_path / folder / "run" / "run.json").touch()
    assert chapter.is_present(tmp_path)


def test_a_chapter_is_left_out_until_each_sampler_that_it_compares_has_a_run(tmp_path):
    chapter = Chapter("part", "page", shows=("a/xquad-r",), samplers=("x-x", "hybrid"))
    for name in ("x-x-seed0", "hybrid-by-example-0.5-seed0", "hybrid-0.5-seed0"):
        assert not chapter.is_present(tmp_path)
        (tmp_path / "a/xquad-r" / name).mkdir(parents=True)
        (tmp_path / "a/xquad-r" / name / "run.json").touch()
    assert chapter.is_present(tmp_path)
