"""What a page takes from the store, and how tabs show it."""

import re

import pytest

from book.shared import html, samplers, stored_runs
from book.shared.stored_runs import Place
from study.store.runs import Store
from tests.book.pages import planted

WHOLE = Place("e5-second", "xquad-r", Store())


def test_the_runs_come_in_the_order_of_the_tables(tmp_path):
    names = ("x-y-seed0", "hybrid-0.5-seed0", "untrained", "x-x-seed0", "mine")
    there = planted.place(tmp_path, {name: planted.run() for name in names})
    (there.store.folder("e5", "xquad-r") / ".x-x-half-written").mkdir()
    assert list(there.runs) == ["untrained", "x-x-seed0", "x-y-seed0", "hybrid-0.5-seed0", "mine"]
    with pytest.raises(FileNotFoundError, match="holds no run; `make book` computes"):
        stored_runs.runs(there.store, "e5", "absent")


def test_a_tab_of_a_place_without_runs_says_how_to_get_them(tmp_path):
    there = planted.place(tmp_path, {"x-x-seed0": planted.run()})
    nothing = Place("raw", "xquad-r", there.store)
    shown = stored_runs.tabbed(lambda place: html.paragraph(place.name), [there, nothing]).data
    first, second = re.findall(r'<div class="sd-tab-content docutils">(.*?)</div>', shown)
    assert first == "<p>e5-xquad-r</p>"
    assert "Missing: 21 of 21 planned runs, untrained first." in second
    assert "--config profile=raw" in second
    assert stored_runs.missing(WHOLE).data == ""


def test_one_place_alone_has_no_tab_and_the_sets_of_a_page_do_not_share_their_buttons():
    one = {("a", "A"): html.paragraph("x")}
    assert html.tab_set(one).data == "<p>x</p>"
    two = one | {("b", "B"): html.paragraph("y")}
    sets = [html.tab_set(two).data, html.tab_set(two).data]
    names = [set(re.findall(r'name="([^"]+)"', shown)) for shown in sets]
    assert len(names[0]) == len(names[1]) == 1 and names[0] != names[1]
    identities = [re.findall(r' id="([^"]+)"', shown) for shown in sets]
    assert not set(identities[0]) & set(identities[1])
    assert [shown.count("checked") for shown in sets] == [1, 1]


def test_provenance_has_a_row_a_run_of_every_place_that_has_runs(tmp_path):
    nothing = Place("e5", "xquad-r", Store(tmp_path))
    table = stored_runs.provenance([nothing, WHOLE])
    assert table["run"].tolist() == [f"e5-second/xquad-r/{name}" for name in WHOLE.runs]
    assert table["commit"].str.len().gt(6).all()


def test_two_arms_of_one_sampler_are_two_groups_with_names_and_colours_of_their_own(tmp_path):
    names = ("hybrid-by-example-0.5-seed0", "hybrid-by-example-1-seed0", "hybrid-0.3-seed0")
    there = planted.place(tmp_path, {name: planted.run() for name in names}, benchmark="mlqa-r")
    known = list(there.scores)
    assert [samplers.short(one) for one in known] == [
        "Hybrid, α = 0.3", "Hybrid by example", "Hybrid by example, α = 1",
    ]  # fmt: skip
    assert all(map(samplers.is_trained, known))
    assert len(set(map(samplers.color, known))) == 3
    chosen = samplers.by_first_alpha(there.runs)
    assert list(chosen.values()) == ["hybrid", "hybrid-by-example"]
    assert names[1] not in chosen
