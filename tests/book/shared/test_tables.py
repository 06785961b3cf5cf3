import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from book.shared import comparisons, numbers, reference, stored_runs, tables
from book.shared import html as show
from hybridlib.evaluation import three_settings
from study.evaluation import language_content
from study.runs.profile import load_profile
from study.store.run import Run
from study.store.runs import Store
from tests.book.pages import planted

COMMITTED = sorted(Path("results").glob("e5*/*/*/run.json"))


def run(ranks_in_pool):
    """Three questions, alike; two languages."""
    rows = [
        (question, query, candidate, 1, rank)
        for question in ("q", "r", "s")
        for query in ("de", "en")
        for candidate, rank in zip(("de", "en"), ranks_in_pool, strict=True)
    ]
    names = ["question", *three_settings.PAIR, "rank_in_language", "rank_in_pool"]
    ranks = pd.DataFrame(rows, columns=names)
    return Run("x", {}, {}, three_settings.score(ranks), ranks)


RUNS = {
    "untrained": run((1, 41)),
    "x-x-seed0": run((1, 21)),
    "x-x-seed1": run((1, 11)),
    "x-y-seed0": run((1, 3)),
    "hybrid-0.5-seed0": run((1, 5)),
}
SCORES = stored_runs.scores(RUNS)


def test_the_headline_is_a_mean_over_seeds_with_the_paper_beside_it():
    table = tables.headline(SCORES, "xquad-r")
    distance = table.loc[("here", "X-X"), "rank distance"]
    assert (distance.lowest_seed, distance.mean, distance.highest_seed) == (10, 15, 20)
    assert table.loc[("here", "X-X"), "seeds"] == 2
    assert table.loc[("paper, XLM-R", "Hybrid"), "Mul. mAP"] == 0.593
    assert table.loc[("paper, LaBSE", "X-Y"), "rank distance"] == 225
    assert list(table.index.get_level_values("sampler")[:4]) == [
        "untrained", "X-X", "X-Y", "Hybrid, α = 0.5",
    ]  # fmt: skip


def test_one_run_a_sampler_decides_nothing_and_has_no_interval():
    against = comparisons.against(SCORES, [(tables.HYBRID, "X-Y")])
    assert set(against["verdict"]) == {"open"}
    table = tables.headline(SCORES, "xquad-r")
    html = show.show(table, "headline").data
    assert '<div class="interval">one run</div>' in html
    assert "inf" not in html.partition("<p class=")[0]
    assert ">2<" in html


def test_best_is_bold_and_second_underlined_within_each_source():
    table = tables.means(tables.headline(SCORES, "xquad-r")[["Mul. mAP", "rank distance"]])
    marks = show.marks(table.astype(float), [False, True])
    bold = "font-weight: bold"
    best = {column: [*marks.index[marks[column] == bold]] for column in table}
    expected = {("here", "X-Y"), ("paper, XLM-R", "Hybrid"), ("paper, LaBSE", "Hybrid")}
    assert set(best["rank distance"]) == expected
    assert ("paper, XLM-R", "X-X") not in best["Mul. mAP"]


def test_a_language_table_has_ours_the_papers_and_the_difference():
    table = tables.by_language(SCORES, "xquad-r", "XLM-R", "multilingual", "rank distance")
    paper_languages = ["ar", "de", "el", "en", "es", "hi", "ru", "th", "tr", "vi", "zh"]
    assert list(table.index) == [*paper_languages, "mean"]  # no row is dropped
    assert np.isnan(table.loc["mean", ("X-X", "here")])  # nor a mean over missing cells printed
    here, paper, difference = table.loc["de", "X-X"]
    assert here.mean == 15
    assert difference == here.mean - paper
    assert ("untrained", "paper") not in table
    html = show.show_by_language(table, "bias", "rank distance").data
    low, high = (numbers.written_cell(end) for end in (here.low, here.high))
    assert f'{low} to {high}<div class="seeds">seeds 10 to 20</div>' in html
    nothing = tables.by_language(SCORES, "cldr", "XLM-R", "multilingual", "mAP")
    assert set(nothing.columns.get_level_values(1)) == {"here"}


def test_ours_stands_left_of_the_papers_and_the_csv_has_what_the_table_leaves_out():
    table = tables.by_language(SCORES, "xquad-r", "XLM-R", "multilingual", "rank distance")
    shown = show.show_by_language(table, "bias", "rank distance")
    ours, theirs = re.findall(r'colspan="(\d)">(\w+)<', shown.data)
    assert (ours, theirs) == (("4", "here"), ("3", "paper"))
    labels = re.findall(r'<th id="[^"]*level1_col\d"[^>]*>([^<]+)<', shown.data)
    trained = ["X-X", "X-Y", tables.HYBRID]
    assert labels == ["untrained", *trained, *trained]
    csv = planted.csv(shown, "bias")
    row = csv[csv["query language"] == "de"].iloc[0]
    here = table.loc["de", ("X-X", "here")]
    for part in ("low", "high", "lowest seed", "highest seed"):
        assert row[f"X-X here {part}"] == getattr(here, part.replace(" ", "_"))
    assert row["X-X difference"] == row["X-X here"] - row["X-X paper"]


def test_differences_to_read_have_a_row_a_pair_in_their_order_and_a_column_a_measure():
    rows = [
        (corpus, "Hybrid", other, measure, 0.1, 0.05, 0.15, "better")
        for corpus in ("small", "large")
        for other in ("X-Y", "X-X")
        for measure in ("Mul. mAP", "Mo. mAP")
    ]
    names = ["corpus", "one", "other", "measure", "difference", "low", "high", "verdict"]
    wide = comparisons.wide_against(pd.DataFrame(rows, columns=names))
    assert list(wide) == ["corpus", "pair", "Mul. mAP", "Mo. mAP"]
    assert wide["pair"].tolist() == ["Hybrid minus X-Y", "Hybrid minus X-X"] * 2
    assert wide["corpus"].tolist() == ["small", "small", "large", "large"]
    assert set(wide["Mo. mAP"]) == {"+0.100 (+0.050 to +0.150), better"}


def test_the_papers_means_are_those_of_its_rows():
    every = reference.scores()
    rows = every[every["table"].between(3, 8)]
    keys = ["dataset", "model", "sampling", "setting", "metric"]
    languages = rows[rows["language"].str.len() == 2].groupby(keys)["value"].mean()
    printed = rows[rows["language"].str.len() != 2].set_index(keys)["value"]
    assert len(printed) == len(languages)
    is_distance = printed.index.get_level_values("metric") == "rank distance"
    difference = (languages.reindex(printed.index) - printed).abs()
    assert (difference <= np.where(is_distance, 0.5, 0.0011)).all(), difference.nlargest(5)


@pytest.mark.parametrize("kind", ["e5-second/xquad-r", "e5-second/mlqa-r", "raw/training"])
def test_every_run_of_the_second_edition_is_committed(kind):
    planned = set(load_profile(kind.partition("/")[0]).runs())
    names = {path.name for path in Path("results", kind).iterdir()}
    assert names == planned - ({"untrained"} if kind.endswith("training") else set())


@pytest.mark.parametrize("file", COMMITTED, ids=lambda file: "/".join(file.parts[1:4]))
def test_committed_scores_follow_from_the_committed_ranks(file):
    run = Store().load(file.parent)
    if run.ranks is not None and "query_variety" not in run.ranks:  # means by pair of SIB-200
        measure = language_content if "value" in run.ranks else three_settings
        pd.testing.assert_frame_equal(measure.score(run.ranks), run.scores, rtol=1e-12)
    assert "dirty" not in run.provenance["commit"]
