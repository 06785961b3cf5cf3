"""What the explorer holds: the stored scores, and how questions spread."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from book.pages import explorer, results
from book.shared import stored_runs
from hybridlib.evaluation import three_settings
from tests.book.pages import planted


@pytest.fixture
def place(tmp_path):
    ranks = {"untrained": (2.0, 5.0), "x-x": (3.0, 5.0), "x-y": (5.0, 5.0)}
    return planted.place(tmp_path, planted.seeds(ranks, num_seeds=2))


def test_a_cell_is_the_mean_over_seeds_of_the_stored_scores(place):
    found = explorer.contents(place)
    codes = [code for code, _ in found["languages"]]
    keys = ["setting", "metric", "query_language", "candidate_language"]
    runs = [run for name, run in place.runs.items() if name.startswith("x-x")]
    stored = [run.scores.set_index(keys)["value"] for run in runs]
    for measure, values in zip(explorer.MEASURES, found["values"]["X-X"], strict=True):
        for pair, value in enumerate(values):
            query, candidate = codes[pair // len(codes)], codes[pair % len(codes)]
            setting = "monolingual" if query == candidate else "cross-lingual"
            of_seeds = [one[setting, measure, query, candidate] for one in stored]
            assert value == pytest.approx(np.mean(of_seeds), abs=1e-6)
    heat_map = results.pair_scores(place).set_index(["sampler", *keys[2:]])["value"]
    from_first_to_second = found["values"]["X-X"][0][1]
    assert heat_map["X-X", codes[0], codes[1]] == pytest.approx(from_first_to_second, abs=1e-6)


def test_the_bins_hold_the_scores_of_all_questions_of_all_seeds(place):
    found = explorer.contents(place)
    codes = [code for code, _ in found["languages"]]
    for sampler, group in stored_runs.by_label(place.runs).items():
        scored = [three_settings.question_scores(run.ranks) for run in group]
        for measure, counts in zip(explorer.MEASURES, found["counts"][sampler], strict=True):
            cell = ("cross-lingual", measure, codes[0], codes[1])
            values = np.concatenate([table[cell] for table in scored])
            expected, _ = np.histogram(values, explorer.BINS, (0, 1))
            assert counts[1] == expected.tolist()


def test_no_text_of_the_data_can_end_the_script_that_holds_it(place, tmp_path):
    runs = {
        name: planted.run(languages=("de", "</script><b>")) for name in ("x-x-seed0", "x-y-seed0")
    }
    page = explorer.page([planted.place(tmp_path / "planted", runs)]).data
    assert page.count("</script>") == 2
    held = re.search(r'id="explorer-data">(.*?)</script>', page)[1]
    assert json.loads(held)["places"][0]["languages"][0][0] == "</script><b>"


def test_what_cannot_be_compared_is_refused_by_name(place, tmp_path):
    alone = planted.place(tmp_path / "alone", {"x-x-seed0": planted.run()})
    with pytest.raises(ValueError, match="compares two samplers, e5-xquad-r has 'X-X' alone"):
        explorer.contents(alone)
    searched = {
        name: replace(run, ranks=run.ranks.drop(columns="rank_in_pool"))
        for name, run in place.runs.items()
    }
    other = planted.place(tmp_path / "other", searched, benchmark="miracl")
    with pytest.raises(ValueError, match="run 'untrained' of e5-miracl has none; leave 'miracl'"):
        explorer.contents(other)
