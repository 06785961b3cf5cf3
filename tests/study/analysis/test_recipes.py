from itertools import product
from pathlib import Path

import pandas as pd
import pytest

from hybridlib.data.lareqa import DEVELOPMENT
from hybridlib.training.parameters import TrainingParameters
from study.analysis import recipes
from study.analysis.recipes import Recipe, papers, same_recipe, surface, to_extend, tuned_each
from study.runs.profile import load_profile
from study.store.run import Run
from study.store.runs import Store

RATES, STEPS = (3e-6, 1e-5, 3e-5), (50, 100, 200)
FIRST = {"learning_rate": RATES, "num_steps": STEPS}
SAMPLERS = ("x-x", "x-y", "hybrid")


def grid(best=(1e-5, 100), better=None, rates=RATES, steps=STEPS, seeds=(0, 1)):
    """Each sampler's mean mAP: .5, .1 more in the best cell, and what ``better`` adds in others."""
    rows = [
        (sampler, rate, length, seed, 0.5 + 0.1 * ((rate, length) == best)
         + (better or {}).get((sampler, rate, length), 0)
         + 0.01 * (seed - 0.5))
        for sampler, rate, length, seed in product(SAMPLERS, rates, steps, seeds)
    ]  # fmt: skip
    names = ["sampler", "learning_rate", "num_steps", "seed", recipes.CRITERION]
    return pd.DataFrame(rows, columns=names)


def every(rate, length, gain):
    return {(sampler, rate, length): gain for sampler in SAMPLERS}


def test_the_best_cell_is_taken_each_sampler_weighing_the_same():
    assert same_recipe(grid()) == Recipe(1e-5, 100)
    one_raises = grid(better={("x-x", 3e-5, 200): 0.25})  # .083 of the mean, less than .1
    assert same_recipe(one_raises) == Recipe(1e-5, 100)
    more_seeds = pd.concat([one_raises, one_raises.query("sampler == 'x-x'").assign(seed=7)])
    assert same_recipe(more_seeds) == Recipe(1e-5, 100)
    assert same_recipe(grid(better={("x-x", 3e-5, 200): 0.35})) == Recipe(3e-5, 200)


def test_within_a_tie_the_shorter_then_the_lower_rate_is_taken():
    tie = every(3e-5, 50, 0.0985) | every(3e-6, 50, 0.0981) | every(3e-5, 200, 0.101)
    assert same_recipe(grid(better=tie)) == Recipe(1e-5, 100)  # the best is .101 here
    assert same_recipe(grid(better=tie | every(3e-5, 200, 0.1))) == Recipe(3e-6, 50)
    assert same_recipe(grid(better=every(3e-6, 50, 0.097))) == Recipe(1e-5, 100)


def test_a_tuned_choice_may_differ_and_has_its_own_tie():
    table = grid(better={("x-x", 3e-6, 50): 0.0965, ("x-y", 3e-6, 50): 0.0955})
    tuned = tuned_each(table)
    assert tuned == {"x-x": (3e-6, 50), "x-y": (1e-5, 100), "hybrid": (1e-5, 100)}
    assert same_recipe(table) == Recipe(1e-5, 100)


def test_the_grid_is_extended_where_its_best_cell_lies_at_an_edge_before_ties():
    assert to_extend(grid(), FIRST) == {}
    assert to_extend(grid(best=(3e-6, 100)), FIRST) == {"learning_rate": 1e-6}
    assert to_extend(grid(best=(3e-5, 200)), FIRST) == {"learning_rate": 1e-4, "num_steps": 400}
    assert to_extend(grid(best=(1e-5, 50)), FIRST) == {"num_steps": 25}
    tied = grid(best=(3e-5, 100), better=every(1e-5, 50, 0.099))
    assert same_recipe(tied) == Recipe(1e-5, 50)
    assert to_extend(tied, FIRST) == {"learning_rate": 1e-4}


def test_extending_ends_after_two_values_or_where_it_gains_too_little():
    once = (*STEPS, 400)
    gained = grid(best=(1e-5, 400), better=every(1e-5, 200, 0.09), steps=once)
    assert to_extend(gained, FIRST) == {"num_steps": 800}
    little = grid(best=(1e-5, 400), better=every(1e-5, 200, 0.0985), steps=once)
    assert to_extend(little, FIRST) == {}
    twice = grid(best=(1e-5, 800), steps=(*once, 800))
    assert to_extend(twice, FIRST) == {}


PLANNED = {"untrained": TrainingParameters(num_steps=0)} | {
    f"{sampler}-{rate}-{steps}-{seed}": TrainingParameters(
        sampler=sampler, learning_rate=rate, num_steps=steps, seed=seed
    )
    for sampler, rate, steps, seed in product(SAMPLERS, RATES, STEPS, (100, 101))
}


def run(value):
    rows = [
        (setting, metric, "de", "de", value * (1 + place), 1)
        for place, setting in enumerate(("monolingual", "cross-lingual", "multilingual"))
        for metric in ("mAP", "rank distance")
    ]
    names = ["setting", "metric", "query_language", "candidate_language", "value", "num_queries"]
    return Run("k", {}, {}, pd.DataFrame(rows, columns=names))


def test_the_surface_has_a_row_a_training_with_the_mean_of_the_three_maps():
    table = surface(dict.fromkeys(PLANNED, run(0.1)), PLANNED)
    assert len(table) == len(PLANNED) - 1
    assert table.loc[0, "Mul. mAP"] == table.loc[0, "rank distance"] == pytest.approx(0.3)
    assert table[recipes.CRITERION].to_numpy() == pytest.approx(0.2)


def test_a_missing_run_or_seed_is_told_before_anything_is_chosen():
    runs = dict.fromkeys(PLANNED, run(0.1))
    one_seed = {name: one for name, one in PLANNED.items() if one.seed == 100}
    with pytest.raises(ValueError, match="has 1 seeds, it takes 2"):
        surface(runs, one_seed)
    del runs["x-y-1e-05-100-101"]
    with pytest.raises(ValueError, match="1 runs of the grid are missing, x-y-1e-05-100-101 first"):
        surface(runs, PLANNED)


def test_the_papers_way_takes_the_length_of_the_lowest_validation_loss_over_seeds():
    def log(losses):
        steps = {"step": [10, 50, 100, 150, 200], "validation_loss": [None, *losses]}
        return Run("k", {}, {}, pd.DataFrame(steps))

    logs = dict.fromkeys(PLANNED, log((4.0, 3.0, 1.0, 2.0)))  # 150 is no length of the grid
    logs["x-y-3e-05-200-100"] = log((4.0, 1.0, 3.0, 2.0))
    logs["x-y-3e-05-200-101"] = log((1.0, 3.0, 3.0, 2.2))
    logs["x-y-1e-05-200-100"] = log((0.0, 3.0, 3.0, 2.2))  # another rate
    chosen = papers(logs, PLANNED)
    assert chosen == {"x-x": (3e-5, 200), "x-y": (3e-5, 100), "hybrid": (3e-5, 200)}


GRIDS = {  # rates and lengths before any extension
    "e5": {"learning_rate": (3e-6, 1e-5, 3e-5), "num_steps": (50, 100, 200, 400)},
    "raw": {"learning_rate": (1e-5, 3e-5, 1e-4), "num_steps": (50, 100, 200, 400, 800)},
}
PROFILES = {"e5": ["e5", "e5-alpha", "e5-data", "e5-languages", "e5-tuned"], "raw": ["raw"]}


@pytest.mark.parametrize("start", GRIDS)
def test_the_grid_is_of_the_design(start):
    runs = [one for one in load_profile(f"{start}-grid").runs().values() if one.num_steps]
    assert {one.seed for one in runs} == {100, 101}
    assert {one.sampler for one in runs} == set(SAMPLERS)
    for axis, values in GRIDS[start].items():  # more where the best lies at an edge
        assert {getattr(one, axis) for one in runs} >= set(values)


@pytest.mark.parametrize("start", GRIDS)
def test_every_arm_of_the_study_has_the_recipe_that_the_grid_chooses(start):
    place, planned = Path("results", f"{start}-grid"), load_profile(f"{start}-grid").runs()
    missing = [n for n in planned if not (place / DEVELOPMENT / n / "run.json").is_file()]
    if missing:
        pytest.skip(f"{len(missing)} of {len(planned)} runs of the grid are missing")
    found = surface({n: Store().load(place / DEVELOPMENT / n) for n in planned}, planned)
    assert to_extend(found, GRIDS[start]) == {}
    for profile in PROFILES[start]:
        own = tuned_each(found) if profile == "e5-tuned" else {}
        for one in load_profile(profile).runs().values():
            chosen = own.get(one.sampler, same_recipe(found))
            assert not one.num_steps or (one.learning_rate, one.num_steps) == chosen
