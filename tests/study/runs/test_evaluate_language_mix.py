import pandas as pd
import pytest

from book.pages import preference
from hybridlib.evaluation.ranking import embeddings
from study.data.registry import EVERY_BENCHMARK, load_benchmark
from study.evaluation.language_mix import language_mix
from study.runs.evaluate_language_mix import evaluate
from study.runs.planned_encoder import PlannedEncoder
from study.store.runs import Computed, Store


def test_the_top_ten_is_counted_once_and_the_result_is_kept(make_encoder, tmp_path):
    encoder, benchmark = make_encoder(revision="tiny"), load_benchmark("cldr")
    store = Store(tmp_path / "results", tmp_path / "build")
    folder = store.folder("test", "cldr-top-10", "untrained")
    run = evaluate(PlannedEncoder(encoder.identity, lambda: encoder), benchmark, store, folder)
    expected = language_mix(benchmark, *embeddings(encoder, benchmark), k=10)
    pd.testing.assert_frame_equal(run.scores, expected)
    again = evaluate(PlannedEncoder(encoder.identity, pytest.fail), benchmark, store, folder)
    assert again.scores.equals(run.scores)
    assert {"xquad-r-top-10", "mlqa-r-top-10", "xquad-r-every-3-top-10"} <= set(EVERY_BENCHMARK)


def test_the_page_divides_by_the_pool_and_says_where_nothing_was_measured(tmp_path):
    store = Store(tmp_path / "results", tmp_path / "build")
    assert preference.own_in_top_ten(store, "test", "cldr").empty
    assert "not measured" in preference.top_ten_in_words(pd.DataFrame())
    for seed, own in enumerate((0.4, 0.8)):
        mix = pd.DataFrame(
            [("de", "de", own, 0.2), ("de", "en", 1 - own, 0.8), ("en", "en", 0.8, 0.8)],
            columns=["query_language", "candidate_language", "top_share", "pool_share"],
        )
        folder = store.folder("test", "cldr-top-10", f"x-x-seed{seed}")
        store.keep(folder, f"key{seed}", {}, {}, lambda mix=mix: Computed(mix))
    table = preference.own_in_top_ten(store, "test", "cldr")
    assert table.loc["X-X"].to_dict() == pytest.approx({"de": 3.0, "en": 1.0, "mean": 2.0})
    assert preference.top_ten_in_words(table).endswith("its share of the pool: X-X 2.0.")
