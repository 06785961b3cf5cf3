import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import bootstrap

from hybridlib.evaluation import three_settings
from hybridlib.statistics.intervals import Resamples

NUM_QUESTIONS = 200


def scores(seed, cells=("de", "en"), shift=0.0):
    values = np.random.default_rng(seed).random((NUM_QUESTIONS, len(cells))) + shift
    columns = pd.MultiIndex.from_tuples(
        [("monolingual", "mAP", language, language) for language in cells],
        names=three_settings.CELL,
    )
    return pd.DataFrame(values, columns=columns)


def every_cell(table):
    return np.ones(table.shape[1], dtype=bool)


def test_the_interval_is_that_of_scipy():
    table = scores(0)
    found = Resamples([table], num_resamples=4000).estimate(every_cell(table))
    oracle = bootstrap(
        (table.mean(axis=1).to_numpy(),), np.mean, n_resamples=4000, method="percentile", rng=1
    ).confidence_interval
    assert found.mean == pytest.approx(table.to_numpy().mean())
    assert (found.low, found.high) == pytest.approx(oracle, abs=0.004)


def test_translations_of_a_question_are_no_further_evidence():
    one = scores(0, cells=("de",))
    twin = one.rename(columns={"de": "en"})
    both = pd.concat([one, twin], axis=1)
    found, expected = (Resamples([t]).estimate(every_cell(t)) for t in (both, one))
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


def test_a_difference_is_paired_by_question():
    table = scores(0)
    better = Resamples([table + 0.01])
    gain = better.estimate(every_cell(table), Resamples([table]))
    assert (gain.low, gain.mean, gain.high) == pytest.approx((0.01, 0.01, 0.01))
    alone = better.estimate(every_cell(table))
    assert alone.high - alone.low > 0.03


def test_seeds_widen_the_interval_and_show_their_spread():
    table = scores(0)
    steady = Resamples([table] * 3).estimate(every_cell(table))
    spread = Resamples([table - 0.2, table, table + 0.2]).estimate(every_cell(table))
    assert spread.mean == pytest.approx(steady.mean)
    assert spread.highest_seed - spread.lowest_seed == pytest.approx(0.4)
    assert spread.high - spread.low > 2 * (steady.high - steady.low)


def test_a_question_that_a_cell_lacks_does_not_count_there():
    table = scores(0)
    table.iloc[:150, 1] = np.nan
    found = Resamples([table], num_resamples=4000)
    expected = (table.iloc[:, 0].mean() + table.iloc[150:, 1].mean()) / 2
    estimate = found.estimate(every_cell(table))
    assert estimate.mean == pytest.approx(expected)
    assert found.cell_means.mean(0) == pytest.approx(table.mean().to_numpy(), abs=0.01)


@given(st.integers(0, 50))
def test_equal_draws_give_equal_numbers(seed):
    table = scores(1)
    first, second = (
        Resamples([table], num_resamples=50, seed=seed).estimate(every_cell(table))
        for _ in range(2)
    )
    assert first == second
    assert first.low <= first.high


def test_seeds_of_different_questions_are_refused():
    with pytest.raises(ValueError, match="seed 1 has other questions or cells than the first"):
        Resamples([scores(0), scores(0).iloc[1:]])
    with pytest.raises(ValueError, match="there is no seed to resample"):
        Resamples([])
