"""The page of the claims: planted runs settle them as they should."""

import pandas as pd
import pytest

from book.pages import claims
from book.shared.samplers import of_sampler
from hybridlib.data.parallel import Example
from study.statistics import endpoints
from study.store.run import Run
from study.store.runs import Store
from tests.book.pages import planted

LANGUAGES = ("ar", "el", "en", "hi", "th", "vi")
RANKS = {"x-x": (2.0, 40.0), "x-y": (4.0, 12.0), "hybrid-0.5": (2.0, 6.0)}


def places(folder, ranks):
    """Runs of three samplers and the start, alike in both benchmarks, from one start."""
    runs = {"untrained": planted.run(own=4.0, other=60.0, languages=LANGUAGES)}
    runs |= {
        f"{name}-seed{seed}": planted.run(own, other, seed=seed, languages=LANGUAGES)
        for name, (own, other) in ranks.items()
        for seed in range(3)
    }
    return [planted.place(folder, runs, "e5", name) for name in ("xquad-r", "mlqa-r")]


def test_each_setting_is_judged_by_the_planned_parts_and_one_without_runs_has_not_run(tmp_path):
    found = claims.judged(places(tmp_path, RANKS))
    assert set(found) == set(endpoints.ENDPOINTS)
    for claim in ("claim 7", "claim 9"):
        assert found[claim]["e5", "xquad-r"].outcome == "replicates"
        assert found[claim]["raw", "xquad-r"].outcome == "not run"


def test_a_hybrid_with_more_bias_than_x_x_reverses_claim_9(tmp_path):
    found = claims.judged(places(tmp_path, RANKS | {"hybrid-0.5": (2.0, 90.0)}))
    assert found["claim 9"]["e5", "mlqa-r"].outcome == "reversed"


def test_the_table_says_what_the_judgements_say_and_the_parts_have_their_p_values(tmp_path):
    there = places(tmp_path, RANKS)
    store, power = there[0].store, [("claim 9", "mlqa-r", 0.5)]
    scores = pd.DataFrame(power, columns=["claim", "benchmark", "power"])
    store.save(store.folder("e5", "power", "e5-grid"), Run("k", {}, {}, scores))
    table = planted.csv(claims.findings(there), "claims").set_index("claim", drop=False)
    has_power = table.filter(like="E5-small").map(lambda text: ", power 0.50" in text)
    assert has_power.sum().tolist() == [1, 0]
    assert has_power.filter(like="9. ", axis=0)["E5-small, MLQA-R"].all()
    assert table["claim"].str.partition(".")[0].astype(int).tolist() == [6, 7, 7, 8, 9, 10, 11]
    judged = claims.judged(there)
    assert table["here"].tolist() == [endpoints.line(one) for one in judged.values()]
    parts = planted.csv(claims.parts(there), "claims-parts")
    assert len(parts) == 2 * sum(map(len, endpoints.ENDPOINTS.values()))
    assert parts["p"].between(0, 1).all()


def batches(*kinds):
    return [[Example(0, *kind), Example(1, *kind)] for kind in kinds]


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        (batches(*[("de", "de"), ("de", "en")] * 50), [True, True]),
        ([[Example(0, "de", "de"), Example(1, "de", "en")]] * 100, [False, False]),
        (batches(*[("de", "de")] * 100), [True, False]),
    ],
)
def test_batches_are_hybrid_if_each_is_of_one_kind_and_either_kind_is_as_frequent(drawn, expected):
    assert [holds for _, _, holds in claims._batches(drawn)] == expected


@pytest.mark.parametrize("seen", [0, 1])
def test_a_training_text_in_the_evaluation_is_said(tmp_path, seen):
    store = Store(tmp_path)
    for benchmark in claims.NUM_LANGUAGES:
        counts = pd.DataFrame({"evaluation_texts": [9], "equal": [seen], "shared_run": [0]})
        store.save(store.folder("balanced-help", "data", benchmark), Run("k", {}, {}, counts))
    assert {holds for _, _, holds in claims._separate(store)} == {not seen}


def test_every_sampler_that_a_claim_names_has_a_label():
    named = {
        name
        for parts in endpoints.ENDPOINTS.values()
        for part in parts
        for name in (part.sampler, part.against)
    }
    assert {of_sampler(name) for name in named} == {"untrained", "X-X", "X-Y", "Hybrid, α = 0.5"}
