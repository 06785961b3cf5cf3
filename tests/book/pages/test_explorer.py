import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from book.pages import explorer, explorer_shown
from book.shared import stored_runs
from hybridlib.evaluation import three_settings
from study.store.provenance import describe
from study.store.runs import Store
from tests.book.pages import planted

PLANTED = '</script><img src=x onerror="document.title += 1">'


def store_of(folder, runs, benchmark="xquad-r"):
    store = Store(folder)
    for name, run in runs.items():
        scores = three_settings.score(run.ranks)
        whole = replace(run, provenance=describe({}, 1), scores=scores)
        store.save(folder / "raw" / benchmark / name, whole)
    return store


def stored(store):
    return {("raw", "xquad-r"): stored_runs.runs(store, "raw", "xquad-r")}


@pytest.fixture(scope="module")
def runs():
    two = {"x_x": {"own": 2.0}, "x_y": {"own": 4.0}}
    return planted.runs(num_seeds=2, spread=0.3, **two) | planted.runs(num_seeds=1, untrained={})


@pytest.fixture(scope="module")
def found(runs, tmp_path_factory):
    store = store_of(tmp_path_factory.mktemp("results"), runs)
    return explorer.contents(stored(store))


def test_a_value_is_the_mean_over_seeds_of_the_stored_scores(found, runs):
    assert len(found["cells"]) == 3 * len(planted.LANGUAGES) ** 2
    scores = {
        name: three_settings.score(run.ranks).set_index(three_settings.CELL)["value"]
        for name, run in runs.items()
    }
    for row in found["cells"]:
        setting = "monolingual" if row["query"] == row["candidate"] else "cross-lingual"
        for measure, value in zip(explorer.MEASURES, row["values"], strict=True):
            cell = (setting, measure, row["query"], row["candidate"])
            stored = [
                one[cell]
                for name, one in scores.items()
                if stored_runs.label(name) == row["sampler"]
            ]
            assert value == pytest.approx(np.mean(stored), abs=1e-6)


def test_a_histogram_holds_every_question_of_every_seed_where_its_score_is(found, runs):
    scored = {name: three_settings.question_scores(run.ranks) for name, run in runs.items()}
    for row in found["cells"]:
        setting = "monolingual" if row["query"] == row["candidate"] else "cross-lingual"
        mine = [
            table for name, table in scored.items() if stored_runs.label(name) == row["sampler"]
        ]
        for measure, counts in zip(explorer.MEASURES, row["counts"], strict=True):
            assert sum(counts) == planted.NUM_ARTICLES * planted.NUM_QUESTIONS * len(mine)
            cell = (setting, measure, row["query"], row["candidate"])
            values = np.concatenate([table[cell] for table in mine])
            expected, _ = np.histogram(values, explorer.BINS, (0, 1))
            assert counts == expected.tolist()


def test_a_bin_holds_its_lower_end_and_a_pair_only_its_own_questions():
    rows = [(f"q{rank}", "de", "en", rank) for rank in (1, 2, 5, 10, 11)] + [("q1", "en", "de", 1)]
    names = ["question", "query_language", "candidate_language", "rank_in_language"]
    counts = explorer.histograms(pd.DataFrame(rows, columns=names))
    assert counts.shape == (2, len(explorer.MEASURES), explorer.BINS)
    assert counts[0, 0].tolist() == [1, 1, 1, 0, 0, 1, 0, 0, 0, 1]
    assert counts[1, 0].tolist() == [0] * 9 + [1]


def test_ranks_are_the_stored_ones_of_each_seed(found, runs):
    count = min(explorer.QUESTIONS, planted.NUM_ARTICLES)
    assert len(found["answers"]) == 3 * count * len(planted.LANGUAGES)
    keys = ["question", "query_language", "candidate_language"]
    stored = {name: run.ranks.set_index(keys)["rank_in_pool"] for name, run in runs.items()}
    for row in found["answers"]:
        names = [name for name in runs if stored_runs.label(name) == row["sampler"]]
        for candidate, ranks in zip(row["candidates"], row["ranks"], strict=True):
            assert ranks == [
                stored[name][row["question"], row["query"], candidate] for name in names
            ]


def test_questions_are_chosen_by_the_rule_alone():
    articles = [f"Article_{number:03}" for number in range(3 * explorer.QUESTIONS)]
    rows = [(f"{article}-{number}", article) for article in reversed(articles) for number in (2, 1)]
    chosen = explorer.questions(pd.DataFrame(rows, columns=["question", "article"]))
    assert list(chosen) == [f"{article}-1" for article in articles[::3]]
    assert chosen["Article_003-1"] == "Article 003"


def test_colours_end_at_the_largest_value_and_the_largest_difference(found):
    values = {
        sampler: np.array([row["values"] for row in found["cells"] if row["sampler"] == sampler])
        for sampler in ("X-X", "X-Y", "untrained")
    }
    top = np.max(list(values.values()), axis=(0, 1))
    assert found["limits"]["raw xquad-r"] == pytest.approx(top)
    apart = np.abs(values["X-X"] - values["X-Y"]).max(axis=0)
    assert found["limits"]["raw xquad-r X-X X-Y"] == pytest.approx(apart, abs=1e-5)
    assert found["limits"]["raw xquad-r X-Y X-X"] == found["limits"]["raw xquad-r X-X X-Y"]


def test_the_page_opens_with_what_it_shows_first(found):
    text = explorer.opening(found).data
    assert "X-X against X-Y on XQuAD-R from the raw start" in text
    cells = pd.DataFrame(found["cells"])
    own = cells[(cells["sampler"] == "X-X") & (cells["query"] == cells["candidate"])]
    assert f"mAP of {own['values'].str[0].mean():.3f} against " in text
    assert "means over 4 languages and 12 ordered pairs" in text


def test_the_page_holds_the_data_the_libraries_once_and_pictures_for_who_runs_no_script(found):
    page = explorer_shown.page(found).data
    held = re.search(r'<script type="application/json" id="explorer-data">(.*?)</script>', page)
    data = json.loads(held[1])
    rows = {
        name: [
            {"sampler": sampler, **{key: row[key] for key in row if key != "samplers"}}
            | dict(zip(data[name]["names"], own, strict=True))
            for row in data[name]["rows"]
            for sampler, own in row["samplers"].items()
        ]
        for name in ("cells", "answers")
    }
    for name, unpacked in rows.items():
        assert sorted(map(str, map(sorted_items, unpacked))) == sorted(
            map(str, map(sorted_items, found[name]))
        )
    assert page.count("<script") == 2
    assert len(re.findall(r'<img alt="[^"]+" src="data:image/svg', page)) == len(data["specs"]) == 5
    assert not re.search(r'(src|href)="(?!data:)', page.partition("<script")[0])


def sorted_items(row):
    return sorted(row.items())


def test_markup_in_names_and_data_is_nowhere_markup(tmp_path):
    languages = ("de", PLANTED)
    runs = {
        name: planted.run(seed=seed, languages=languages)
        for seed, name in enumerate(("x-x-seed0", "planted"))
    }
    for run in runs.values():
        for column in ("question", "article"):
            run.ranks[column] = PLANTED + run.ranks[column]
    found = explorer.contents(stored(store_of(tmp_path, runs)))
    found = json.loads(json.dumps(found).replace('"planted"', json.dumps(PLANTED)))
    page = explorer.opening(found).data + explorer_shown.page(found).data
    assert "<img src=x" not in page
    assert page.count("</script") == 2


def test_one_sampler_alone_is_refused_with_a_way_out(runs, tmp_path):
    store = store_of(tmp_path, {"x-x-seed0": runs["x-x-seed0"]})
    message = "profile 'raw' has only 'X-X' on 'xquad-r'; run another, or leave"
    with pytest.raises(ValueError, match=message):
        explorer.contents(stored(store))


def test_a_profile_that_is_not_there_is_refused_by_its_name(runs):
    with pytest.raises(ValueError, match="profile 'rwa' is unknown"):
        explorer.contents({("rwa", "xquad-r"): runs})


def test_the_table_of_the_matrices_has_a_row_a_pair_of_languages_and_sampler(found):
    table = explorer.matrices(found)
    assert list(table)[-len(explorer.MEASURES) :] == list(explorer.MEASURES)
    rows = table.set_index(["sampler", "query", "candidate"])
    for cell in found["cells"]:
        row = rows.loc[(cell["sampler"], cell["query"], cell["candidate"])]
        assert [row[measure] for measure in explorer.MEASURES] == cell["values"]


def test_ranks_among_passages_of_a_searched_corpus_are_refused(runs):
    there = {
        name: replace(runs[name], ranks=runs[name].ranks.drop(columns="rank_in_pool"))
        for name in ("x-x-seed0", "x-y-seed0")
    }
    with pytest.raises(ValueError, match="'x-x-seed0' of profile 'raw' on 'miracl' has none"):
        explorer._check_comparable(there, "raw", "miracl")
