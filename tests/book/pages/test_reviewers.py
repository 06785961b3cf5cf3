"""The chapters that answer the reviewers: planted effects are found, and null effects are not."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2, kruskal

from book.pages import alpha, preference, remedies, significance, training_data, unseen_languages
from book.shared import comparisons, stored_runs
from book.shared.stored_runs import by_label
from book.shared.tables import DISTANCE, HYBRID
from hybridlib.training.parameters import TrainingParameters
from study.runs.profile import Profile
from tests.book.pages import planted

pytestmark = pytest.mark.filterwarnings("ignore:Mean of empty slice:RuntimeWarning")
MONO = comparisons.MONO


@cache
def alphas(*shape, spread=0.02):
    """Groups by alpha; ``shape`` gives the mean rank of each, from 0 in steps of 0.2 or 0.1."""
    runs, parameters = {}, {}
    for value, rank in zip((0.0, 0.2, 0.4, 0.5, 0.6, 0.8, 1.0), shape, strict=True):
        for seed in range(3):
            name = f"hybrid-{value:g}-seed{seed}"
            runs[name] = planted.run(own=rank, other=2 * rank, seed=seed, spread=spread)
            parameters[name] = TrainingParameters(alpha=value, seed=seed)
    return alpha.groups(runs, parameters)


def test_a_flat_middle_is_a_plateau_and_a_peak_is_none():
    flat = alpha.against_best(alphas(2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, spread=0.0))
    assert alpha.plateau(flat)[MONO] != "no"
    peak = alpha.against_best(alphas(6.0, 6.0, 6.0, 2.0, 6.0, 6.0, 6.0))
    assert set(alpha.plateau(peak)) == {"no"}
    noisy = alpha.against_best(alphas(3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, spread=0.5))
    assert set(alpha.plateau(noisy)) == {"undecided"}


def test_an_alpha_that_another_beats_in_both_is_off_the_front():
    by_alpha = alphas(6.0, 6.0, 6.0, 2.0, 6.0, 6.0, 6.0)
    means = comparisons.estimates(by_alpha)
    assert "0.5" not in alpha.off_the_front(means)
    assert set(alpha.off_the_front(means)) == {"0", "0.2", "0.4", "0.6", "0.8", "1"}
    answer, front = alpha.answer(means, alpha.against_best(by_alpha))
    assert "α = 0, 0.2" in front
    assert answer.startswith("from α = 0 to 1, Mo. mAP goes from ")
    assert answer.endswith("Is α = 0.4 to 0.6 a plateau? No in all measures.")


def test_the_front_is_what_no_other_point_beats():
    points = pd.DataFrame(
        {MONO: [0.5, 0.6, 0.4, 0.6, 0.5], DISTANCE: [10, 20, 12, 25, 10]}, index=list("abcde")
    )
    assert comparisons.front(points).to_dict() == {
        "a": True, "b": True, "c": False, "d": False, "e": True,
    }  # fmt: skip


def corpora(**ranks):
    """Means and differences of two corpora: mean rank of X-X and of X-Y in each."""
    runs, parameters = {}, {}
    for corpus, (xx, xy) in ranks.items():
        for sampler, rank in (("x-x", xx), ("x-y", xy)):
            for seed in range(3):
                name = f"{sampler}-seed{seed}-corpus={corpus}"
                runs[name] = planted.run(own=rank, other=2 * rank, seed=seed, spread=0.02)
                parameters[name] = TrainingParameters(sampler=sampler, seed=seed, corpus=corpus)
    by_corpus = training_data.groups(runs, parameters)
    return training_data.means(by_corpus), training_data.differences(by_corpus)


def test_an_order_that_turns_over_with_the_corpus_is_told_and_one_that_stays_too():
    means, differences = corpora(small=(2.0, 5.0), large=(5.0, 2.0))
    assert training_data.orders(means)[MONO].to_dict() == {
        "small": "X-X, X-Y", "large": "X-Y, X-X",
    }  # fmt: skip
    assert MONO in set(training_data.contradictions(differences)["measure"])
    assert "Better on one corpus and worse on another: X-Y against X-X" in training_data.answer(
        means, differences
    )
    means, differences = corpora(small=(2.0, 5.0), large=(2.5, 5.0))
    assert not len(training_data.contradictions(differences))
    answer = training_data.answer(means, differences)
    assert "is the same on every corpus within one language" in answer
    assert "No comparison is better on one corpus and worse on another." in answer


def test_the_two_languages_that_cross_lingual_batches_favour_are_named():
    shares = pd.DataFrame(
        {"language": ["en", "it", "zh"], "x-x": [1 / 3] * 3, "x-y": [0.5, 0.4, 0.1]}
    )
    assert training_data.exposure(shares) == (
        "Under X-Y 90% of the texts are in English and Italian, under X-X 67%."
    )


@cache
def with_loss_in_unseen(factor):
    runs = {"untrained": planted.run(own=4.0, other=8.0)}
    runs |= planted.runs(x_x={"own": 2.0, "other": 4.0, "unseen": factor})
    return stored_runs.clustered(by_label(runs))


def test_a_loss_in_unseen_languages_is_found_where_it_is_and_nowhere_else():
    table = unseen_languages.against_start(with_loss_in_unseen(5.0), ["de", "en"])
    verdicts = table.set_index("role")["verdict"]
    assert verdicts["monolingual, seen"] == verdicts["seen to seen"] == "better"
    assert verdicts["monolingual, unseen"] == verdicts["unseen to unseen"] == "worse"
    within, across = unseen_languages.answer(table)
    assert within.startswith("within a language without a training text, 1 of 1 samplers do worse")
    assert "Asked in a seen language about such ones, 1 of 1 samplers" in across
    table = unseen_languages.against_start(with_loss_in_unseen(1.0), ["de", "en"])
    assert set(table["verdict"]) == {"better"}
    by_language = unseen_languages.by_language(with_loss_in_unseen(5.0), ["de", "en"])
    assert by_language.set_index("language")["verdict"].to_dict() == {
        "de": "better", "en": "better", "th": "worse", "vi": "worse",
    }  # fmt: skip
    with pytest.raises(ValueError, match="training has de, en, th, vi"):
        unseen_languages.roles(with_loss_in_unseen(1.0), planted.LANGUAGES)


@cache
def three_samplers(hybrid=3.0, preferences=(20.0, 20.0, 20.0), spread=0.02):
    runs = planted.runs(
        x_x={"own": 3.0, "other": 6.0, "preference": preferences[0]},
        x_y={"own": 3.0, "other": 6.0, "preference": preferences[1]},
        spread=spread,
    )
    for seed in range(3):
        options = {"own": hybrid, "other": 2 * hybrid, "preference": preferences[2]}
        runs[f"hybrid-0.5-seed{seed}"] = planted.run(seed=seed, spread=spread, **options)
    return runs


def of_mlqa(hybrid):
    options = {"languages": ("ar", "de", "en", "es", "hi", "vi", "zh")}
    runs = planted.runs(x_x={"own": 3.0, "other": 6.0} | options)
    runs |= planted.runs(x_y={"own": 3.0, "other": 6.0} | options, first_seed=10)
    for seed in range(3):
        one = planted.run(hybrid, 2 * hybrid, seed=seed, spread=0.02, **options)
        runs[f"hybrid-0.5-seed{seed}"] = one
    return significance.comparisons(stored_runs.clustered(by_label(runs)), "mlqa-r")


def test_a_planted_gain_is_significant_and_where_there_is_none_nothing_is():
    table = of_mlqa(hybrid=1.5)
    of_hybrid = table["compared"].str.startswith("Hybrid")
    means = significance.means(table[of_hybrid])
    assert set(means["verdict"]) == {"better"}
    assert (means["verdict after Holm"] == "better").mean() > 0.5
    decided = table.loc[~of_hybrid, "verdict after Holm"]
    assert not {"better", "worse"} & set(decided)
    paper = table[(table["query language"] == "mean") & (table["metric"] == "mAP")]
    row = paper[(paper["setting"] == "multilingual") & (paper["compared"] == "Hybrid minus X-X")]
    assert row["XLM-R"].item() == pytest.approx(0.512 - 0.473, abs=0.001)
    assert row["tables"].item() == "1, 4, 6"
    counts = significance.counts(table)
    kinds = ["better", "equivalent", "worse", "undecided"]
    assert counts[kinds].to_numpy().sum() == (table["query language"] != "mean").sum()
    assert f"of {len(table)} comparisons" in significance.answer(table)
    with pytest.raises(ValueError, match="no comparison of tables 1 to 8 on 'miracl'"):
        significance.comparisons(three_samplers_scored(), "miracl")


def three_samplers_scored():
    return stored_runs.clustered(by_label(three_samplers()))


def test_measures_of_preference_agree_on_a_planted_one_and_show_none_where_there_is_none():
    groups = preference.groups(three_samplers(preferences=(60.0, 2.0, 2.0)))
    by_run = preference.by_run(groups)
    means = by_run.groupby("sampler")[list(preference.MEASURES)].mean()
    assert means.loc["X-X", DISTANCE] > means.loc["X-Y", DISTANCE]
    assert means.loc["X-X", "TLR@20"] < means.loc["X-Y", "TLR@20"]
    assert preference.correlations(by_run).loc[DISTANCE, "TLR@20"] > 0.5
    assert not len(preference.disagreements(groups))


def test_measures_that_disagree_on_two_samplers_are_named():
    near_but_first = {"own": 1.0, "other": 4.0, "preference": 10.0}
    far_and_mixed = {"own": 60.0, "other": 60.0, "preference": 0.0}
    groups = preference.groups(planted.runs(x_x=near_but_first, x_y=far_and_mixed))
    found = preference.disagreements(groups).iloc[0]
    assert (found["one"], found["other"]) == ("X-X", "X-Y")
    assert "own language first" in found["more preference by"]
    assert DISTANCE in found["less preference by"]


def test_peer_is_constant_where_every_language_has_one_answer():
    values = preference.peer(planted.run())
    expected = chi2.sf(len(planted.LANGUAGES) - 1, len(planted.LANGUAGES) - 1)
    assert values.to_numpy() == pytest.approx(np.full(len(values), expected))
    assert f"is {expected:.3f} for each of the {len(values):,} queries" in (
        preference.peer_in_words(values)
    )
    uneven = planted.run()
    third = uneven.ranks.index[uneven.ranks["question"] == "q0-0"][:1]
    part = type(uneven)("k", {}, {}, uneven.scores, uneven.ranks.drop(third))
    assert preference.peer(part).nunique() == 2
    assert "takes 2 values" in preference.peer_in_words(preference.peer(part))
    doubled = uneven.ranks.replace({"candidate_language": {"vi": "th"}})  # two answers in Thai
    several = preference.peer(type(uneven)("k", {}, {}, uneven.scores, doubled))
    of_one = doubled[(doubled["question"] == "q0-0") & (doubled["query_language"] == "de")]
    samples = [
        group.to_numpy() for _, group in of_one.groupby("candidate_language")["rank_in_pool"]
    ]
    assert several["q0-0", "de"] == pytest.approx(kruskal(*samples).pvalue)


PROFILE = Profile(
    "test", "Test",
    {"sampler": ["x-x", "x-y", "hybrid"], "seed": [0, 1, 2], "num_steps": [1]}, ("tiny",),
)  # fmt: skip


def remedied(own):
    names = [f"shift-x-y-seed{seed}" for seed in range(3)]
    runs = {name: planted.run(own=own, other=2 * own, seed=n) for n, name in enumerate(names)}
    return runs | {"seed-average-x-x": planted.run(own=own), "shift-x-y-seed0-share=0.1": None}


def test_a_remedy_that_is_better_than_hybrid_takes_its_place_on_the_front():
    runs = three_samplers()
    groups = remedies.groups(runs, remedied(own=1.2), PROFILE)
    assert list(groups)[-2:] == ["SHIFT of X-Y", "Seed average of X-X"]
    means, differences = comparisons.estimates(groups), remedies.against_hybrid(groups)
    points = remedies.points(means)["on the front"]
    assert points["SHIFT of X-Y"] and not points[HYBRID]
    shift = differences[differences["other"] == "SHIFT of X-Y"]
    assert set(shift["verdict"]) == {"worse"}
    seeds = differences[differences["other"] == "Seed average of X-X"]
    assert set(seeds["verdict"]) == {"undecided"}  # one run has no spread
    headline, against = remedies.answer(means, differences)
    assert "untreated hybrid batches lie off the front" in headline  # by the means
    assert against == "Against SHIFT of X-Y, hybrid is worse in all measures."
    same = remedies.against_hybrid(remedies.groups(runs, remedied(own=3.0), PROFILE))
    assert not {"better", "worse"} & set(same.loc[same["other"] == "SHIFT of X-Y", "verdict"])


def test_an_encoder_of_two_or_more_costs_as_many_trainings():
    cost = remedies.cost(PROFILE)
    assert cost[["untrained", "X-X", HYBRID, "SHIFT of X-Y"]].tolist() == [0, 1, 1, 1]
    assert cost[["Weight average of X-X and Hybrid", "Seed average of X-X"]].tolist() == [2, 3]
