from study.statistics.estimates import Component, Estimate


def estimate(mean, articles, seeds=()):
    return Estimate(mean, articles, seeds, mean - 1, mean + 2)


def test_without_variance_the_mean_is_the_truth():
    found = estimate(0.5, Component(0.0, 47), (Component(0.0, 4),))
    assert (found.low, found.high) == (0.5, 0.5)
    assert (found.p_above(0.4), found.p_above(0.5)) == (0, 1)


def test_the_opposite_sign_turns_the_seeds_round():
    turned = -estimate(0.5, Component(1.0, 47))
    assert (turned.mean, turned.lowest_seed, turned.highest_seed) == (-0.5, -2.5, 0.5)
    assert turned.se == 1
