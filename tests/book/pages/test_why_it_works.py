"""What helps, of runs with a known answer."""

import pandas as pd
import pytest

from book.pages import why_it_works
from book.shared import stored_runs
from tests.book.pages import planted

RANKS = {  # own language, others; whole batches help
    "x-x": (2.0, 40.0),
    "x-y": (4.0, 8.0),
    "hybrid-0.5": (3.0, 6.0),
    "hybrid-by-example-0.5": (5.0, 12.0),
    "hybrid-by-example-1": (3.0, 60.0),
}


@pytest.fixture
def differences():
    runs = {
        f"{name}-seed{seed}": planted.run(own=own, other=other, seed=seed, spread=0.0)
        for name, (own, other) in RANKS.items()
        for seed in range(3)
    }
    return why_it_works.differences({"xquad-r": stored_runs.scores(runs)})


def test_each_pair_is_compared_in_every_measure_and_what_helps_is_found(differences):
    verdicts = differences.set_index(["what", "measure"])["verdict"]
    assert len(verdicts) == len(why_it_works.PAIRS) * len(why_it_works.MEASURES)
    half = verdicts["whole batches, half of them X-X"]
    assert set(half.drop(why_it_works.OWN_FIRST)) == {"better"}
    assert verdicts["whole batches, all of them X-X"]["Mul. mAP"] == "better"
    for what in ("X-X in whole batches", "X-X by example"):
        assert verdicts[what]["Mul. mAP"] == "worse"
        assert verdicts[what]["Mo. mAP"] == "better"


def test_a_contrast_whose_arm_was_not_trained_is_left_out():
    runs = {
        f"{name}-seed{seed}": planted.run(own=own, other=other, seed=seed, spread=0.0)
        for name, (own, other) in RANKS.items()
        for seed in range(3)
        if name != "hybrid-by-example-1"
    }
    found = why_it_works.differences({"xquad-r": stored_runs.scores(runs)})
    kept = ["whole batches, half of them X-X", "X-X in whole batches"]
    assert list(dict.fromkeys(found["what"])) == kept


def test_chance_is_one_in_the_number_of_answers():
    run = planted.run(own=2.0, other=4.0, seed=0, spread=0.0)
    groups = {"xquad-r": stored_runs.scores({"x-y-seed0": run})}
    table = why_it_works.own_language_first(groups, {"xquad-r": run.ranks})
    assert table["chance"].tolist() == pytest.approx([1 / run.ranks["query_language"].nunique()])


def test_what_is_left_undecided_is_not_swallowed_by_all_measures():
    verdicts = ["better", "better", "undecided", "undecided", "undecided"]
    rows = [
        ("XQuAD-R", "a thing", "one", "other", measure, verdict)
        for measure, verdict in zip(why_it_works.MEASURES, verdicts, strict=True)
    ]
    names = ["benchmark", "what", "one", "other", "measure", "verdict"]
    (sentence,) = why_it_works.answers(pd.DataFrame(rows, columns=names))
    assert sentence.endswith("on every benchmark: better within one language and across two.")


def test_sentences_and_caption_count_the_verdicts(differences):
    first, *_ = why_it_works.answers(differences)
    assert first.startswith(
        "Whole batches, half of them X-X (Hybrid against Hybrid by example), on every benchmark: "
        "better"
    )
    assert "for whole batches, half of them X-X: better in" in why_it_works.counted(differences)
    figure = why_it_works.draw(differences)
    assert len(figure.axes) == len(why_it_works.PAIRS)
