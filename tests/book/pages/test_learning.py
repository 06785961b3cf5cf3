import pandas as pd
import pytest

from book.pages import learning_curves, learning_rates
from hybridlib.training.parameters import TrainingParameters
from study.store.run import Run

SETTINGS = ("monolingual", "cross-lingual", "multilingual")


def run(mean, distance=10.0):
    rows = [(setting, "mAP", "de", "de", mean, 3) for setting in SETTINGS]
    rows.append(("multilingual", "rank distance", "de", "all", distance, 3))
    columns = ["setting", "metric", "query_language", "candidate_language", "value", "num_queries"]
    return Run("k", {}, {}, pd.DataFrame(rows, columns=columns))


def rates(scores):
    """Runs of X-X and X-Y, a score a learning rate."""
    runs, parameters = {"untrained": run(0.1)}, {"untrained": TrainingParameters(num_steps=0)}
    for sampler, by_rate in scores.items():
        for rate, score in by_rate.items():
            name = f"{sampler}-seed0-learning_rate={rate}"
            runs[name] = run(score)
            parameters[name] = TrainingParameters(sampler=sampler, learning_rate=rate)
    return learning_rates.rates_tried(runs, parameters)


def test_each_sampler_takes_the_rate_with_the_highest_mean_on_the_hold_out():
    tried = rates({"x-x": {1e-4: 0.3, 3e-4: 0.5, 1e-3: 0.4}, "x-y": {1e-4: 0.2, 3e-4: 0.6}})
    chosen = tried[tried["verdict"] != ""].set_index("sampler")
    assert chosen["learning rate"].to_dict() == {"X-X": 3e-4, "X-Y": 3e-4}
    assert chosen["verdict"].to_dict() == {
        "X-X": "chosen", "X-Y": "chosen, at the edge of the grid",
    }  # fmt: skip
    answer = learning_rates.answer(tried)
    assert "At an edge of the grid: X-Y." in answer
    assert "0.0003 for X-X and X-Y" in answer
    assert answer.endswith("The smallest lead over the next is 0.1000, that of X-X.")


def test_a_grid_of_one_rate_has_no_lead():
    assert learning_rates.answer(rates({"x-x": {1e-4: 0.3}})).endswith(
        "At an edge of the grid: X-X."
    )


def test_the_benchmark_is_read_at_every_rate_beside_the_others():
    runs = {"untrained": run(0.1)}
    parameters = {"untrained": TrainingParameters(num_steps=0)}
    for sampler, rate, mean in (("x-y", 3e-4, 0.2), ("x-x", 1e-4, 0.3), ("x-y", 1e-4, 0.4)):
        name = f"{sampler}-seed0-learning_rate={rate}"
        runs[name] = run(mean, distance=100 * mean)
        parameters[name] = TrainingParameters(sampler=sampler, learning_rate=rate)
    table = learning_rates.by_rate(runs, parameters)
    assert table["learning rate"].tolist() == [1e-4, 1e-4, 3e-4]
    assert table["sampler"].tolist() == ["X-X", "X-Y", "X-Y"]
    assert table["rank distance"].tolist() == pytest.approx([30, 40, 20])
    assert learning_rates.first_at_each_rate(table) == (
        "At one rate for all, first over all languages at once: X-Y at 0.0001, X-Y at 0.0003."
    )


def curves(scores):
    """Runs of two seeds, a (mAP, rank distance) a sampler and number of steps."""
    runs, parameters = {"untrained": run(0.1)}, {"untrained": TrainingParameters(num_steps=0)}
    for (sampler, steps), (mean, distance) in scores.items():
        for seed, shift in ((0, -0.01), (1, 0.01)):
            name = f"{sampler}-seed{seed}-num_steps={steps}"
            runs[name] = run(mean + shift, distance)
            parameters[name] = TrainingParameters(sampler=sampler, seed=seed, num_steps=steps)
    return learning_curves.curve(runs, parameters)


def test_a_curve_begins_at_the_untrained_start_and_is_a_mean_over_seeds():
    curve = curves({("x-x", 50): (0.3, 9.0), ("x-x", 100): (0.5, 8.0)})
    means = learning_curves.means_by_steps(curve, "Mul. mAP")["X-X"]
    assert means.to_dict() == pytest.approx({0: 0.1, 50: 0.3, 100: 0.5})


def test_the_answer_says_where_the_order_changes_and_which_way_is_better():
    curve = curves(
        {
            ("x-x", 50): (0.4, 9.0), ("x-y", 50): (0.3, 8.0),
            ("x-x", 100): (0.4, 9.0), ("x-y", 100): (0.6, 7.0),
        }
    )  # fmt: skip
    headline, more = learning_curves.answer(curve)
    assert headline.endswith(
        "is the same at every length in language bias, and changes with the length "
        "within one language, across two and over all at once."
    )
    assert "Mul. mAP: X-X before X-Y after 50 steps, X-Y before X-X after 100" in more
    assert "Rank distance: X-Y before X-X at every length" in more


def test_where_hold_out_and_benchmark_are_best_after_different_lengths_a_sentence_says_so():
    held_out = curves({("x-x", 50): (0.3, 9.0), ("x-x", 100): (0.5, 8.0), ("x-y", 50): (0.2, 9.0)})
    there = curves({("x-x", 50): (0.4, 9.0), ("x-x", 100): (0.3, 8.0), ("x-y", 50): (0.2, 9.0)})
    assert learning_curves.best_lengths(there, held_out, "XQuAD-R") == (
        "The mean of the three mAPs is best on the hold-out after 50 for X-Y; 100 for X-X, on "
        "XQuAD-R after 50 for X-X and X-Y (steps, means over seeds)."
    )


def test_different_learning_rates_are_named_beside_an_order():
    rates = pd.DataFrame(
        {"sampler": ["X-X", "X-Y", "Hybrid, α = 0.5"], "learning rate": [3e-5, 1e-4, 3e-5]}
    )
    words = learning_curves.rates_in_words(rates)
    assert "(3e-05 for X-X and Hybrid; 0.0001 for X-Y)" in words
    assert learning_curves.rates_in_words(rates.assign(**{"learning rate": 3e-5})) == ""
