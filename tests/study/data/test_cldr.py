import re
import unicodedata
from string import Formatter

import babel
import pytest
import yaml
from babel.core import get_global

from study.data.cldr import load as cldr
from study.data.cldr.load import RELATIONS

# how Unicode's names of letters begin in scripts that are not Latin
NAMES = {"ar": "ARABIC LETTER", "el": "GREEK", "hi": "DEVA", "ru": "CYR", "th": "THAI", "zh": "CJK"}


@pytest.fixture(scope="module")
def pairs():
    return cldr.load_pairs()


@pytest.fixture(scope="module")
def benchmark():
    return cldr.load_benchmark()


def entity(fact_id):
    relation, subject = fact_id.split("/", 1)
    kind = RELATIONS[relation][0]
    if kind == "cities":
        return f"territories/{get_global('zone_territories')[subject]}"
    return f"{kind}/{subject}"


def test_pairs_and_questions_with_their_one_answer_are_in_all_languages(pairs, benchmark):
    assert pairs.languages == cldr.LANGUAGES
    assert (pairs.rows >= 0).all()
    asked = benchmark.queries.groupby("question")["language"].agg(sorted)
    assert (asked.str.join(" ") == " ".join(cldr.LANGUAGES)).all()
    answers = benchmark.relevance.groupby("question")["candidate"].agg(sorted)
    assert answers.index.equals(asked.index)
    for question, candidates in answers.items():
        assert candidates == [f"{language}/{question}" for language in cldr.LANGUAGES]


def test_training_and_evaluation_share_no_entity(pairs, benchmark):
    training = {entity(pair) for pair in pairs.table["pair"].to_pylist()}
    # the candidate's language goes off its id
    evaluation = {entity(name.split("/", 1)[1]) for name in benchmark.candidates["candidate"]}
    assert training and evaluation
    assert not training & evaluation


def test_namesakes_are_left_out(monkeypatch):
    names = {"cities": {"Europe/Paris": "Paris", "America/Chicago": "Paris", "Asia/Tokyo": "Tokyo"}}
    names["territories"] = {"FR": "France", "US": "United States", "JP": "Japan"}
    answers = {"Europe/Paris": "FR", "America/Chicago": "US", "Asia/Tokyo": "JP"}
    monkeypatch.setattr(cldr, "read_answers", lambda: {"city": answers})
    monkeypatch.setattr(cldr, "read_names", lambda language: names)
    assert set(cldr.read_facts.__wrapped__()["pair"]) == {"city/Asia/Tokyo"}


@pytest.mark.parametrize("language", NAMES)
def test_texts_are_in_the_script_of_their_language(language, pairs, benchmark):
    rows = pairs.only([language]).table
    texts = [*rows["query"].to_pylist(), *rows["passage"].to_pylist()]
    for frame in (benchmark.queries, benchmark.candidates):
        texts += frame.loc[frame["language"] == language, "text"].to_list()
    for text in texts:
        assert any(unicodedata.name(one, "").startswith(NAMES[language]) for one in text), text
        assert not re.search("[a-z]", text), text  # codes, CFA and ISO are in capitals


def test_packaged_templates_have_their_placeholders_once_and_are_all_different():
    templates = yaml.safe_load(cldr.TEMPLATES.read_text(encoding="utf-8"))
    assert set(templates) == set(RELATIONS)
    placeholders = {"question": ["entity"], "answer": ["answer", "entity"]}
    for language in cldr.LANGUAGES:
        parts = [part for relation in RELATIONS for part in templates[relation][language].items()]
        assert len({text for _, text in parts}) == 2 * len(RELATIONS)
        for part, text in parts:
            fields = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
            assert sorted(fields) == placeholders[part], text


def test_the_embedded_data_are_those_that_babel_gave(pairs, benchmark):
    if babel.__version__ != "2.18.0":
        pytest.skip("another Babel has another CLDR")
    assert pairs.revision == "d9eeb55851f82946"
    assert benchmark.revision == "2989e3bcbc589d85"
