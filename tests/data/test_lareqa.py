import json
from pathlib import Path

import pandas as pd
import pytest

from book.shared import reference, stored_runs, tables
from hybridlib.data import lareqa
from hybridlib.evaluation import three_settings
from study.data import balanced_help, registry
from study.store.runs import Store
from tests.data.published import write


@pytest.mark.parametrize(("name", "title"), [("xquad-r", "XQuAD-R"), ("mlqa-r", "MLQA-R")])
def test_sizes_equal_table_10(mirror, name, title):
    sizes = lareqa.load(name).sizes()
    paper = reference.lareqa_sizes().query("dataset == @title").reset_index(drop=True)
    columns = ["language", "queries", "candidates"]
    pd.testing.assert_frame_equal(sizes[columns], paper[columns])


def test_every_question_has_an_answer_in_each_of_its_languages(mirror):
    xquad = lareqa.load("xquad-r")
    assert len(xquad.relevant_candidates()) == 11 * 11 * 1190  # one a language
    mlqa = lareqa.load("mlqa-r").relevant_candidates().groupby("query").size()
    assert mlqa.between(2, 4).all()


def published(mirror, monkeypatch, answer_start=13):
    """A file in upstream's layout with its checksum pinned."""
    question = {"id": "5725b81b", "question": "What then?"}
    paragraph = {
        "context": "First things. Then others.",
        "sentence_breaks": [[0, 13], [13, 26]],
        "qas": [question | {"answers": [{"answer_start": answer_start, "text": "Then"}]}],
    }
    file = mirror / "lareqa" / "xquad-r" / "en.json"
    checksum = write(file, [json.dumps({"data": [{"title": "t", "paragraphs": [paragraph]}]})])
    monkeypatch.setattr(lareqa, "CHECKSUMS", {"xquad-r": {"en": checksum}})
    return file


@pytest.mark.parametrize(("offset", "sentence"), [(0, 0), (12, 0), (13, 1), (25, 1)])
def test_the_answer_is_the_sentence_where_it_starts(own_mirror, monkeypatch, offset, sentence):
    published(own_mirror, monkeypatch, answer_start=offset)
    benchmark = lareqa.load("xquad-r")
    assert benchmark.relevance["candidate"].tolist() == [f"en/0/0/{sentence}"]
    assert benchmark.candidates["text"].tolist() == ["First things.", " Then others."]


@pytest.mark.parametrize("offset", [-1, 26, 4000])
def test_an_offset_outside_every_sentence_is_refused(own_mirror, monkeypatch, offset):
    published(own_mirror, monkeypatch, answer_start=offset)
    message = f"xquad-r/en.json: question 5725b81b has no sentence at offset {offset}"
    with pytest.raises(ValueError, match=message):
        lareqa.load("xquad-r")


def test_a_damaged_file_is_refused(own_mirror, monkeypatch):
    file = published(own_mirror, monkeypatch)
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(ValueError, match=r"en\.json: SHA-256 is .* Way out: replace it, or unset"):
        lareqa.load("xquad-r")


def test_development_is_every_third_article_in_the_languages_of_training(mirror):
    file = mirror / "lareqa/xquad-r/en.json"
    titles = [article["title"] for article in json.loads(file.read_bytes())["data"]]
    assert frozenset(titles[::3]) == lareqa.DEVELOPMENT_ARTICLES
    assert lareqa.DEVELOPMENT_LANGUAGES == balanced_help.LANGUAGES
    part, whole = lareqa.load_development(), lareqa.load("xquad-r")
    languages = list(lareqa.DEVELOPMENT_LANGUAGES)
    assert list(part.query_languages) == list(part.candidate_languages) == languages
    asked = whole.queries.query("article in @titles[::3] and language in @languages")
    asked = asked.assign(paragraph=part.queries["paragraph"].to_numpy())
    pd.testing.assert_frame_equal(part.queries, asked.reset_index(drop=True))
    articles = {str(number) for number in range(0, 48, 3)}
    number = whole.candidates["candidate"].str.split("/").str[1]
    pool = whole.candidates[number.isin(articles) & whole.candidates["language"].isin(languages)]
    pd.testing.assert_frame_equal(part.candidates, pool.reset_index(drop=True))


def test_english_development_pairs_ask_for_the_answering_sentence(mirror):
    pairs, benchmark = registry.load_pairs("xquad-r-development-en"), lareqa.load_development()
    assert pairs.languages == ("en",)
    assert len(pairs) == (benchmark.queries["language"] == "en").sum()
    texts = benchmark.candidates.set_index("candidate")["text"]
    answer = benchmark.relevance[benchmark.relevance["candidate"].str.startswith("en/")]
    expected = texts[answer["candidate"]].set_axis(answer["question"])
    found = pairs.table.to_pandas().set_index("pair")["passage"]
    assert (found == expected[found.index]).all()


def test_remedies_are_estimated_on_sentences_of_development_articles_alone(mirror):
    pairs = registry.load_pairs(registry.DEVELOPMENT_SENTENCES)
    table = pairs.table.to_pandas()
    assert pairs.languages == tuple(sorted(lareqa.CHECKSUMS["xquad-r"]))
    assert table["query"].equals(table["passage"])
    for language in pairs.languages:
        data = json.loads((mirror / f"lareqa/xquad-r/{language}.json").read_bytes())["data"]
        sentences = {
            f"{language}/{i}/{j}/{k}": paragraph["context"][start:end]
            for i, article in enumerate(data)
            for j, paragraph in enumerate(article["paragraphs"])
            for k, (start, end) in enumerate(paragraph["sentence_breaks"])
            if article["title"] in lareqa.DEVELOPMENT_ARTICLES
        }
        found = table[table["language"] == language]
        assert dict(zip(found["pair"], found["query"], strict=True)) == sentences


def test_the_test_is_the_other_32_articles_ranked_in_the_pool_of_all():
    ranks = stored_runs.runs(Store(), "e5", "xquad-r")["untrained"].ranks
    kept = lareqa.of_test("xquad-r", ranks)
    assert not lareqa.DEVELOPMENT_ARTICLES & set(kept["article"])
    assert kept["article"].nunique() == 32
    assert set(kept["article"]) | lareqa.DEVELOPMENT_ARTICLES == set(ranks["article"])
    pd.testing.assert_frame_equal(kept, ranks.loc[kept.index])  # no rank is another one
    assert kept["rank_in_pool"].max() > 12_000  # 13,014 candidates in all
    other = stored_runs.runs(Store(), "e5", "mlqa-r")["untrained"].ranks
    assert lareqa.of_test("mlqa-r", other) is other
    renamed = ranks.replace({"article": {"Oxygen": "Oxygen "}})
    with pytest.raises(ValueError, match="ranks of xquad-r lack 1 articles, 'Oxygen' first"):
        lareqa.of_test("xquad-r", renamed)


def test_a_page_scores_test_questions_and_keeps_those_of_all_articles_apart():
    place = stored_runs.Place("e5", "xquad-r", Store())
    ranks = lareqa.of_test("xquad-r", place.store.load(Path("results/e5/xquad-r/untrained")).ranks)
    means = three_settings.summarize(three_settings.score(ranks)).set_index(["setting", "metric"])
    part, whole = place.scores["untrained"], place.scores_on_all["untrained"]
    for setting, metric in means.index:
        cells = tables.cells(part, setting, metric)
        assert part.estimate(cells).mean == pytest.approx(means["value"][setting, metric])
    cells = tables.cells(part, "monolingual", "mAP")
    assert part.estimate(cells).mean != pytest.approx(whole.estimate(cells).mean, abs=1e-4)
    assert (part.estimate(cells).articles.df, whole.estimate(cells).articles.df) == (31, 47)
    assert stored_runs.Place("e5", "mlqa-r", Store()).scores_on_all is None
