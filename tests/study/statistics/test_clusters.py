import numpy as np
import pandas as pd
import pytest
from scipy import stats

from study.statistics.clusters import ClusteredScores


def articles_of(num_articles, size=1):
    names = [f"article {n}" for n in range(num_articles)]
    return pd.Series(np.repeat(names, size)).rename(lambda number: f"question {number}")


def estimate(runs, articles, baseline=None, **options):
    tables = [pd.DataFrame(run, articles.index) for run in runs]
    scores = ClusteredScores(tables, articles, **options)
    return scores.estimate(np.ones(len(scores.cells), dtype=bool), baseline)


def test_without_articles_two_samplers_have_welchs_interval():
    rng = np.random.default_rng(0)
    articles = articles_of(30)
    profile = rng.random((30, 1))
    first, second = rng.normal(0, 0.02, 5), rng.normal(0, 0.05, 3)
    tables = [pd.DataFrame(profile + s, articles.index) for s in second]
    baseline = ClusteredScores(tables, articles)
    found = estimate([profile + s for s in first], articles, baseline)
    welch = stats.ttest_ind(first, second, equal_var=False)
    assert found.df == pytest.approx(welch.df)
    assert (found.low, found.high) == pytest.approx(welch.confidence_interval())
    assert found.lowest_seed == pytest.approx(first.min() - second.max())
    assert found.highest_seed == pytest.approx(first.max() - second.min())


def test_articles_and_seeds_crossed_have_the_variance_of_the_analysis_of_variance():
    num_seeds, num_articles = 5, 12
    rng = np.random.default_rng(3)
    y = rng.normal(size=(num_seeds, num_articles)) + 2 * rng.normal(size=num_articles)
    y += rng.normal(size=(num_seeds, 1))
    found = estimate(y[..., None], articles_of(num_articles))
    by_seed, by_article = y.mean(1), y.mean(0)
    residual = y - by_seed[:, None] - by_article + y.mean()
    ms_seed = num_articles * by_seed.var(ddof=1)
    ms_article = num_seeds * by_article.var(ddof=1)
    ms_residual = np.sum(residual**2) / ((num_seeds - 1) * (num_articles - 1))
    expected = (ms_seed + ms_article - ms_residual) / y.size
    assert found.se**2 == pytest.approx(expected)
    parts = (ms_seed / y.size, (ms_article - ms_residual) / y.size)
    df = sum(parts) ** 2 / (parts[0] ** 2 / (num_seeds - 1) + parts[1] ** 2 / (num_articles - 1))
    assert found.df == pytest.approx(df)


def test_the_error_of_a_macro_mean_with_missing_queries_is_that_of_a_bootstrap_over_articles():
    rng = np.random.default_rng(1)
    sizes = [*rng.integers(8, 40, 47), 74]  # as many articles as XQuAD-R has, as uneven
    articles = articles_of(48, sizes)
    harder = rng.normal(0, 0.2, 48)[pd.factorize(articles)[0], None]
    values = harder + rng.normal(0, 0.3, (len(articles), 3))
    values[rng.random(len(articles)) < 0.5, 1] = np.nan
    values[:900, 2] = np.nan  # in the last articles alone
    shuffled = articles.sample(frac=1, random_state=0)
    table = pd.DataFrame(values, articles.index)
    scores = ClusteredScores([table], shuffled, is_trained=False)
    found = scores.estimate(np.ones(3, dtype=bool))
    assert found.mean == pytest.approx(np.nanmean(values, 0).mean())
    of_the_last = scores.estimate(np.array([False, False, True]))
    assert of_the_last.articles.df == articles[900:].nunique() - 1
    groups = [values[articles.to_numpy() == name] for name in articles.unique()]
    drawn = [
        np.nanmean(np.concatenate([groups[n] for n in rng.integers(0, 48, 48)]), 0).mean()
        for _ in range(3000)
    ]
    assert found.se == pytest.approx(np.std(drawn), rel=0.06)


@pytest.mark.parametrize(
    ("runs", "is_trained", "message"),
    [
        ([np.zeros((6, 2))] * 2, False, "one run a seed, got 2 untrained runs"),
        ([np.zeros((6, 2)), np.zeros((6, 3))], True, "run 1 has other questions, cells or NaN"),
        ([np.array([[0, np.nan]] * 6)], True, "cell 1 has no question"),
    ],
)
def test_runs_that_do_not_fit_are_refused(runs, is_trained, message):
    with pytest.raises(ValueError, match=message):
        estimate(runs, articles_of(3, 2), is_trained=is_trained)


def test_articles_that_do_not_fit_are_refused():
    values, articles = np.zeros((6, 1)), articles_of(3, 2)
    baseline = ClusteredScores([pd.DataFrame(values, articles.index)] * 2, articles_of(6))
    with pytest.raises(ValueError, match="other questions, articles or cells"):
        estimate([values], articles, baseline)
    with pytest.raises(ValueError, match="hold 1 articles; it takes two"):
        estimate([values], articles_of(1, 6))
