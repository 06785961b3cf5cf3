"""What the explorer holds: the stored scores, and how questions spread."""

import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from book.pages import explorer
from book.shared import stored_runs
from hybridlib.evaluation import three_settings
from tests.book.pages import planted

NAMES = ("untrained", "x-x-seed0", "x-x-seed1", "x-y-seed0")


@pytest.fixture
def place(tmp_path):
    runs = {n: planted.run(own=2.0 + k, other=5.0, seed=k) for k, n in enumerate(NAMES)}
    return planted.place(tmp_path, runs)


def test_a_cell_is_the_mean_over_seeds_of_the_stored_scores(place):
    found = explorer.contents(place)
    codes = [code for code, _ in found["languages"]]
    keys = ["setting", "metric", "query_language", "candidate_language"]
    stored = [place.runs[n].scores.set_index(keys)["value"] for n in NAMES if n.startswith("x-x")]
    for measure, values in zip(explorer.MEASURES, found["values"]["X-X"], strict=True):
        for pair, value in enumerate(values):
            query, candidate = codes[pair // len(codes)], codes[pair % len(codes)]
            setting = "monolingual" if query == candidate else "cross-lingual"
            of_seeds = [one[setting, measure, query, candidate] for one in stored]
            assert value == pytest.approx(np.mean(of_seeds), abs=1e-6)


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


def test_a_bin_holds_its_lower_end_and_a_pair_only_its_own_questions():
    rows = [(f"q{rank}", "de", "en", rank) for rank in (1, 2, 5, 10, 11)] + [("q1", "en", "de", 1)]
    names = ["question", "query_language", "candidate_language", "rank_in_language"]
    counts = explorer.histograms(pd.DataFrame(rows, columns=names))
    assert counts.shape == (len(explorer.MEASURES), 2, explorer.BINS)
    assert counts[0, 0].tolist() == [1, 1, 1, 0, 0, 1, 0, 0, 0, 1]
    assert counts[0, 1].tolist() == [0] * 9 + [1]


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
