import pandas as pd
import pytest

from hybridlib.store.runs import Run, Store

STORE = Store()


def run(key="k", ranks=None):
    scores = pd.DataFrame({"metric": ["mAP"], "value": [0.1 + 0.2], "num_queries": [3]})
    return Run(key, {"alpha": 0.5}, {"commit": "c"}, scores, ranks)


def test_a_run_is_read_as_it_was_written(tmp_path):
    ranks = pd.DataFrame({"question": ["q"], "rank_in_pool": [7]})
    STORE.save(tmp_path / "run", run(ranks=ranks))
    loaded = STORE.load(tmp_path / "run")
    assert (loaded.key, loaded.parameters) == ("k", {"alpha": 0.5})
    pd.testing.assert_frame_equal(loaded.scores, run().scores)
    pd.testing.assert_frame_equal(loaded.ranks, ranks)


def test_an_equal_key_loads_and_a_changed_one_does_not(tmp_path):
    STORE.save(tmp_path / "run", run())
    assert STORE.find(tmp_path / "run", "k") is not None
    assert STORE.find(tmp_path / "run", "other") is None
    assert STORE.find(tmp_path / "absent", "k") is None


def test_a_write_that_fails_leaves_the_old_run(tmp_path, monkeypatch):
    STORE.save(tmp_path / "run", run("old"))

    def full_disk(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_parquet", full_disk)
    with pytest.raises(OSError, match="No space left"):
        STORE.save(tmp_path / "run", run("new", ranks=pd.DataFrame({"rank": [1]})))
    assert STORE.load(tmp_path / "run").key == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


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


@pytest.mark.parametrize("content", ["", "{", '{"key": "k"}', "[]"])
def test_a_damaged_run_names_the_way_out(tmp_path, content):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "run.json").write_text(content)
    with pytest.raises(ValueError, match="delete it and the run is computed again"):
        STORE.load(tmp_path / "run")


def test_a_folder_without_a_run_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"holds no run\.json"):
        STORE.load(tmp_path)
