import pytest

from hybridlib.data.lareqa import DEVELOPMENT
from study.analysis.expected_power import expected_power
from study.runs.profile import Profile, load_profile
from tests.book.pages import planted

GRID = load_profile("e5-grid")
RECIPE = {"learning_rate": [1e-5], "num_steps": [100]}
STUDY = Profile("e5", "Study", GRID.training | RECIPE | {"seed": [0, 1, 2, 3, 4]}, ("mlqa-r",))


def grid_of(folder, ranks):
    """A grid with the start, and a run of each sampler and seed at the study's recipe."""
    runs = {}
    for name, one in GRID.runs().items():
        if not one.num_steps or (one.learning_rate, one.num_steps) == (1e-5, 100):
            own, other = ranks[one.sampler if one.num_steps else "untrained"]
            runs[name] = planted.run(own, other, seed=one.seed, spread=0.01)
    return planted.place(folder, runs, GRID.name, DEVELOPMENT).store


def test_a_large_effect_is_sure_to_be_shown_and_no_effect_is_not(tmp_path):
    alike = {"untrained": (5.0, 9.0), "x-x": (3.0, 7.0), "x-y": (3.0, 7.0), "hybrid": (3.0, 7.0)}
    large = expected_power(STUDY, GRID, grid_of(tmp_path / "large", alike | {"hybrid": (2.0, 3.0)}))
    nothing = expected_power(STUDY, GRID, grid_of(tmp_path / "nothing", alike))
    of_large, of_nothing = (
        run.scores.set_index(["claim", "benchmark"])["power"] for run in (large, nothing)
    )
    assert of_large["claim 7", "mlqa-r"] > 0.95 and of_large["claim 7", "xquad-r"] > 0.95
    assert of_nothing["claim 7", "mlqa-r"] < 0.1
    assert set(of_large.index.get_level_values("claim")) >= {f"claim {n}" for n in range(6, 12)}


def test_what_is_missing_or_no_start_of_the_plan_is_told(tmp_path):
    store = grid_of(tmp_path, dict.fromkeys(("untrained", "x-x", "x-y", "hybrid"), (3.0, 6.0)))
    other = Profile("mine", "Mine", STUDY.training, STUDY.benchmarks)
    with pytest.raises(ValueError, match="study 'mine' is unknown; there is e5, raw"):
        expected_power(other, GRID, store)
    longer = Profile("e5", "Study", STUDY.training | {"num_steps": [400]}, STUDY.benchmarks)
    with pytest.raises(FileNotFoundError, match="holds no run"):
        expected_power(longer, GRID, store)
