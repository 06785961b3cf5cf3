import json
import time
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest

from study.store import runs
from study.store.run import Run
from study.store.runs import Computed, Store

STORE = Store()


def run(key="k", ranks=None):
    scores = pd.DataFrame({"metric": ["mAP"], "value": [0.1 + 0.2], "num_queries": [3]})
    return Run(key, {"alpha": 0.5}, {"commit": "c"}, scores, ranks)


def test_a_run_is_read_as_it_was_written_and_a_row_of_scores_is_a_line(tmp_path):
    texts = ["a\n    b", "[\n    1\n   ]", "\u2028    x"]
    scores = pd.DataFrame({"text": texts, "value": [0.1 + 0.2, -1e-300, 3.0]})
    ranks = pd.DataFrame({"question": ["q"], "rank_in_pool": [7]})
    parameters, source = {"languages": ["de", "en"]}, {"revisions": {"nested": {"deep": [1, 2]}}}
    STORE.save(tmp_path / "run", Run("k", parameters, source, scores, ranks))
    loaded = STORE.load(tmp_path / "run")
    pd.testing.assert_frame_equal(loaded.scores, scores, check_exact=True)
    pd.testing.assert_frame_equal(loaded.ranks, ranks)
    assert (loaded.key, loaded.parameters, loaded.provenance) == ("k", parameters, source)
    lines = (tmp_path / "run" / "run.json").read_text().split("\n")
    rows = [json.loads(line.strip().rstrip(",")) for line in lines if line.startswith("   [")]
    assert rows == scores.values.tolist()


def test_a_number_that_is_none_is_not_stored(tmp_path):
    bad = Run("k", {}, {}, pd.DataFrame({"value": [float("nan")]}))
    with pytest.raises(ValueError, match="not JSON compliant"):
        STORE.save(tmp_path / "run", bad)
    assert not list(tmp_path.iterdir())


def test_ranks_of_another_run_are_refused(tmp_path):
    STORE.save(tmp_path / "run", run(ranks=pd.DataFrame({"rank": [1]})))
    STORE.save(tmp_path / "other", run(ranks=pd.DataFrame({"rank": [2]})))
    (tmp_path / "other" / "ranks.parquet").replace(tmp_path / "run" / "ranks.parquet")
    with pytest.raises(ValueError, match=r"ranks\.parquet is not the one that run\.json was"):
        STORE.load(tmp_path / "run")


@pytest.mark.parametrize("content", ["", "{", '{"key": "k"}', "[]", "7", 10**5 * "["])
def test_a_damaged_run_names_the_way_out(tmp_path, content):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "run.json").write_text(content)
    with pytest.raises(ValueError, match="delete it and the run is computed again"):
        STORE.load(tmp_path / "run")


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../../x", "/x", ".x", "a/b", "a b", "a\n", "a" * 101, 3, None]
)
def test_a_name_that_is_no_folder_of_the_store_is_refused(tmp_path, name):
    for place, what in enumerate(("profile", "kind", "name")):
        names = ["quick", "cldr", "mine"]
        names[place] = name
        with pytest.raises(ValueError, match=rf"^{what} must be 1 to 100 letters"):
            Store(tmp_path).folder(*names)


def test_a_link_out_of_the_store_is_not_followed(tmp_path):
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "quick").symlink_to(tmp_path)
    with pytest.raises(ValueError, match=r"leads out of .*results; remove the link"):
        Store(tmp_path / "results").folder("quick", "cldr", "mine")


def test_a_run_that_would_replace_what_hybridlib_did_not_write_is_not_computed(tmp_path):
    store, folder = Store(tmp_path, tmp_path / "build"), tmp_path / "run"
    store.save(folder, run())
    (folder / "notes.txt").write_text("theirs")
    with pytest.raises(FileExistsError, match=r"holds notes\.txt, which hybridlib did not"):
        store.save(folder, run("new"))
    with pytest.raises(FileExistsError):
        store.keep(folder, "new", {}, {}, pytest.fail)
    assert (folder / "notes.txt").read_text() == "theirs"


def test_what_cannot_be_written_is_not_computed(tmp_path, monkeypatch):
    def all_but_results(folder):
        if folder == tmp_path / "results":
            raise PermissionError

    monkeypatch.setattr(runs, "check_writable", all_but_results)
    store = Store(tmp_path / "results", tmp_path / "build")
    with pytest.raises(PermissionError):
        store.keep(tmp_path / "results" / "run", "k", {}, {}, pytest.fail)


def test_what_a_process_owns_is_not_swept(tmp_path):
    store, folder = Store(tmp_path, tmp_path / "build"), tmp_path / "build" / "vectors"
    folder.mkdir(parents=True)
    with store.owner(folder):
        store.sweep(folder)
        assert folder.exists()
    store.sweep(folder)
    assert not folder.exists()


def test_of_two_that_want_a_run_the_second_waits_and_loads_it(tmp_path, capfd):
    store, folder, computed = Store(tmp_path, tmp_path / "build"), tmp_path / "run", []

    def compute():
        computed.append(1)
        time.sleep(0.5)
        return Computed(run().scores)

    with ThreadPoolExecutor() as pool:
        runs = pool.map(lambda _: store.keep(folder, "k", {}, {}, compute), range(2))
    assert [one.key for one in runs] == ["k", "k"]
    assert computed == [1]
    assert f"another process makes {folder}; waiting for it" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("old", "new"), [('"value"', '"worth"'), ("0.3", "0.4"), ('"alpha": 0.5', '"alpha": 0.6')]
)
def test_an_edited_score_or_parameter_is_damage_where_there_are_no_ranks(tmp_path, old, new):
    STORE.save(tmp_path, run())
    file = tmp_path / "run.json"
    file.write_text(file.read_text().replace(old, new))
    with pytest.raises(ValueError, match="it is not as it was written"):
        STORE.load(tmp_path)
