"""On small files in each publisher's layout."""

import pytest

from book.pages.data import training_data
from book.shared import reference
from hybridlib.data import lareqa, miracl, mmarco, public_qa
from hybridlib.data.fetch.download import cache_folder
from hybridlib.data.public_qa import TABLE_9, passage_with_answer
from study.data import registry
from tests.data.published import write_mmarco, write_public_set

FILLER = "Nothing happens " * 47 + "here."  # 95 words: with the captain more than a passage holds
DOCUMENT = f"{FILLER}\nThe captain is called Anna Berg.\n{FILLER} Berg sails home."


def asked(query, *sides):
    sides = [[{"docid": "1#0", "title": "Title", "text": text} for text in side] for side in sides]
    return {"query": query, "positive_passages": sides[0], "negative_passages": sides[1]}


def answered(*pairs):
    return [{"question": question, "answer": answer} for question, answer in pairs]


# By set: the rows of its first file, and the query, passage and negative that come of them
LAYOUTS = {
    "duorc": (
        [
            {"plot": DOCUMENT, "question": question, "answers": answers, "no_answer": not answers}
            for question, answers in [
                ("Who commands?", ["Anna Berg", "Berg"]),
                ("Who cooks?", []),
                ("Who dances?", ["An"]),
            ]
        ],
        [("Who commands?", "The captain is called Anna Berg.")],
    ),
    "mfaq": (
        [
            {
                "id": 1,
                "qa_pairs": answered((" Where? ", "Here."), ("When?", " "), ("Why?", "Because.")),
            },
            {"id": 2, "qa_pairs": []},
        ],
        [("Where?", "Here."), ("Why?", "Because.")],
    ),
    "mr-tydi": (
        [asked("How high?", ["Up.", "8 m."], ["No.", "Never."]), asked("How low?", ["Down."], [])],
        [("How high?", "Title Up.", "Title No."), ("How high?", "Title 8 m.", "Title No.")],
    ),
    "natural-questions": ([{"query": "q", "answer": "a"}], [("q", "a")]),
    "newsqa": (
        [
            {"context": DOCUMENT, "question": "Who?", "answers": ["anna berg"], "key": "k"},
            {"context": DOCUMENT, "question": "What?", "answers": ["a ship"], "key": "l"},
        ],
        [("Who?", "The captain is called Anna Berg.")],
    ),
    "wiki-qa": (
        [
            {"question_id": "Q1", "question": "What?", "answer": "That.", "label": 1},
            {"question_id": "Q1", "question": "What?", "answer": "No.", "label": 0},
        ],
        [("What?", "That.")] * 3,
    ),
    "yahoo-answers": (answered(("q", "a"), ("", "b")), [("q", "a")]),
}


def texts(pairs):
    names = ["query", "passage", *(["negative"] if "negative" in pairs.table.column_names else [])]
    return list(zip(*(pairs.table[name].to_pylist() for name in names), strict=True))


@pytest.mark.parametrize("name", LAYOUTS)
def test_each_set_gives_its_pairs_in_english(own_mirror, name):
    rows, expected = LAYOUTS[name]
    write_public_set(own_mirror, name, rows)
    pairs = public_qa.load(name)
    assert texts(pairs) == expected
    assert (pairs.languages, pairs.corpora) == (("en",), (name,))


@pytest.mark.parametrize("answers", [[], [""], ["", "An"], ["Bergman"], ["(unknown"]])
def test_an_answer_that_stands_nowhere_has_no_passage(answers):
    assert passage_with_answer(DOCUMENT, answers) is None


def test_a_second_load_reads_the_cache_and_a_changed_file_is_noticed(own_mirror, monkeypatch):
    write_public_set(own_mirror, "yahoo-answers", [{"question": "q", "answer": "a"}])
    first = public_qa.load("yahoo-answers")
    with monkeypatch.context() as without_reader:
        without_reader.setattr(public_qa, "_rows", None)
        assert public_qa.load("yahoo-answers").revision == first.revision
    write_public_set(own_mirror, "yahoo-answers", [{"question": "q", "answer": "another"}])
    assert texts(public_qa.load("yahoo-answers")) == [("q", "another")]


@pytest.mark.parametrize(
    ("name", "row", "message"),
    [
        ("natural-questions", {"question": "q", "answer": "a"}, "question, answer: .*'query'"),
        ("newsqa", {"context": "c", "question": "q", "answers": {"text": ["c"]}}, "must be a list"),
        ("mr-tydi", {"query": "q", "positive_passages": 1, "negative_passages": 2}, "query, posit"),
    ],
)
def test_another_layout_is_refused_with_the_columns_found(own_mirror, name, row, message):
    file = write_public_set(own_mirror, name, [row])
    with pytest.raises(ValueError, match=rf"{file.name} is laid out in another way.*{message}"):
        public_qa.load(name)


@pytest.mark.parametrize("name", ["natural-questions", "mfaq", "mr-tydi"])
@pytest.mark.parametrize("num_bytes", [0, 20, -20])
def test_a_damaged_file_is_refused_and_leaves_no_table(own_mirror, name, num_bytes):
    file = write_public_set(own_mirror, name, LAYOUTS[name][0])
    file.write_bytes(file.read_bytes()[:num_bytes])
    with pytest.raises(ValueError, match=rf"{file.name} is damaged(.|\n)*Way out: delete it"):
        public_qa.load(name)
    assert not list(cache_folder().rglob("*.arrow*[!k]"))


def test_a_set_without_any_pair_is_refused(own_mirror):
    write_public_set(own_mirror, "wiki-qa", [LAYOUTS["wiki-qa"][0][1]])
    with pytest.raises(ValueError, match=r"there is no pair in .*test-00000-of-00001\.parquet"):
        public_qa.load("wiki-qa")


@pytest.mark.parametrize(
    ("load", "name", "message"),
    [
        (public_qa.load, "squad", "public set 'squad' is unknown; there is duorc, mfaq"),
        (registry.load_pairs, "wiki", r"'wiki' is unknown, .* 'wiki-qa'\? There is cldr, balanced"),
        (lareqa.load, "squad", "LAReQA 'squad' is unknown, .* There is xquad-r, mlqa-r"),
        (miracl.load, "de", "language of MIRACL 'de' is unknown.* ar, bn, "),
        *(
            (mmarco.load, languages, "language of mMARCO .* is unknown.* ar, de, en")
            for languages in (["vi"], ["en", "EN"], [""], [])
        ),
    ],
)
def test_an_unknown_name_is_refused_with_those_that_there_are(load, name, message):
    with pytest.raises(ValueError, match=message):
        load(name)


def test_the_papers_corpus_joins_mmarco_and_the_public_sets(own_mirror, monkeypatch):
    for name, (rows, _) in LAYOUTS.items():
        write_public_set(own_mirror, name, rows)
    write_mmarco(own_mirror, [(1, 2, 3), (4, 5, 6)])
    pairs = registry.load_pairs("paper")
    assert pairs.corpora == tuple(sorted([*LAYOUTS, "mmarco"]))
    assert len(pairs) == 2 + sum(len(expected) for _, expected in LAYOUTS.values())
    assert len(pairs.split(3, seed=0)[1]) == 3
    num_negatives = pairs.table.to_pandas().groupby("corpus")["negative"].count()
    assert set(num_negatives.index[num_negatives > 0]) == {"mmarco", "mr-tydi"}


def test_every_row_of_table_9_is_accounted_for():
    table = training_data()
    assert table["dataset"].tolist() == list(TABLE_9)
    assert table["dataset"].tolist() == reference.training_data()["dataset"].tolist()
    assert table.loc[table["corpus"].isna(), "dataset"].tolist() == ["EntityQuestions"]
    known = table["corpus"].dropna()
    assert set(known) <= set(registry.CORPORA)
    assert table["repository"].notna().tolist() == table["corpus"].notna().tolist()
    assert (table["note"].str.len() > 0).all()
