from hybridlib.data import squad_shifts
from tests.data.published import write_squad_shifts


def test_each_question_goes_with_its_paragraph_in_english(own_mirror, monkeypatch):
    monkeypatch.setattr(squad_shifts, "CHECKSUMS", write_squad_shifts(own_mirror))
    pairs = squad_shifts.load()
    assert (len(pairs), pairs.languages, pairs.corpora) == (48, ("en",), ("squad-shifts",))
    row = pairs.table.to_pylist()[12]
    assert row["pair"] == "nyt/0a"
    assert row["query"] == "What is nyt 0?"
    assert row["passage"] == "nyt 0 is a domain. It has two sentences."
