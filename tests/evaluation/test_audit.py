import re

import pandas as pd
import pytest
from click.testing import CliRunner

from hybridlib.__main__ import main
from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.evaluation import audit as audits
from hybridlib.evaluation import three_settings
from hybridlib.evaluation.audit import audit
from hybridlib.evaluation.ranking import embeddings, rank_relevant


@pytest.fixture
def benchmark(pairs):
    return RetrievalBenchmark.from_pairs("tiny", pairs.complete(["de", "en", "hi", "zh"]))


def test_page_and_table_hold_the_measures_and_names_as_text(make_encoder, benchmark, tmp_path):
    planted = "<script>alert(1)</script>"
    encoder = make_encoder(revision=planted)
    table = audit(encoder, planted, {planted: benchmark}, tmp_path / "audit")
    expected = three_settings.score(rank_relevant(benchmark, *embeddings(encoder, benchmark)))
    scores = pd.read_csv(tmp_path / "audit" / audits.SCORES)
    pd.testing.assert_frame_equal(scores.drop(columns="benchmark"), expected)
    by_cell = expected.groupby(["setting", "metric"])
    for column, cell in audits.MEASURES.items():
        cells = by_cell.get_group(cell)
        rows = cells.groupby("query_language")["value"].mean().to_dict()
        rows["mean"] = cells["value"].mean()
        assert table.loc[planted, column].to_dict() == pytest.approx(rows)
    text = (tmp_path / "audit" / audits.PAGE).read_text()
    assert f">{table.loc[(planted, 'mean'), 'Mul. mAP']:.3f}<" in text
    assert "<script" not in text
    assert "query_prefix &#x27;query: &#x27;" in text


def test_an_audit_replaces_its_own_and_nothing_else(make_encoder, benchmark, tmp_path):
    folder = tmp_path / "audit"
    for name in ("first", "second"):
        audit(make_encoder(), name, {"Tiny": benchmark}, folder)
    assert "Audit of second" in (folder / audits.PAGE).read_text()
    (folder / "notes.csv").write_text("mine")
    with pytest.raises(FileExistsError, match=r"holds notes\.csv, which hybridlib did not write"):
        audit(None, "third", {"Tiny": benchmark}, folder)  # before anything is encoded
    assert (folder / "notes.csv").read_text() == "mine"


def test_a_benchmark_that_is_not_at_hand_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HYBRIDLIB_MIRROR", raising=False)
    monkeypatch.setenv("HYBRIDLIB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("hybridlib.data.fetch.download.is_reachable", lambda host: False)
    outcome = CliRunner().invoke(main, ["audit", "encoder", "--benchmark", "xquad-r"])
    assert outcome.exit_code == 1
    assert re.fullmatch(
        r"Error: lareqa/xquad-r/ar.json is not at hand and .* in HYBRIDLIB_MIRROR\n", outcome.output
    )
    assert not (tmp_path / "audit-encoder").exists()
