import json
import re
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from hybridlib.__main__ import main
from hybridlib.data import registry
from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.data.fetch import download
from hybridlib.evaluation import three_settings
from hybridlib.experiments import evaluate_in_memory, run
from hybridlib.models import on_disk
from hybridlib.report.audit import audit
from hybridlib.training.parameters import TrainingParameters

PARAMETERS = TrainingParameters(
    backbone="tiny", corpus="tiny", num_steps=2, batch_size=8, warmup_steps=1,
    num_validation_pairs=30, evaluation_steps=2,
)  # fmt: skip


@pytest.fixture
def model(make_encoder, tmp_path):
    folder = tmp_path / "model"
    on_disk.save(make_encoder(), folder)
    return str(folder)


@pytest.fixture
def without_lareqa(monkeypatch, tmp_path):
    monkeypatch.delenv("HYBRIDLIB_MIRROR", raising=False)
    monkeypatch.setenv("HYBRIDLIB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(download, "is_reachable", lambda host: False)


def test_page_and_table_hold_the_measures_of_the_evaluation(store, model):
    page = audit(model, store, benchmarks=["tiny"])
    assert page == store.results / "scratch" / "model.html"
    scores = pd.read_csv(page.with_suffix(".csv"))
    expected = run.evaluate_encoder(model, "tiny", store, "other", "model").scores
    pd.testing.assert_frame_equal(scores.drop(columns="benchmark"), expected)
    text = page.read_text()
    means = three_settings.summarize(expected).set_index(["setting", "metric"])["value"]
    assert f">{means['multilingual', 'mAP']:.3f}<" in text
    assert f">{means['multilingual', 'rank distance']:.1f}<" in text
    assert "query_prefix &#x27;query: &#x27;" in text
    assert store.load(store.folder("scratch", "tiny", "model")).key in text
    assert not re.findall(r"""(?:src|href)=["'](?!data:)""", text)  # one file, whole in itself


def test_a_second_audit_loads_its_results(store, model, monkeypatch):
    first = audit(model, store, benchmarks=["tiny"]).with_suffix(".csv").read_text()
    monkeypatch.setattr(evaluate_in_memory, "rank_relevant", None)
    assert audit(model, store, benchmarks=["tiny"]).with_suffix(".csv").read_text() == first
    with pytest.raises(TypeError):  # another prefix is another result
        audit(model, store, benchmarks=["tiny"], query_prefix="Question: ")


@pytest.mark.parametrize("file", ["notes.csv", "notes.html"])
def test_what_no_audit_wrote_is_not_replaced(store, file):
    (store.results / "scratch").mkdir(parents=True)
    (store.results / "scratch" / file).write_text("benchmark,what I think of it")
    with pytest.raises(FileExistsError, match=rf"{file} is not of an audit and is not replaced"):
        audit("no/model", store, name="notes", benchmarks=["tiny"])
    assert (store.results / "scratch" / file).read_text() == "benchmark,what I think of it"


def test_published_runs_stand_beside(store, model, trained):
    trained(PARAMETERS)
    page = audit(model, store, benchmarks=["tiny"], compare_with=["test"])
    key = store.load(store.folder("test", "tiny", PARAMETERS.name)).key
    for words in ("Hybrid, α = 0.5, test", f"test/{PARAMETERS.name}", key):
        assert words in page.read_text()
    with pytest.raises(FileNotFoundError, match="results/studdy holds no runs to compare with"):
        audit(model, store, benchmarks=["tiny"], compare_with=["studdy"])


def test_what_a_foreign_model_says_of_itself_is_text_and_no_code(store, model):
    mark = Path(model, "hybridlib.json")
    own = json.loads(mark.read_text())
    mark.write_text(json.dumps(own | {"revision": "<script>alert(1)</script>"}))
    assert "<script" not in audit(model, store, benchmarks=["tiny"]).read_text()


def test_what_a_benchmark_says_is_text_and_no_code(store, model, monkeypatch):
    rows = [
        (language, question, language + question, "?")
        for language in ("<script>alert(1)</script>", "en")
        for question in ("<script>1", "<script>2")
    ]
    frame = pd.DataFrame(rows, columns=["language", "question", "candidate", "text"])
    benchmark = RetrievalBenchmark("planted", frame, frame, frame)
    monkeypatch.setattr(registry, "BENCHMARKS", {"planted": lambda: benchmark})
    assert "<script" not in audit(model, store, benchmarks=["planted"]).read_text()


def test_an_audit_without_its_benchmark_is_one_sentence(
    store, model, without_lareqa, monkeypatch, tmp_path
):
    monkeypatch.chdir(tmp_path)
    outcome = CliRunner().invoke(main, ["audit", model, "--benchmark", "xquad-r"])
    assert outcome.exit_code == 1
    assert re.fullmatch(
        r"Error: lareqa/xquad-r/ar.json is not at hand and .* in HYBRIDLIB_MIRROR\n", outcome.output
    )
    assert not store.results.exists()


def test_what_is_not_at_hand_is_named_and_the_rest_is_measured(store, model, without_lareqa):
    page = audit(model, store)
    assert set(pd.read_csv(page.with_suffix(".csv"))["benchmark"]) == {"cldr"}
    assert "mlqa-r is not measured: lareqa/mlqa-r/ar.json is not at hand" in page.read_text()
