"""LAReQA's retrieval forms of XQuAD and MLQA (Roy et al., 2020): XQuAD-R and MLQA-R."""

import json
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from hybridlib.checks import check
from hybridlib.data.benchmark import (
    CANDIDATE_COLUMNS,
    PLACE_COLUMNS,
    QUERY_COLUMNS,
    RetrievalBenchmark,
)
from hybridlib.data.fetch.download import fetch

_REPOSITORY = "https://raw.githubusercontent.com/google-research-datasets/lareqa"
COMMITS = {
    "xquad-r": "9bc8c7fb6dd8d01d72a05a93c2cb96882b0d299c",
    "mlqa-r": "354d67d1cd066854cdfbf5ad0e6105528976141d",
}
CHECKSUMS = {
    "xquad-r": {
        "ar": "c52922d3b8ac1ae03ed5ac38647ad59870dca3dda2beefe18ecdc30729acb69d",
        "de": "16fb0f4bf4916154b585a20c24c66074591c9718a1affe764ff4697572328949",
        "el": "163fd43ee785a30eb534ae2061e9eaa766a7ee4e8ffce5e4b422480c150f64b6",
        "en": "7b0954f39297c27a31fef610f0883337dd2907fa8699151dc922afdd0fa12ffe",
        "es": "f8e836b2d91009c4363e04315f7ede363eedbbb49c67dda60de6c4aa782f58de",
        "hi": "ea45ba8ae4513d1533b222bebdc02a90bc319c055d3aeea68584a053d2e92872",
        "ru": "7f4dff853538b9a5fcc28c070b8bb983a5c5d190ac747b8e005a1ada9cab18f1",
        "th": "c3a041864c3a9fb0b4dd91cfdf99cf36b411b3e704c58a303c97bc6dc786cfe4",
        "tr": "f3e8c13002bbce154a4578f535f7533cb70f3da08840e6b62735935baec7bd94",
        "vi": "e35926bf5cc6fc6ecbdfca49467aabeb454f08d152d7818143a906bd31dde995",
        "zh": "80c2cde7b9c2fb134c303cbb52f2ba396ead9eb0014aec43993543d2ba9e93ed",
    },
    "mlqa-r": {
        "ar": "2132fbc03208535c0fe01f2e2c5121d06f9c2aa799af93b0a719dbc105bdf137",
        "de": "ce9454dc5aa6f2d85c23cd6e49cb367fbb7c4c6e62d7f71e355c6b5dae4d0886",
        "en": "fedd9a5cc0848dda80caf84aa36f482adaae230526a3f6e9e86926a93ef3b1e4",
        "es": "70ecba276b8c96a692b120693a595d076ce94ad21d4b28311538a9fcbfe0f9d7",
        "hi": "4dd0fb3c06f737a5481d705bc1dcac7876712a5815c9265908fbb3a0696cb654",
        "vi": "9d3baff6ba03e6793b25594217265ea59a136b9733833dca8a9582a84a78ff85",
        "zh": "57f01d2fff50cf3392805635b01445339f225ad5bf28ba8443b12f8dbd1e69dc",
    },
}

DEVELOPMENT = "xquad-r-development"
DEVELOPMENT_LANGUAGES = ("de", "en", "es", "ru", "tr", "zh")  # others stay unseen
DEVELOPMENT_ARTICLES = frozenset({  # every third one of XQuAD-R's 48
    "Super_Bowl_50", "Nikola_Tesla", "Martin_Luther", "Victoria_(Australia)", "Oxygen",
    "European_Union_law", "Fresno,_California", "Geology", "American_Broadcasting_Company",
    "Immune_system", "Private_school", "Economic_inequality", "Yuan_dynasty", "Chloroplast",
    "Scottish_Parliament", "United_Methodist_Church",
})  # fmt: skip


def load(name: str, every: int = 1) -> RetrievalBenchmark:
    """Load XQuAD-R (11 languages) or MLQA-R (7): each sentence of each paragraph is a candidate.

    A query's relevant candidate in a language is the sentence in which its answer starts; question
    ids join the languages. Candidates are not deduplicated, as in table 10 of the paper. With
    ``every``, every so-manieth paragraph is taken alone, with all its sentences and questions: for
    XQuAD-R, whose paragraphs stand in the same order in all languages. Errors are those of
    :func:`hybridlib.data.fetch.download.fetch`, and a ValueError for an answer outside every
    sentence.

    Source: https://github.com/google-research-datasets/lareqa; section 4.1 of the paper.
    """
    check("benchmark of LAReQA", name, str, CHECKSUMS)
    title = name if every == 1 else f"{name}-every-{every}"
    return _benchmark(title, name, CHECKSUMS[name], lambda number, _: number % every == 0)


def load_development(languages: Iterable[str] = DEVELOPMENT_LANGUAGES) -> RetrievalBenchmark:
    """Load what recipes are chosen on: the sentences and questions of 16 articles of XQuAD-R.

    They are in the six languages of training, or in others of XQuAD-R, English among them.
    Questions of the other 32 articles are the test.
    """
    return _benchmark(
        DEVELOPMENT, "xquad-r", languages, lambda _, article: article in DEVELOPMENT_ARTICLES
    )


def of_test(benchmark: str, ranks: pd.DataFrame) -> pd.DataFrame:
    """Keep the ranks of test questions: the pool they are ranked in stays that of all articles.

    Of ``xquad-r`` the questions of development articles go; other benchmarks are all test. Ranks of
    XQuAD-R that lack a development article are a ValueError: they are not those of the whole.
    """
    if benchmark != "xquad-r":
        return ranks
    codes, articles = pd.factorize(ranks["article"])  # ten times as fast as a test of each row
    missing = DEVELOPMENT_ARTICLES.difference(articles)
    if missing:
        raise ValueError(f"ranks of xquad-r lack {len(missing)} articles, {min(missing)!r} first")
    return ranks[~articles.isin(DEVELOPMENT_ARTICLES)[codes]]


def _benchmark(
    title: str, name: str, languages: Iterable[str], is_taken: Callable[[int, str], bool]
) -> RetrievalBenchmark:
    """Read each language's paragraphs; those are taken whose number and article say so."""
    files = {language: _fetch(name, language) for language in languages}
    places = {
        question["id"]: (article, f"{article}/{number}")
        for article, number, _, paragraph in _paragraphs(files["en"])
        for question in paragraph["qas"]
    }
    queries, candidates, relevance = [], [], []
    for language, file in files.items():
        for number, (article, _, paragraph_id, paragraph) in enumerate(_paragraphs(file)):
            if not is_taken(number, article):
                continue
            breaks = paragraph["sentence_breaks"]
            ids = [f"{language}/{paragraph_id}/{i}" for i in range(len(breaks))]
            for sentence_id, (start, end) in zip(ids, breaks, strict=True):
                candidates.append((language, sentence_id, paragraph["context"][start:end]))
            for question in paragraph["qas"]:
                question_id = question["id"]
                queries.append((language, question_id, question["question"], *places[question_id]))
                relevance.append((question_id, ids[_sentence_of_answer(file, question, breaks)]))
    return RetrievalBenchmark(
        title,
        pd.DataFrame(queries, columns=[*QUERY_COLUMNS, *PLACE_COLUMNS]),
        pd.DataFrame(candidates, columns=list(CANDIDATE_COLUMNS)),
        pd.DataFrame(relevance, columns=["question", "candidate"]),
    )


def _fetch(name: str, language: str) -> Path:
    url = f"{_REPOSITORY}/{COMMITS[name]}/{name}/{language}.json"
    return fetch(f"lareqa/{name}/{language}.json", url, CHECKSUMS[name][language])


def _paragraphs(file: Path) -> Iterator[tuple[str, int, str, dict[str, Any]]]:
    """Yield the article's title, the paragraph's number in it, its id, and the paragraph."""
    for i, article in enumerate(json.loads(file.read_bytes())["data"]):
        for j, paragraph in enumerate(article["paragraphs"]):
            yield article["title"], j, f"{i}/{j}", paragraph


def _sentence_of_answer(file: Path, question: dict[str, Any], breaks: list[list[int]]) -> int:
    offset = question["answers"][0]["answer_start"]
    sentence = bisect_right([start for start, _ in breaks], offset) - 1
    if sentence < 0 or offset >= breaks[sentence][1]:
        place = f"{file.parent.name}/{file.name}: question {question['id']}"
        raise ValueError(f"{place} has no sentence at offset {offset}")
    return sentence
