"""The versions of computations mean what they say: golden outputs, and files that stay."""

import json
import shutil
from dataclasses import replace

import pytest

from hybridlib.models.encoder import DualEncoder
from hybridlib.training import trainer
from study.store.key import VERSIONS
from tests.golden import encoding, golden, training, write
from tests.golden.computations import COMPUTATIONS
from tests.golden.golden import Case

pytestmark = pytest.mark.filterwarnings("ignore:too few groups:UserWarning")


def check(computation, folder, names=None):
    """Fail where a case gives another output than the version's file holds."""
    known = golden.stored(computation)
    for name, case in COMPUTATIONS[computation]().items():
        if names and name not in names:
            continue
        if name not in known:
            pytest.fail(
                f"{computation} has no golden output of {name!r}: run "
                f"`python -m tests.golden.write {computation}`"
            )
        output = json.loads(json.dumps(case.compute(folder / name)))
        found = list(golden.differences(known[name], output, case.tolerance))
        if found:
            pytest.fail(golden.way_out(computation, name, found))


@pytest.mark.parametrize("computation", VERSIONS)
def test_a_version_gives_what_it_gave_and_every_output_of_it_has_a_case(computation, tmp_path):
    check(computation, tmp_path)
    assert set(golden.stored(computation)) <= set(COMPUTATIONS[computation]())


def fails(computation, folder, case):
    expected = (
        rf"(?s){computation}, version .*{case}.*"
        rf"meant: set VERSIONS\['{computation}'\] in study/store/key.py to .*"
        rf"run `python -m tests.golden.write {computation}` and .*If it was not meant: undo it"
    )
    with pytest.raises(pytest.fail.Exception, match=expected):
        check(computation, folder, [case])


# No tolerance hides a change that would move a published number


@pytest.mark.parametrize("case", training.cases())
def test_a_temperature_five_percent_off_fails(case, tmp_path, monkeypatch):
    def off(queries, passages, temperature, *negatives, loss=trainer.info_nce):
        return loss(queries, passages, 1.05 * temperature, *negatives)

    monkeypatch.setattr(trainer, "info_nce", off)
    fails("training", tmp_path, case)


@pytest.mark.parametrize("case", [name for name in encoding.cases() if "e5" not in name])
def test_a_dropped_prefix_fails(case, tmp_path, monkeypatch):
    def without(self, texts, side, tokenize=DualEncoder.tokenize):
        self.settings = replace(self.settings, query_prefix="", passage_prefix="")
        return tokenize(self, texts, side)

    monkeypatch.setattr(DualEncoder, "tokenize", without)
    fails("encoding", tmp_path, case)


def test_no_file_of_a_version_was_edited():
    assert golden.edited() == [], "undo it; another output needs another version and its own file"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Golden files of two cases of a computation of its own, with the cases to change."""
    monkeypatch.setitem(VERSIONS, "toy", 1)
    cases = {"a": Case(lambda _: [1, 0.5, "x"], 1e-3), "b": Case(lambda _: {"n": None})}
    monkeypatch.setitem(COMPUTATIONS, "toy", lambda: cases)
    write.main("toy", tmp_path)
    return tmp_path, cases


def test_a_version_is_written_once_later_cases_and_versions_in_their_files(folder, monkeypatch):
    place, cases = folder
    assert golden.stored("toy", place) == {"a": [1, 0.5, "x"], "b": {"n": None}}
    with pytest.raises(
        FileExistsError, match=r"version 1 of toy is written.*raise VERSIONS\['toy'"
    ):
        write.main("toy", place)
    before = (place / "toy-1.json").read_bytes()
    cases["one more"] = Case(lambda _: 7)
    assert [file.name for file in write.main("toy", place)] == ["toy-1-one more.json"]
    assert golden.stored("toy", place)["one more"] == 7
    assert (place / "toy-1.json").read_bytes() == before
    assert golden.edited(place) == []
    monkeypatch.setitem(VERSIONS, "toy", 10)
    assert golden.files("toy", place) == []
    write.main("toy", place)
    assert [file.name for file in golden.files("toy", place)] == ["toy-10.json"]
    monkeypatch.setitem(VERSIONS, "toy", 1)
    names = ["toy-1-one more.json", "toy-1.json"]
    assert [file.name for file in golden.files("toy", place)] == names


def test_an_edited_a_lost_and_a_foreign_file_are_told(folder):
    place, _ = folder
    assert golden.edited(place) == []
    shutil.copy(place / "toy-1.json", place / "toy-2.json")
    assert golden.edited(place) == ["toy-2.json"]
    (place / "toy-2.json").unlink()
    (place / "toy-1.json").write_text((place / "toy-1.json").read_text().replace("0.5", "0.6"))
    assert golden.edited(place) == ["toy-1.json"]
    (place / "toy-1.json").unlink()
    assert golden.edited(place) == ["toy-1.json"]


@pytest.mark.parametrize(
    ("found", "place"),
    [
        ([1, 0.502, "x"], ["[1] was 0.5, is 0.502"]),
        ([2, 0.5, "y"], ["[0] was 1, is 2", '[2] was "x", is "y"']),
        ([1, 0.5], [' was [1, 0.5, "x"], is [1, 0.5]']),
        ([1.0, 0.5, "x"], ["[0] was 1, is 1.0"]),
        ([1, float("nan"), "x"], ["[1] was 0.5, is nan"]),
        ([1, 0.5009, "x"], []),
    ],
)
def test_a_difference_is_named_by_its_place(found, place):
    assert list(golden.differences([1, 0.5, "x"], found, 1e-3)) == place
