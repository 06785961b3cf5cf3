"""On small files in upstream's layout."""

import pytest

from hybridlib.data import mmarco
from hybridlib.data.fetch.download import cache_folder
from hybridlib.data.parallel import Example
from tests.data.published import passages, queries, write, write_mmarco
from tests.processes import run_python

# Upstream's order is random, and most triples repeat a pair with another negative
TRIPLES = [(7, 30, 41), (5, 20, 40), (7, 30, 42), (7, 31, 40), (5, 20, 43), (9, 31, 20)]
ANSWERED = {(7, 30): 41, (5, 20): 40, (7, 31): 40, (9, 31): 20}


@pytest.fixture
def files(own_mirror):
    return write_mmarco(own_mirror, TRIPLES)


def tables():
    """What lies complete in the cache, by language, with the moment of its writing."""
    folder = cache_folder() / "mmarco"
    return {file.name[:2]: file.stat().st_mtime_ns for file in folder.glob("??-*.arrow")}


def test_each_distinct_pair_is_there_in_every_language_with_the_first_negative(files):
    pairs = mmarco.load()
    assert pairs.languages == ("ar", "de", "en", "es", "hi", "ru", "zh")
    assert (len(pairs), pairs.corpora) == (4, ("mmarco",))
    expected = {
        (f"{query}-{positive}", language): tuple(
            f"π {what} {i} in {language}"
            for what, i in (("query", query), ("text", positive), ("text", negative))
        )
        for (query, positive), negative in ANSWERED.items()
        for language in mmarco.LANGUAGES
    }
    rows = pairs.table.to_pylist()
    found = {(r["pair"], r["language"]): (r["query"], r["passage"], r["negative"]) for r in rows}
    assert found == expected


def test_a_changed_file_is_noticed(files):
    before = mmarco.load(["en"])
    write(files / passages("en"), [f"{i}\tnew text {i}" for i in range(10, 51)])
    after = mmarco.load(["en"])
    assert before[Example(0, "en", "en")][1] == "π text 30 in en"
    assert after[Example(0, "en", "en")][1] == "new text 30"


def test_a_pair_stands_without_the_language_in_which_a_text_is_empty(files):
    lines = [f"{i}\t{'' if i == 30 else f'text {i}'}" for i in range(10, 51)]
    write(files / passages("de"), lines)
    pairs = mmarco.load(["de", "en"])
    german = [r["pair"] for r in pairs.table.to_pylist() if r["language"] == "de"]
    assert german == ["5-20", "7-31", "9-31"]
    assert len(pairs) == 4


@pytest.mark.parametrize("line", ["7\t30", "7\t30\t41\t8", "7\t30\tx", "", "7 30 41"])
def test_a_broken_triple_is_named_by_its_line(files, line):
    write(files / mmarco.TRIPLES, ["5\t20\t40", "5\t20\t43", line])
    message = r"triples\.train\.ids\.small\.tsv: .*Row #3: .* Expected lines of query, positive, n"
    message += ".* Way out: put the whole file there again"
    with pytest.raises(ValueError, match=message):
        mmarco.load(["en"])
    assert tables() == {}


def test_text_that_is_not_unicode_is_named_by_its_line(files):
    file = files / passages("de")
    file.write_bytes(file.read_bytes().replace("31\tπ".encode(), b"31\t\xff"))
    with pytest.raises(ValueError, match=r"german_collection\.tsv: .*Row #29: .*invalid UTF8"):
        mmarco.load(["de"])


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (queries("zh"), r"chinese_queries.* lacks 1 of the 3 ids.*as 5: it is"),
        (passages("zh"), r"chinese_collection.* lacks 1 of the 5 ids.*as 30: it is cut"),
    ],
)
def test_an_id_that_a_file_lacks_is_named(files, path, message):
    lacking = "30\t" if "collection" in path else "5\t"
    lines = (files / path).read_text().splitlines()
    write(files / path, [line for line in lines if not line.startswith(lacking)])
    with pytest.raises(ValueError, match=message):
        mmarco.load(["zh"])


@pytest.mark.parametrize(
    ("path", "last"), [(mmarco.TRIPLES, "9\t"), (queries("es"), "9\t"), (passages("es"), "43\t")]
)
def test_a_file_cut_off_in_a_wanted_line_is_refused(files, path, last):
    write(files / mmarco.TRIPLES, ["7\t30\t43", "9\t31\t20"])
    lines = (files / path).read_text().splitlines()
    lines.sort(key=lambda line: line.startswith(last))
    write(files / path, lines)
    (files / path).write_bytes((files / path).read_bytes()[:-2])
    with pytest.raises(ValueError, match=r"\.tsv ends in the middle of a line: it is cut off"):
        mmarco.load(["es"])


def test_an_interrupt_keeps_the_languages_that_were_complete(files, stop_at):
    stop_at(mmarco, "_texts_by_id", 8)  # at the Spanish passages
    with pytest.raises(KeyboardInterrupt):
        mmarco.load()
    kept = tables()
    assert sorted(kept) == ["ar", "de", "en"]
    assert len(mmarco.load().languages) == 7
    assert {language: tables()[language] for language in kept} == kept
    assert mmarco.load(["ru", "en"]).revision == mmarco.load(["en", "ru"]).revision


MEASURED = """
import tracemalloc
import pyarrow as pa
from hybridlib.data import mmarco
tracemalloc.start()
pairs = mmarco.load(["en"])
arrow = pa.default_memory_pool()
peak = tracemalloc.get_traced_memory()[1] + arrow.max_memory()
print(len(pairs), pairs.table.nbytes, arrow.bytes_allocated(), peak)
"""


def test_memory_grows_with_the_pairs_not_with_the_files(files):
    filler = "word " * 100
    num_rows = 200_000
    write(files / passages("en"), (f"{i}\t{filler}{i}" for i in range(num_rows)))
    write(files / queries("en"), (f"{i}\tquery {i}" for i in range(num_rows)))
    triples = (f"{i}\t{i * 7 % num_rows}\t{i * 13 % num_rows}" for i in range(2000))
    write(files / mmarco.TRIPLES, triples)
    file_bytes = (files / passages("en")).stat().st_size
    assert file_bytes > 100e6
    printed = run_python("-c", MEASURED).split()
    num_pairs, table_bytes, read_bytes, peak_bytes = map(int, printed)
    assert num_pairs == 2_000
    assert peak_bytes < 0.8 * file_bytes
    assert read_bytes < table_bytes / 10  # the rest is mapped
