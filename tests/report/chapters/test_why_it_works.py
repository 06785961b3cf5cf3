"""What helps, of runs with a known answer."""

import pandas as pd
import pytest

from hybridlib.report import stored_runs
from hybridlib.report.chapters import why_it_works
from tests.report.chapters import planted

RANKS = {  # own language, others; X-Y and independent draw alike, the batches of one kind help
    "x-x": (2.0, 40.0),
    "x-y": (4.0, 8.0),
    "hybrid-0.5": (3.0, 6.0),
    "hybrid-by-example-0.5": (5.0, 12.0),
    "independent": (4.0, 8.0),
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
    assert set(verdicts["batches of one kind"].drop(why_it_works.OWN_FIRST)) == {"better"}
    assert verdicts["any training across languages"]["Mul. mAP"] == "better"
    assert verdicts["any training across languages"]["Mo. mAP"] == "worse"
    assert not {"better", "worse"} & set(verdicts["the anti-cue"])


@pytest.mark.parametrize(("first", "words"), [(0.9, "No"), (0.01, "Yes")])
def test_the_anti_cue_is_learned_where_the_own_language_comes_first_less_than_by_chance(
    first, words
):
    row = {"benchmark": "XQuAD-R", "sampler": "X-Y", "mean": first, "low": first, "high": first}
    said = why_it_works.anti_cue_in_words(pd.DataFrame([row | {"chance": 1 / 11}]))
    assert said.startswith(f"{words}: under X-Y")
    assert f"{first:.3f} on XQuAD-R (chance 0.091)" in said


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
        "Batches of one kind (Hybrid against Hybrid by example), on every benchmark: better"
    )
    assert "for batches of one kind: better in" in why_it_works.counted(differences)
    figure = why_it_works.draw(differences)
    assert len(figure.axes) == len(why_it_works.PAIRS)
