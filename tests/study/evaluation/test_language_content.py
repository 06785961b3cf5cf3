import numpy as np
import pandas as pd
import pytest

from study.evaluation.language_content import (
    ACCURACY,
    SHARE,
    language_content,
    question_scores,
    score,
)

LANGUAGES, NUM_QUESTIONS, DIMENSIONS = ("de", "en", "hi", "zh"), 200, 24


def queries():
    rows = [
        (language, f"q{number}", f"article {number % 40}")
        for language in LANGUAGES
        for number in range(NUM_QUESTIONS)
    ]
    return pd.DataFrame(rows, columns=["language", "question", "article"])


def embeddings(of_meaning, of_language, noise=0.3, seed=0):
    """A part that translations share, one that a language shares, and noise."""
    rng = np.random.default_rng(seed)
    meaning = rng.normal(size=(NUM_QUESTIONS, DIMENSIONS))
    language = np.random.default_rng(99).normal(size=(len(LANGUAGES), DIMENSIONS))
    rows = of_meaning * meaning + of_language * language[:, None]
    rows = rows + noise * rng.normal(size=rows.shape)
    rows = rows.reshape(-1, DIMENSIONS)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_an_encoder_of_language_alone_is_recognised_and_finds_no_more_than_by_chance():
    scores = score(language_content(queries(), embeddings(of_meaning=0, of_language=1)))
    found = scores.groupby(["setting", "metric"])["value"].mean()
    assert found["embeddings", ACCURACY] > 0.99
    assert found["embeddings", SHARE] > 0.7
    assert found["translations", "R@1"] < 0.02


def test_the_share_of_variance_is_that_of_a_one_way_analysis():
    vectors = embeddings(1, 1)
    content = language_content(queries(), vectors)
    values = content.loc[content["metric"] == SHARE, "value"]
    overall, of_language = vectors.mean(0), vectors.reshape(len(LANGUAGES), NUM_QUESTIONS, -1)
    between = NUM_QUESTIONS * ((of_language.mean(1) - overall) ** 2).sum()
    assert values.mean() == pytest.approx(between / ((vectors - overall) ** 2).sum(), abs=1e-6)


def test_the_spread_over_questions_is_the_standard_error_of_the_share():
    shares, errors = [], []
    for seed in range(40):
        content = language_content(queries(), embeddings(1, 0.5, seed=seed))
        values = content.loc[content["metric"] == SHARE, "value"].to_numpy(np.float64)
        errors.append(values.std(ddof=1) / np.sqrt(len(values)))
        shares.append(values.mean())
    assert np.mean(errors) == pytest.approx(np.std(shares), rel=0.3)


def test_a_question_in_one_language_has_no_translation_to_find():
    asked = queries()
    kept = ((asked["question"] != "q0") | (asked["language"] == "de")).to_numpy()
    table = question_scores(language_content(asked[kept], embeddings(1, 0)[kept]))
    assert table.loc["q0", "translations"].isna().all()
    assert table.loc["q0", ("embeddings", ACCURACY, "de", "all")] in (0, 1)


def test_ties_go_against_the_translation():
    table = question_scores(language_content(queries(), np.ones((800, 3)) / np.sqrt(3)))
    assert (table["translations"] == 0).all().all()
