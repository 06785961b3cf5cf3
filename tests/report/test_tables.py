from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hybridlib import experiment, protocol, results
from hybridlib.report import reference, stored, tables

COMMITTED = sorted(Path("results/companion").glob("*/*/run.json"))


def run(ranks_in_pool, name="x"):
    ranks = pd.DataFrame(
        [
            ("q", query, candidate, 1, rank)
            for query in ("de", "en")
            for candidate, rank in zip(("de", "en"), ranks_in_pool, strict=True)
        ],
        columns=[
            "question", "query_language", "candidate_language", "rank_in_language", "rank_in_pool",
        ],
    )  # fmt: skip
    return results.Run(name, {}, {}, protocol.score(ranks), ranks)


RUNS = {
    "untrained": run((1, 41)),
    "x-x-seed0": run((1, 21)),
    "x-x-seed1": run((1, 11)),
    "x-y-seed0": run((1, 3)),
    "hybrid-0.5-seed0": run((1, 5)),
}


def test_the_headline_is_a_mean_over_seeds_with_the_paper_beside_it():
    table = tables.headline(RUNS, "xquad-r")
    assert table.loc[("here", "X-X"), "rank distance"] == 15
    assert table.loc[("here", "X-X"), "seeds"] == 2
    assert table.loc[("paper, XLM-R", "Hybrid"), "Mul. mAP"] == 0.593
    assert table.loc[("paper, LaBSE", "X-Y"), "rank distance"] == 225
    assert list(table.index.get_level_values("sampler")[:4]) == [
        "untrained", "X-X", "X-Y", "Hybrid, α = 0.5",
    ]  # fmt: skip


def test_the_answer_names_the_first_of_each_measure():
    answer = tables.answer(tables.headline(RUNS, "cldr"))
    assert "hybrid comes first or level: here 2 of 4." in answer  # Mo. and Cr. are level
    assert "Mul. mAP: X-Y; rank distance: X-Y." in answer
    beside = tables.answer(tables.headline(RUNS, "xquad-r"))
    assert "in the paper, XLM-R 4 of 4, in the paper, LaBSE 4 of 4." in beside


def test_best_is_bold_and_second_underlined_within_each_source():
    table = tables.headline(RUNS, "xquad-r")[["Mul. mAP", "rank distance"]]
    marks = tables.marks(table, ["rank distance"])
    bold = "font-weight: bold"
    best = {column: [*marks.index[marks[column] == bold]] for column in table}
    assert best["rank distance"] == [
        ("here", "X-Y"), ("paper, XLM-R", "Hybrid"), ("paper, LaBSE", "Hybrid"),
    ]  # fmt: skip
    assert ("paper, XLM-R", "X-X") not in best["Mul. mAP"]
    rows = pd.DataFrame({"a": [1.0, 2.0], "b": [3.0, 1.5]}, index=["x", "y"])
    assert tables.marks(rows, ["a", "b"])["a"].tolist() == [bold, "text-decoration: underline"]
    assert tables.marks(rows, [])["a"].tolist() == ["text-decoration: underline", bold]


def test_a_table_carries_its_csv():
    frame = pd.DataFrame({"language": ["en"], "value": [0.123456]})
    html = tables.show_plain(frame, "numbers").data
    assert 'download="numbers.csv"' in html
    assert "0.123" in html
    assert "bGFuZ3VhZ2UsdmFsdWUKZW4sMC4xMjM0NTYK" in html  # base64 of the whole number


def test_the_runs_come_in_the_order_of_the_tables(tmp_path):
    for name in ("x-y-seed0", "hybrid-0.5-seed0", "untrained", "x-x-seed0"):
        results.save(tmp_path / name, RUNS[name])
    results.save(tmp_path / "mine", RUNS["x-x-seed0"])
    (tmp_path / ".x-x-half-written").mkdir()
    assert list(stored.runs(tmp_path)) == [
        "untrained",
        "x-x-seed0",
        "x-y-seed0",
        "hybrid-0.5-seed0",
        "mine",
    ]
    with pytest.raises(FileNotFoundError, match="holds no run; `make book` computes"):
        stored.runs(tmp_path / "absent")


def test_the_papers_means_are_those_of_its_rows():
    every = reference.scores()
    rows = every[every["table"].between(3, 8)]
    keys = ["dataset", "model", "sampling", "setting", "metric"]
    languages = rows[rows["language"].str.len() == 2].groupby(keys)["value"].mean()
    printed = rows[rows["language"].str.len() != 2].set_index(keys)["value"]
    assert len(printed) == len(languages)
    is_distance = printed.index.get_level_values("metric") == "rank_distance"
    difference = (languages.reindex(printed.index) - printed).abs()
    assert (difference <= np.where(is_distance, 0.5, 0.0011)).all(), difference.nlargest(5)


def test_there_are_committed_runs():
    assert {"xquad-r", "mlqa-r", "training"} == {file.parent.parent.name for file in COMMITTED}


@pytest.mark.parametrize("file", COMMITTED, ids=lambda file: "/".join(file.parts[2:4]))
def test_committed_scores_follow_from_the_committed_ranks(file):
    run = results.load(file.parent)
    if run.ranks is not None:
        pd.testing.assert_frame_equal(protocol.score(run.ranks), run.scores, rtol=1e-12)
    assert "dirty" not in run.provenance["commit"]


@pytest.mark.parametrize("file", COMMITTED, ids=lambda file: "/".join(file.parts[2:4]))
def test_committed_runs_have_the_keys_of_the_present_code(file):
    run = results.load(file.parent)
    settings = "mean TextSettings(query_prefix='query: ', passage_prefix='passage: ', max_query_tokens=512, max_passage_tokens=512)"  # noqa: E501
    inputs = run.provenance["revisions"] | {"settings": settings}
    is_training = file.parent.parent.name == "training"
    code = experiment.TRAINING_CODE if is_training else experiment.RANKING_CODE
    assert run.key == results.run_key(run.parameters, inputs, code)
