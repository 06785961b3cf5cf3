"""Pages on what was varied: alpha, corpus, remedies, the grid of recipes."""

import pandas as pd

from book.pages import alpha, recipe, remedies, training_data
from book.shared import comparisons
from book.shared.figure import draw_front, front
from book.shared.tables import DISTANCE, HYBRID
from hybridlib.training.parameters import TrainingParameters
from study.runs.profile import load_profile
from study.store.run import Run
from study.store.runs import Store
from tests.book.pages import planted

MONO = "Mo. mAP"


def test_alphas_are_in_their_order_and_the_best_is_found():
    ranks = {"x-x": (6.0, 12.0), "hybrid": (2.0, 4.0), "x-y": (6.0, 12.0)}
    runs = planted.seeds(ranks, spread=0.02)
    parameters = {name: TrainingParameters(sampler=name.partition("-seed")[0]) for name in runs}
    groups = alpha.groups(runs, parameters)
    assert list(groups) == ["0", "0.5", "1"]
    found = comparisons.against(groups, [("0", alpha.BEST), ("1", alpha.BEST)])
    assert set(found["verdict"]) == {"worse"}
    assert list(comparisons.wide(comparisons.estimates(groups), "α").index) == list(groups)


def test_the_front_is_what_no_other_point_beats():
    points = pd.DataFrame({MONO: [0.5, 0.6, 0.4, 0.6, 0.5], DISTANCE: [10, 20, 12, 25, 10]})
    assert front(points, MONO, DISTANCE).tolist() == [True, True, False, False, True]


def test_names_of_points_are_written_over_no_other_where_there_is_room():
    names = ["Centring of X-X", "SHIFT of X-X", "X-X"]
    points = pd.DataFrame({MONO: [0.5, 0.5, 0.6], DISTANCE: [100.0, 101.0, 200.0]}, index=names)
    boxes = [t.get_window_extent() for t in draw_front(points, MONO, DISTANCE, {}).axes[0].texts]
    assert not boxes[0].overlaps(boxes[1])


def test_an_order_that_turns_over_with_the_corpus_is_told():
    runs, parameters = {}, {}
    for corpus, ranks in {"small": (2.0, 5.0), "large": (5.0, 2.0)}.items():
        for name, run in (samplers(["x-x"], ranks[0]) | samplers(["x-y"], ranks[1])).items():
            runs[f"{name}-corpus={corpus}"] = run
            parameters[f"{name}-corpus={corpus}"] = TrainingParameters(corpus=corpus)
    groups = training_data.groups(runs, parameters)
    tables = [comparisons.estimates(groups[name]).assign(corpus=name) for name in groups]
    orders = training_data.orders(pd.concat(tables))[MONO]
    assert orders.to_dict() == {"small": "X-X, X-Y", "large": "X-Y, X-X"}


def remedied(own):
    one = {"lir-untrained": planted.run(own=own), "shift-untrained-corpus=balanced-help": None}
    return one | planted.seeds({"shift-x-y": (own, 2 * own)})


def test_a_remedy_that_is_better_than_hybrid_is_found_and_one_that_is_not_is_not():
    runs = samplers(("x-x", "x-y", "hybrid-0.5"), 3.0)
    groups = remedies.groups(runs, remedied(own=1.2))
    assert list(groups)[-2:] == ["LIR of untrained", "SHIFT of X-Y"]
    verdicts = comparisons.against(groups, [(HYBRID, name) for name in groups]).groupby("other")
    assert verdicts["verdict"].agg(set)["SHIFT of X-Y"] == {"worse"}
    means = comparisons.estimates(groups)
    assert means.loc[means["group"] == "LIR of untrained", "low"].notna().all()  # no seed enters
    same = comparisons.against(remedies.groups(runs, remedied(3.0)), [(HYBRID, "SHIFT of X-Y")])
    assert not {"better", "worse"} & set(same["verdict"])


def samplers(names, own, **options):
    return planted.seeds(dict.fromkeys(names, (own, 2 * own)), spread=0.02, **options)


def test_the_best_remedy_of_x_x_on_development_is_put_against_hybrid(tmp_path):
    place = planted.place(tmp_path, samplers(("x-x", "x-y", "hybrid-0.5"), 3.0), "e5", "mlqa-r")
    assert "none is chosen" in remedies.endpoint(place).data
    on_test = samplers(("centring-x-x", "lir-x-x", "shift-hybrid-0.5"), 1.2, first_seed=3)
    planted.place(tmp_path, on_test, "e5-remedies", "mlqa-r")
    found = samplers(["lir-x-x"], 2.0) | samplers(["centring-x-x"], 4.0)
    better_but_of_others = samplers(["shift-hybrid-0.5", "weight-average-x-x+x-y"], 1.0)
    planted.place(tmp_path, found | better_but_of_others, "e5-remedies", "xquad-r-development")
    table = planted.csv(remedies.endpoint(place), "e5-mlqa-r-best-remedy")
    assert set(table["one"]) == {"LIR of X-X", "SHIFT of Hybrid"} and set(table["other"]) == {
        HYBRID
    }
    table = table[table["one"] == "LIR of X-X"]
    verdicts = table.set_index("measure")["verdict"]
    assert verdicts["mean mAP"] == verdicts["Mul. mAP"] == "better"


def grid(folder, left_out=()):
    """Development ranks of the whole grid: best at 1e-5 and 100 steps; logs beside them."""
    runs, store = {}, Store(folder / "results", folder / "build")
    ranked = {
        (own, seed): planted.run(own, 2 * own, seed=seed)
        for own in (1.5, 3.0, 6.0)
        for seed in (100, 101)
    }
    for name, one in load_profile("e5-grid").runs().items():
        if name in left_out:
            continue
        is_best = one.learning_rate == 1e-5 and one.num_steps == 100
        own = 6.0 if not one.num_steps else 1.5 if is_best else 3.0
        if is_best and one.sampler == "x-x":
            own = 3.0
        runs[name] = ranked[own, one.seed]
        steps = range(50, one.num_steps + 1, 50)
        log = pd.DataFrame({"step": steps, "validation_loss": [1 / step for step in steps]})
        store.save(store.folder("e5-grid", "training", name), Run("k", {}, {}, log))
    return planted.place(folder, runs, "e5-grid", "xquad-r-development")


def test_a_whole_grid_is_chosen_from_and_one_with_a_run_missing_is_not(tmp_path):
    whole = grid(tmp_path / "whole")
    chosen = recipe.choices(whole)
    assert set(chosen["same recipe"].values()) == {(1e-5, 100)}
    assert {one.num_steps for one in chosen["the paper's"].values()} == {400}
    shown = recipe.ways(whole)
    answers = planted.csv(shown, "e5-grid-xquad-r-development-answers")
    verdicts = answers.set_index(["way", "other", "measure"])["verdict"]
    assert verdicts["same recipe", "X-X", "Mul. mAP"] == "better"
    assert verdicts["same recipe", "X-Y", "Mul. mAP"] != "better"
    assert verdicts["the paper's", "X-X", "Mul. mAP"] != "better"
    lacking = "hybrid-0.5-seed101-learning_rate=3e-06-num_steps=400"
    part = grid(tmp_path / "part", left_out=[lacking])
    assert "not whole yet" in recipe.ways(part).data
    assert f"Missing: 1 of 97 planned runs, {lacking} first" in recipe.figure(part).data
    start = {"untrained": part.runs["untrained"]}
    alone = planted.place(tmp_path / "start", start, "e5-grid", "xquad-r-development")
    assert "Missing: 96 of 97 planned runs" in recipe.table(alone).data


def test_runs_of_another_way_answer_by_themselves(tmp_path):
    runs = samplers(["hybrid-0.5"], 1.5) | samplers(["x-x", "x-y"], 3.0)
    place = planted.place(tmp_path, runs, "e5-second", "mlqa-r")
    table = planted.csv(recipe.answer(place), "e5-second-mlqa-r-answers")
    verdicts = table.set_index(["other", "measure"])["verdict"]
    assert verdicts["X-X", "Mul. mAP"] == verdicts["X-Y", "Mul. mAP"] == "better"
