import pandas as pd
import pytest

from study.data import sib_200
from study.data.language_facts import language_facts


@pytest.fixture
def folder(mirror):
    if not (mirror / "sib-200").is_dir():
        pytest.skip("needs the real SIB-200: name the folder that holds sib-200 in the mirror")
    return mirror / "sib-200"


def test_the_real_files_are_parallel_in_every_chosen_variety(folder):
    texts = sib_200.load().texts
    assert len(texts) == 131
    assert {len(sentences) for sentences in texts.values()} == {sib_200.NUM_SENTENCES} == {204}
    assert all(text.strip() for sentences in texts.values() for text in sentences)
    files = [folder / f"data/annotated/{variety}/test.tsv" for variety in texts]
    ids = [pd.read_csv(file, sep="\t", usecols=["index_id"])["index_id"] for file in files]
    assert all(one.equals(ids[0]) for one in ids)
    english = texts["eng_Latn"]
    assert any("Today Apple is going to reinvent the phone" in text for text in english)
    assert not any(text.startswith('"') and text.endswith('"') and '""' in text for text in english)


def test_every_variety_of_the_real_files_has_facts_and_a_checksum(folder):
    folders = {path.name for path in (folder / "data/annotated").iterdir()}
    checksums = pd.read_csv(sib_200._CHECKSUMS, index_col="variety")
    assert len(folders) == 205
    assert folders == set(checksums.index) == set(language_facts().index)
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    sums = dict(reversed(line.split()) for line in lines)
    for variety, checksum in checksums["sha256"].items():
        assert sums[f"data/annotated/{variety}/test.tsv"] == checksum
