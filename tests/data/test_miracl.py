import gzip

import pytest

from book.shared import reference
from hybridlib.data import miracl
from hybridlib.data.fetch import hub


def replace_line(file, number, line):
    lines = file.read_text().split("\n")
    lines[number - 1] = line
    file.write_text("\n".join(lines))


def test_languages_and_corpus_sizes_are_those_of_table_11():
    paper = reference.miracl_sizes().set_index("language")["candidates"]
    assert paper.to_dict() == miracl.NUM_PASSAGES
    assert set(miracl.NUM_CORPUS_FILES) == set(paper.index)


def test_a_language_is_read_from_a_mirror_with_the_hubs_paths(miracl_files):
    benchmark = miracl.load("sw")
    assert benchmark.queries["2"] == "small question 2 in en"
    judged = [(one.passage, one.relevance) for one in benchmark.judgements]
    assert judged[2:4] == [("17#0", 1), ("20#0", 0)]
    shards = list(benchmark.shards())
    assert [len(ids) for ids, _ in shards] == [40, 40, 40]
    assert shards[1][0][2] == "42#0"
    assert shards[1][1][2] == "Title 42 small answer 42 in en"
    assert benchmark.num_passages == 120


@pytest.mark.parametrize("kind", ["topics", "qrels", "docs-0", "docs-2"])
def test_the_revision_follows_every_file(miracl_files, kind):
    before = miracl.load("sw").revision
    assert miracl.load("sw").revision == before
    if kind.startswith("docs"):
        miracl_files[kind].write_bytes(gzip.compress(b"{}"))
    else:
        replace_line(miracl_files[kind], 2, {"topics": "1\t?", "qrels": "0\tQ0\t4#0\t0"}[kind])
    assert miracl.load("sw").revision != before


@pytest.mark.parametrize(
    ("change", "line"),
    [(lambda old: old[:-30], r"\d+"), (lambda _: b"version https://git-lfs.github.com/spec/v1", 0)],
)
def test_a_corpus_file_that_is_cut_or_no_gzip_is_named(miracl_files, change, line):
    file = miracl_files["docs-1"]
    file.write_bytes(change(file.read_bytes()))
    benchmark = miracl.load("sw")
    message = rf"docs-1\.jsonl\.gz is cut or damaged behind line {line} .*delete it and down"
    with pytest.raises(ValueError, match=message):
        list(benchmark.shards())
    assert benchmark.num_passages == 0


@pytest.mark.parametrize(
    "line", ["{", "[1, 2]", '{"docid": "1#0", "text": "no title"}', 10**5 * "["]
)
def test_a_broken_passage_is_named_by_file_and_line(miracl_files, line):
    file = miracl_files["docs-0"]
    lines = gzip.decompress(file.read_bytes()).decode().split("\n")
    lines[7] = line
    file.write_bytes(gzip.compress("\n".join(lines).encode()))
    with pytest.raises(ValueError, match=r"docs-0\.jsonl\.gz, line 8: not a passage with docid"):
        list(miracl.load("sw").shards())


def test_a_judged_passage_that_the_corpus_lacks_is_named_by_line(miracl_files):
    replace_line(miracl_files["qrels"], 4, "1\tQ0\t999#3\t1")
    benchmark = miracl.load("sw")
    message = r"qrels.*-dev\.tsv, line 4: passage '999#3' is not in the corpus of miracl sw \(1 "
    with pytest.raises(ValueError, match=message):
        list(benchmark.shards())


@pytest.mark.parametrize(
    ("kind", "line", "message"),
    [
        ("topics", "1 no tab", r"topics.*-dev\.tsv, line 2: expected query id, query between tabs"),
        ("topics", "1\t ", r"topics.*-dev\.tsv, line 2: expected query id, query"),
        ("topics", "0\ttwice", r"topics.*-dev\.tsv, line 2: query '0' stands there twice"),
        ("qrels", "0\tQ0\t1#0", r"qrels.*-dev\.tsv, line 2: expected query id, Q0, passage id"),
        ("qrels", "0\tQ0\t1#0\tyes", r"qrels.*-dev\.tsv, line 2: relevance must be 0 or 1, got"),
        ("qrels", "77\tQ0\t1#0\t1", r"qrels.*-dev\.tsv, line 2: query '77' is unknown"),
        ("qrels", "0\tQ0\t0#0\t0", r"qrels.*line 2: \('0', '0#0'\) is judged twice"),
    ],
)
def test_a_broken_line_is_named_by_file_and_number(miracl_files, kind, line, message):
    replace_line(miracl_files[kind], 2, line)
    with pytest.raises(ValueError, match=message):
        miracl.load("sw")


def test_a_cut_file_of_judgements_is_refused(miracl_files):
    file = miracl_files["qrels"]
    file.write_text("\n".join(file.read_text().split("\n")[:8]) + "\n")
    with pytest.raises(ValueError, match="miracl sw: 2 of 6 queries have no judgement, as '4'"):
        miracl.load("sw")


@pytest.mark.parametrize("kind", ["topics", "docs-1"])
def test_a_missing_file_is_named_with_its_repository_and_place(miracl_files, monkeypatch, kind):
    monkeypatch.setattr(hub, "is_reachable", lambda _: False)
    miracl_files[kind].unlink()
    repository = "miracl/miracl-corpus" if kind == "docs-1" else "macavaney/miracl-noauth"
    with pytest.raises(ConnectionError, match=f"{repository}: .*{miracl_files[kind].name} is not"):
        miracl.load("sw")
