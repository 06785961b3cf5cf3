"""On small files in each publisher's layout."""

import pytest

from book.pages.data import training_data
from book.shared import reference
from hybridlib.data import public_qa
from hybridlib.data.public_qa import TABLE_9, passage_with_answer
from study.data import registry
from tests.data.published import write_mmarco, write_public_set

FILLER = "Nothing happens " * 47 + "here."  # 95 words: with the captain more than a passage holds
DOCUMENT = f"{FILLER}\nThe captain is called Anna Berg.\n{FILLER} Berg sails home."


def asked(query, *sides):
    sides = [[{"docid": "1#0", "title": "Title", "text": text} for text in side] for side in sides]
    return {"query": query, "positive_passages": sides[0], "negative_passages": sides[1]}


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
                "qa_pairs": [
                    {"question": " Where? ", "answer": "Here."},
                    {"question": "When?", "answer": " "},
                    {"question": "Why?", "answer": "Because."},
                ],
            },
            {"id": 2, "qa_pairs": []},
        ],
        [("Where?", "Here."), ("Why?", "Because.")],
    ),
    "mr-tydi": (
        [
            asked("How high?", ["Up.", "8 m."], ["No.", "Never."]),
            asked("How low?", ["Down."], []),
        ],
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
    "yahoo-answers": (
        [{"question": "q", "answer": "a"}, {"question": "", "answer": "b"}],
        [("q", "a")],
    ),
}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HYBRIDLIB_MIRROR", str(tmp_path / "mirror"))
    monkeypatch.setenv("HYBRIDLIB_CACHE", str(tmp_path / "cache"))
    return tmp_path


def publish(folder, name, rows):
    return write_public_set(folder / "mirror", name, rows)


def texts(pairs):
    names = ["query", "passage", *(["negative"] if "negative" in pairs.table.column_names else [])]
    return list(zip(*(pairs.table[name].to_pylist() for name in names), strict=True))


@pytest.mark.parametrize("name", LAYOUTS)
def test_each_set_gives_its_pairs_in_english(folder, name):
    rows, expected = LAYOUTS[name]
    publish(folder, name, rows)
    pairs = public_qa.load(name)
    assert texts(pairs) == expected
    assert (pairs.languages, pairs.corpora) == (("en",), (name,))


@pytest.mark.parametrize("answers", [[], [""], ["", "An"], ["Bergman"], ["(unknown"]])
def test_an_answer_that_stands_nowhere_has_no_passage(answers):
    assert passage_with_answer(DOCUMENT, answers) is None


def test_a_second_load_reads_the_cache_and_a_changed_file_is_noticed(folder, monkeypatch):
    publish(folder, "yahoo-answers", [{"question": "q", "answer": "a"}])
    first = public_qa.load("yahoo-answers")
    with monkeypatch.context() as without_reader:
        without_reader.setattr(public_qa, "_rows", None)
        assert public_qa.load("yahoo-answers").revision == first.revision
    publish(folder, "yahoo-answers", [{"question": "q", "answer": "another"}])
    assert texts(public_qa.load("yahoo-answers")) == [("q", "another")]


@pytest.mark.parametrize(
    ("name", "row", "message"),
    [
        ("natural-questions", {"question": "q", "answer": "a"}, "question, answer: .*'query'"),
        ("newsqa", {"context": "c", "question": "q", "answers": {"text": ["c"]}}, "must be a list"),
        ("mr-tydi", {"query": "q", "positive_passages": 1, "negative_passages": 2}, "query, posit"),
    ],
)
def test_another_layout_is_refused_with_the_columns_found(folder, name, row, message):
    file = publish(folder, name, [row])
    with pytest.raises(ValueError, match=rf"{file.name} is laid out in another way.*{message}"):
        public_qa.load(name)


@pytest.mark.parametrize("name", ["natural-questions", "mfaq", "mr-tydi"])
@pytest.mark.parametrize("num_bytes", [0, 20, -20])
def test_a_damaged_file_is_refused_and_leaves_no_table(folder, name, num_bytes):
    file = publish(folder, name, LAYOUTS[name][0])
    file.write_bytes(file.read_bytes()[:num_bytes])
    with pytest.raises(ValueError, match=rf"{file.name} is damaged(.|\n)*Way out: delete it"):
        public_qa.load(name)
    assert not list((folder / "cache").rglob("*.arrow*[!k]"))


def test_a_set_without_any_pair_is_refused(folder):
    publish(folder, "wiki-qa", [LAYOUTS["wiki-qa"][0][1]])
    with pytest.raises(ValueError, match=r"there is no pair in .*test-00000-of-00001\.parquet"):
        public_qa.load("wiki-qa")


def test_an_unknown_set_or_corpus_is_refused():
    with pytest.raises(ValueError, match="public set 'squad' is unknown; there is duorc, mfaq"):
        public_qa.load("squad")
    wrong = r"corpus 'wiki' is unknown, did you mean 'wiki-qa'\? There is cldr, balanced-help"
    with pytest.raises(ValueError, match=wrong):
        registry.load_pairs("wiki")


def test_the_papers_corpus_joins_mmarco_and_the_public_sets(folder, monkeypatch):
    for name, (rows, _) in LAYOUTS.items():
        publish(folder, name, rows)
    write_mmarco(folder / "mirror", [(1, 2, 3), (4, 5, 6)])
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
