import hashlib
import json

import pytest

from hybridlib.data import squad_shifts


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The four files in upstream's layout with their checksums pinned, in a mirror."""
    checksums = {}
    for domain in squad_shifts.CHECKSUMS:
        paragraph = {
            "context": f" {domain} is a domain. It has two sentences.",
            "qas": [
                {
                    "id": "1",
                    "question": f"What is {domain}? ",
                    "answers": [{"answer_start": 0, "text": "a"}],
                },
                {
                    "id": "2",
                    "question": "How many?",
                    "answers": [{"answer_start": 9, "text": "two"}],
                },
            ],
        }
        file = tmp_path / "squad-shifts" / f"{domain}_v1.0.json"
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps({"data": [{"title": "t", "paragraphs": [paragraph]}]}))
        checksums[domain] = hashlib.sha256(file.read_bytes()).hexdigest()
    monkeypatch.setattr(squad_shifts, "CHECKSUMS", checksums)
    monkeypatch.setenv("HYBRIDLIB_MIRROR", str(tmp_path))
    return tmp_path


def test_each_question_goes_with_its_paragraph_in_english(folder):
    pairs = squad_shifts.load()
    assert (len(pairs), pairs.languages, pairs.corpora) == (8, ("en",), ("squad-shifts",))
    row = pairs.table.to_pylist()[2]
    assert row["pair"] == "nyt/1"
    assert row["query"] == "What is nyt?"
    assert row["passage"] == "nyt is a domain. It has two sentences."
