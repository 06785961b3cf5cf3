import numpy as np
import pyarrow as pa
import pytest

from hybridlib.data.parallel import Example, ParallelPairs
from tests.golden.data import pairs_with_negatives


def row(**changes):
    return {"corpus": "c", "pair": "1", "language": "en", "query": "q", "passage": "p"} | changes


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "there is no pair"),
        ([row(query=" \t")], "query is empty at row 0: {'corpus': 'c', 'pair': '1'"),
        ([row(), row(pair="2", passage="")], "passage is empty at row 1"),
        ([row(passage=None)], "passage is empty at row 0"),
        ([row(), row(pair="2", query=3)], r"query must be text, got 3 \(int\) at row 1"),
        ([row(passage=0.5)], r"passage must be text, got 0.5 \(float\) at row 0"),
        ([row(pair=7)], r"pair must be text, got 7 \(int\) at row 0"),
        ([row(language="EN")], "language must be a code as de, fil or zh-Hans, got 'EN'"),
        ([row(language="german")], "got 'german'"),
        ([row(), row(query="other")], "each language once; row 1 repeats {'corpus': 'c'"),
        ([row(negative="n"), row(pair="2")], "corpus 'c' has a negative in 1 of 2 rows"),
    ],
)
def test_bad_rows_are_refused_by_their_place(rows, message):
    with pytest.raises(ValueError, match=message):
        ParallelPairs.from_rows(rows)


@pytest.mark.parametrize("name", ["pair", "passage", "negative", "query_id"])
@pytest.mark.parametrize(
    ("value", "message"),
    [
        (7, "a column of int64; a number is no longer what the file said"),
        (1.1, "a column of double; a number is no longer"),
        (True, "a column of bool; a number"),
        (["n", "m"], "a column of list<item: string>; give one text a row"),
        (b"n", "a column of binary"),
    ],
)
def test_a_column_that_is_no_text_is_named(name, value, message):
    table = ParallelPairs.from_rows([row(negative="n", query_id="1")]).table
    place = table.column_names.index(name)
    with pytest.raises(ValueError, match=f"{name} must be text, got {message}"):
        ParallelPairs(table.set_column(place, name, pa.array([value])))


@pytest.mark.parametrize(
    ("name", "meant"), [("negatives", "negative"), ("queryid", "query_id"), ("Query", "query")]
)
def test_a_misspelt_column_is_refused(name, meant):
    message = f"column '{name}' is unknown, did you mean '{meant}'"
    with pytest.raises(ValueError, match=message):
        ParallelPairs.from_rows([row(), row(pair="2", **{name: "n"})])
    table = ParallelPairs.from_rows([row()]).table
    with pytest.raises(ValueError, match=message):
        ParallelPairs(table.append_column(name, pa.array(["n"])))


def test_a_column_that_is_there_twice_is_refused():
    table = ParallelPairs.from_rows([row(negative="n")]).table
    with pytest.raises(ValueError, match="column 'negative' is there twice"):
        ParallelPairs(table.append_column("negative", pa.array(["m"])))


@pytest.mark.parametrize("name", ["negative", "query_id"])
def test_an_optional_column_is_missing_or_text_never_blank(name):
    table = ParallelPairs.from_rows([row()]).table.append_column(name, pa.nulls(1))
    assert name not in ParallelPairs(table).table.column_names
    with pytest.raises(ValueError, match=f"{name} is empty at row 1"):
        ParallelPairs.from_rows([row(**{name: "n"}), row(pair="2", **{name: " "})])


def test_large_strings_beside_strings_give_the_same_pairs():
    pairs = pairs_with_negatives()
    names = pairs.table.column_names
    for is_large in [*np.eye(len(names), dtype=bool), np.ones(len(names), dtype=bool)]:
        kinds = [pa.large_string() if large else pa.string() for large in is_large]
        large = ParallelPairs(pairs.table.cast(pa.schema(list(zip(names, kinds, strict=True)))))
        assert (large.languages, large.corpora) == (pairs.languages, pairs.corpora)
        for found, expected in [
            (large.rows, pairs.rows),
            (large.groups, pairs.groups),
            (large.negative_groups, pairs.negative_groups),
        ]:
            np.testing.assert_array_equal(found, expected)
        halves = [large.take(np.arange(18)), pairs.take(np.arange(18, 36))]
        joined = ParallelPairs.concatenate(halves).complete(["de"])
        assert joined.table.to_pylist() == pairs.only(["de"]).table.to_pylist()


CSV = "corpus,pair,language,query,passage\nc,1,en,q,p\nc,1,de,f,a\nc,2,en,q,p\n"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("f,a", 'f,"a'), "EOF inside string starting at row 2"),  # else the rest of it is lost
        (("f,a", "f,a,b"), "Expected 5 fields in line 3, saw 6"),
        (("q,p\nc,1", "q,p,x\nc,1"), "the first row has more fields than the header"),
        (("f,a", "f,\xe4"), "'utf-8' codec can't decode byte 0xe4"),
        ((CSV, ""), "No columns to parse from file"),
    ],
)
def test_a_file_that_is_no_csv_is_named(tmp_path, change, message):
    file = tmp_path / "mine.csv"
    file.write_bytes(CSV.replace(*change).encode("latin-1"))
    with pytest.raises(ValueError, match=rf"mine\.csv.*: .*{message}"):
        ParallelPairs.from_csv(file)


def test_a_long_passage_is_read_whole(tmp_path):
    (tmp_path / "mine.csv").write_text(CSV.replace("f,a", f"f,{'a' * 3_000_000}"))
    pairs = ParallelPairs.from_csv(tmp_path / "mine.csv")
    assert len(pairs[Example(0, "de", "de")][1]) == 3_000_000


def test_no_translation_crosses_a_split(pairs):
    kept, held_out = pairs.split(30, seed=1)
    assert len(held_out) == 30
    assert len(kept) + len(held_out) == len(pairs)
    names = [{(r["corpus"], r["pair"]) for r in p.table.to_pylist()} for p in (kept, held_out)]
    assert not names[0] & names[1]
    assert pairs.split(30, seed=1)[1].revision == held_out.revision
    assert pairs.split(30, seed=2)[1].revision != held_out.revision
    with pytest.raises(ValueError, match=r"num_held_out must be in \[1, 109\], got 110"):
        pairs.split(110, seed=1)


def test_a_language_without_pairs_is_refused(pairs):
    assert pairs.only(["de", "zh"]).languages == ("de", "zh")
    with pytest.raises(ValueError, match="no pair in language 'el'; english, large, small has de"):
        pairs.only(["en", "el"])


def test_a_text_that_is_not_there_is_no_key(pairs):
    english = pairs.corpora.index("english")
    only_english = int((pairs.corpus_of_pair == english).nonzero()[0][0])
    with pytest.raises(KeyError, match="has no text in language 'de'"):
        pairs[Example(only_english, "de", "en")]


def test_the_revision_follows_the_texts_not_the_chunks(pairs):
    parts = [pairs.take(np.arange(50)), pairs.take(np.arange(50, len(pairs)))]
    again = ParallelPairs.concatenate(parts)
    assert again.table["query"].num_chunks > pairs.table["query"].num_chunks
    assert again.revision == pairs.revision
    assert pairs.only(["en"]).revision != pairs.revision


def test_a_key_reads_each_side_in_its_language_and_the_negative_in_the_passages():
    german = row(language="de", query="q in de", passage="p in de", negative="n in de")
    pairs = ParallelPairs.from_rows([row(negative="n"), german, row(corpus="d")])
    assert pairs[Example(0, "en", "de")] == ("q", "p in de", "n in de")
    assert pairs[Example(1, "en", "en")] == ("q", "p")


@pytest.mark.parametrize("other", ["Cafe\u0301?", " Caf\u00e9?", "Caf\u00e9?\u00a0\n"])
def test_one_text_in_two_spellings_is_one_group_and_stays_as_it_is(other):
    queries = enumerate(["Caf\u00e9?", other])
    pairs = ParallelPairs.from_rows(
        row(pair=str(i), query=query, passage=str(i)) for i, query in queries
    )
    assert pairs.groups.tolist() == [0, 0]
    assert pairs[Example(1, "en", "en")][0] == other


def test_ids_may_hold_any_character():
    first = row(corpus="a", pair="b\x1fc", query="q1", passage="p1", query_id="d")
    second = row(corpus="a\x1fb", pair="c", query="q2", passage="p2", query_id="c\x1fd")
    third = row(corpus="a\x1fb\x1fc", pair="c", query="q3", passage="p3", query_id="d")
    pairs = ParallelPairs.from_rows([first, second, third])
    assert len(pairs) == 3
    assert pairs.groups.tolist() == [0, 1, 2]


def test_a_hard_negative_in_another_spelling_is_a_false_negative_all_the_same():
    first = row(passage="Caf\u00e9", negative="n")
    second = row(pair="2", query="q2", passage="p2", negative="Cafe\u0301 ")
    pairs = ParallelPairs.from_rows([first, second])
    assert pairs.negative_groups[1, 0] == pairs.groups[0]
