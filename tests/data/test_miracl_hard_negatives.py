import pandas as pd
import pytest

from hybridlib.data import miracl_hard_negatives


def write(folder, kind, rows, part=0):
    file = folder / "miracl-hard-negatives" / f"sw-{kind}" / f"dev-0000{part}-of-00002.parquet"
    file.parent.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(rows).to_parquet(file)
    return file


@pytest.fixture
def files(tmp_path, monkeypatch):
    """The hard-negatives form in a mirror, in upstream's layout; the corpus in two files."""
    monkeypatch.setenv("HYBRIDLIB_MIRROR", str(tmp_path))
    passages = [{"_id": f"{i}#0", "title": f"T{i}", "text": f"text {i}"} for i in range(8)]
    return {
        "queries": write(tmp_path, "queries", [{"_id": "7", "text": "what?"}]),
        "qrels": write(
            tmp_path,
            "qrels",
            [
                {"query-id": "7", "corpus-id": "6#0", "score": 1},
                {"query-id": "7", "corpus-id": "1#0", "score": 0},
            ],
        ),
        "corpus": write(tmp_path, "corpus", passages[:5]),
        "corpus-1": write(tmp_path, "corpus", passages[5:], part=1),
    }


def test_it_has_a_name_of_its_own_and_upstreams_rows(files):
    benchmark = miracl_hard_negatives.load("sw")
    assert benchmark.name == "miracl-hard-negatives"
    assert benchmark.queries == {"7": "what?"}
    assert [(j.passage, j.relevance) for j in benchmark.judgements] == [("6#0", 1), ("1#0", 0)]
    shards = list(benchmark.shards())
    assert [passage for ids, _ in shards for passage in ids] == [f"{i}#0" for i in range(8)]
    assert shards[1][1] == ["T5 text 5", "T6 text 6", "T7 text 7"]
    assert benchmark.num_passages == 8


def test_a_judged_passage_that_the_corpus_lacks_is_named_by_row(files):
    files["corpus-1"].unlink()
    benchmark = miracl_hard_negatives.load("sw")
    with pytest.raises(ValueError, match=r"dev-00000-of-00002\.parquet, row 1: passage '6#0' is"):
        list(benchmark.shards())


def test_a_damaged_file_is_named_with_the_way_out(files):
    files["corpus"].write_bytes(files["corpus"].read_bytes()[:-9])
    benchmark = miracl_hard_negatives.load("sw")
    with pytest.raises(ValueError, match=r"parquet is damaged .*Way out: delete it and download"):
        list(benchmark.shards())


def test_another_layout_is_named_by_file_and_column(files, tmp_path):
    write(tmp_path, "qrels", [{"qid": "7", "docid": "6#0", "rel": 1}])
    with pytest.raises(ValueError, match=r"lacks a column of query-id, corpus-id, score"):
        miracl_hard_negatives.load("sw")


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match=r"miracl-hard-negatives has ar, bn, .*, not 'xx'"):
        miracl_hard_negatives.load("xx")
