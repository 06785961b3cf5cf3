import pandas as pd
import pytest

from study.data import sib_200
from study.data.language_facts import language_facts
from study.data.sib_200 import ParallelSentences
from tests.data.published import write

TURKISH = 'index_id\tcategory\ttext\n7\ttravel\t"O ""iyi"" dedi."\n9\ttravel\tGeldi.\n'
ENGLISH = 'index_id\tcategory\ttext\n7\ttravel\tHe said "ok".\n9\ttravel\tHe came.\n'


@pytest.fixture
def real(mirror):
    if not (mirror / "sib-200").is_dir():
        pytest.skip("needs the real SIB-200: name the folder that holds sib-200 in the mirror")


@pytest.fixture
def published(tmp_path, monkeypatch):
    """Files in upstream's layout with their checksums pinned, in a mirror of their own."""

    def publish(**files):
        checksums = []
        for variety, text in files.items():
            file = tmp_path / f"sib-200/data/annotated/{variety}/test.tsv"
            checksums.append((variety, write(file, text.splitlines())))
        table = tmp_path / "checksums.csv"
        pd.DataFrame(checksums, columns=["variety", "sha256"]).to_csv(table, index=False)
        monkeypatch.setattr(sib_200, "_CHECKSUMS", table)
        monkeypatch.setenv("HYBRIDLIB_MIRROR", str(tmp_path))
        return list(files)

    return publish


def test_the_real_files_are_parallel_in_every_chosen_variety(real):
    sentences = sib_200.load()
    assert len(sentences.varieties) == 131
    assert sentences.num_sentences == sib_200.NUM_SENTENCES == 204
    assert len(sentences.varieties) * (len(sentences.varieties) - 1) >= 10_000
    english = sentences.texts["eng_Latn"]
    assert any("Today Apple is going to reinvent the phone" in text for text in english)
    assert not any(text.startswith('"') and text.endswith('"') and '""' in text for text in english)


def test_every_variety_of_the_real_files_has_facts_and_a_checksum(real, mirror):
    folders = {path.name for path in (mirror / "sib-200/data/annotated").iterdir()}
    checksums = pd.read_csv(sib_200._CHECKSUMS, index_col="variety")
    assert len(folders) == 205
    assert folders == set(checksums.index) == set(language_facts().index)
    lines = (mirror / "sib-200/SHA256SUMS").read_text().splitlines()
    sums = dict(reversed(line.split()) for line in lines)
    for variety, checksum in checksums["sha256"].items():
        assert sums[f"data/annotated/{variety}/test.tsv"] == checksum


def test_quotation_marks_are_read(published):
    sentences = sib_200.load(published(tur_Latn=TURKISH, eng_Latn=ENGLISH))
    assert sentences.varieties == ("eng_Latn", "tur_Latn")
    assert sentences.texts["tur_Latn"] == ('O "iyi" dedi.', "Geldi.")


def test_a_variety_without_a_file_is_refused():
    with pytest.raises(ValueError, match="SIB-200 has no variety 'bre_Latn'; it has 205, as deu"):
        sib_200.load(["deu_Latn", "bre_Latn"])


def test_a_file_with_other_sentences_is_refused(published):
    names = published(tur_Latn=TURKISH, eng_Latn=ENGLISH.replace("\n9\t", "\n8\t"))
    with pytest.raises(ValueError, match=r"eng_Latn/test\.tsv has other sentences, or another"):
        sib_200.load(names)


def test_a_file_without_its_columns_is_refused(published):
    names = published(tur_Latn=TURKISH.replace("category", "topic"), eng_Latn=ENGLISH)
    with pytest.raises(ValueError, match=r"tur_Latn/test\.tsv must have the columns index_id, cat"):
        sib_200.load(names)


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ({"a": ["x", "y"], "b": ["x"]}, "b has 1 sentences, a has 2; they must be parallel"),
        ({"a": ["x", "y"], "b": ["x", " "]}, "sentence 1 is empty in b"),
        ({"a": ["x"], "b": ["x"]}, "there is no other sentence"),
        ({}, "two varieties or more, got none"),
    ],
)
def test_sentences_that_are_not_parallel_are_refused(texts, message):
    with pytest.raises(ValueError, match=message):
        ParallelSentences("demo", texts)
