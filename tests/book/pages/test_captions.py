"""Captions say what their figure shows: numbers with a known answer."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from book.pages import alpha, language_bias, main_results, training, training_data, unseen_languages
from book.shared.comparisons import MONO, ends, wide_against
from book.shared.tables import DISTANCE
from study.store.run import Run


def logged(losses, num_steps, patience):
    """A training that logged these validation losses, one every ten steps."""
    steps = range(10, 10 * len(losses) + 1, 10)
    log = pd.DataFrame({"step": steps, "loss": 1.0, "validation_loss": losses})
    parameters = {"num_steps": num_steps, "patience": patience}
    return Run("planted", parameters, {}, log, None)


def test_the_training_page_says_which_step_was_taken_and_whether_stopping_fired():
    fixed = {"x-x-seed0": logged([3.0, 1.0, 2.0], 30, 0), "x-y-seed0": logged([3.0, 2.0], 20, 0)}
    assert training.answer(fixed) == (
        "All 2 runs take their last step (20 and 30). The validation loss is lower there than at "
        "its first measurement in 2 of them."
    )
    stopped = {"x-x-seed0": logged([3.0, 1.0, 2.0], 100, 1), "x-y-seed0": logged([3.0, 2.0], 20, 1)}
    assert training.answer(stopped) == (
        "Early stopping was on in 2 of 2 runs and fired in 1; they take their best step, "
        "from 20 to 20."
    )


def test_last_losses_are_means_over_seeds_of_the_last_that_was_measured():
    logs = {
        "x-x-seed0": pd.DataFrame({"validation_loss": [3.0, 1.0, None]}),
        "x-x-seed1": pd.DataFrame({"validation_loss": [3.0, 2.0, None]}),
    }
    assert training.last_losses(logs).to_dict() == {"X-X": 1.5}


def test_the_fall_across_languages_leaves_recall_and_the_pool_of_all_out():
    rows = [
        ("monolingual", "mAP", 0.8), ("monolingual", "mAP", 0.6), ("cross-lingual", "mAP", 0.3),
        ("multilingual", "mAP", 0.1), ("cross-lingual", "R@1", 0.9),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["setting", "metric", "value"])
    assert main_results.fall_across({"X-X": frame}) == {"X-X": pytest.approx(0.4)}


def test_the_span_of_a_query_is_from_its_first_answer_to_its_last():
    ranks = pd.DataFrame({"run": ["X-X", "X-X", "X-Y"], "rank_in_pool": [7, 2, 4]})
    assert language_bias.spans(ranks).to_dict() == {"X-X": 5, "X-Y": 0}


def test_ends_are_the_first_group_and_the_last():
    rows = [("0", "Mo. mAP", 0.1), ("0.5", "Mo. mAP", 0.9), ("1", "Mo. mAP", 0.2)]
    assert ends(pd.DataFrame(rows, columns=["group", "measure", "mean"])) == (
        "Mo. mAP goes from 0.100 to 0.200"
    )


@pytest.mark.parametrize(
    ("corpora", "words"),
    [
        (["small", "middle", "large"], "Mul. mAP: X-X 0.100 on small; X-X 0.300 on large."),
        (["small"], "Mul. mAP: X-X 0.100 on small."),
    ],
)
def test_the_first_corpus_and_the_last_are_named_once(corpora, words):
    rows = [(name, "X-X", "Mul. mAP", 0.1 * n) for n, name in enumerate(corpora, start=1)]
    means = pd.DataFrame(rows, columns=["corpus", "group", "measure", "mean"])
    assert training_data.ends_in_words(means) == words


def test_the_mean_over_unseen_languages_leaves_the_seen_out():
    table = pd.DataFrame(
        {
            "sampler": ["X-X", "X-X", "X-X"],
            "kind": ["seen", "unseen", "unseen"],
            "difference": [0.9, 0.1, 0.3],
        }
    )
    assert unseen_languages.unseen_means(table).to_dict() == {"X-X": pytest.approx(0.2)}


def test_differences_to_read_have_a_row_a_pair_in_their_order_and_a_column_a_measure():
    rows = [
        (corpus, "Hybrid", other, measure, 0.1, 0.05, 0.15, "better")
        for corpus in ("small", "large")
        for other in ("X-Y", "X-X")
        for measure in ("Mul. mAP", "Mo. mAP")
    ]
    names = ["corpus", "one", "other", "measure", "difference", "low", "high", "verdict"]
    wide = wide_against(pd.DataFrame(rows, columns=names))
    assert list(wide) == ["corpus", "pair", "Mul. mAP", "Mo. mAP"]
    assert wide["pair"].tolist() == ["Hybrid minus X-Y", "Hybrid minus X-X"] * 2
    assert wide["corpus"].tolist() == ["small", "small", "large", "large"]
    assert set(wide["Mo. mAP"]) == {"+0.100 (0.050 to 0.150), better"}


def test_names_of_points_are_written_over_no_other_where_there_is_room():
    points = pd.DataFrame({MONO: [0.5, 0.5, 0.6], DISTANCE: [100.0, 101.0, 200.0]})
    figure, axis = plt.subplots()
    alpha.scatter_with_front(axis, points, ["k"] * 3, ["Centring of X-X", "SHIFT of X-X", "X-X"])
    boxes = [text.get_window_extent() for text in axis.texts]
    assert not boxes[0].overlaps(boxes[1])
    plt.close(figure)
