"""The paper profile from end to end, on tiny models of the real architectures and small files."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from torch import nn
from transformers import BertConfig, BertModel, XLMRobertaConfig, XLMRobertaModel

from book.shared import stored_runs, tables
from hybridlib.data import miracl, squad_shifts
from hybridlib.data.public_qa import SOURCES
from hybridlib.models import backbones, on_disk
from hybridlib.models.encoder import DualEncoder, TextSettings
from study.data import registry
from study.runs import train
from study.runs.profile import load_profile
from tests.data.published import write_mmarco, write_public_set, write_squad_shifts

SIZE = {
    "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64,
    "max_position_embeddings": 514,
}  # fmt: skip


@pytest.fixture
def hub(tmp_path, monkeypatch, tokenizer):
    """XLM-R without sentence-transformers' files, LaBSE with its dense layer and CLS pooling."""
    torch.manual_seed(0)
    xlm_r = XLMRobertaModel(XLMRobertaConfig(vocab_size=len(tokenizer), **SIZE), False)
    labse = BertModel(BertConfig(vocab_size=len(tokenizer), **SIZE), add_pooling_layer=False)
    dense = nn.Sequential(nn.Linear(32, 32), nn.Tanh())
    settings = TextSettings(max_query_tokens=256, max_passage_tokens=256)
    of_labse = DualEncoder(labse, tokenizer, settings, pooling="cls", dense=dense)
    on_disk.save(of_labse, tmp_path / "sentence-transformers/LaBSE")
    on_disk.save(DualEncoder(xlm_r, tokenizer, settings), tmp_path / "FacebookAI/xlm-roberta-base")
    for mark in tmp_path.glob("*/*/hybridlib.json"):
        mark.unlink()
    (tmp_path / "FacebookAI/xlm-roberta-base/modules.json").unlink()
    monkeypatch.setattr(backbones, "_download", lambda name: (tmp_path / name, f"{name}@abc"))


@pytest.fixture
def corpora(tmp_path, monkeypatch, store, miracl_files):
    """mMARCO, a public set, SQuADShifts and MIRACL in upstream's layouts, in one mirror."""
    mirror = tmp_path / "mirror"
    monkeypatch.setenv("HYBRIDLIB_CACHE", str(tmp_path / "cache"))
    write_mmarco(mirror, [(i, i, i + 30) for i in range(30)])
    name = "natural-questions"
    rows = [{"query": f"English {i}?", "answer": f"An answer {i}."} for i in range(20)]
    write_public_set(mirror, name, rows)
    monkeypatch.setattr(registry, "SOURCES", {name: SOURCES[name]})
    monkeypatch.setattr(squad_shifts, "CHECKSUMS", write_squad_shifts(mirror))
    monkeypatch.setitem(registry.CORPORA, "paper", registry._paper)
    monkeypatch.setitem(registry.CORPORA, "squad-shifts", squad_shifts.load)
    monkeypatch.setattr(miracl, "LANGUAGES", ("sw",))
    return store


@pytest.mark.parametrize(("profile", "modules"), [("paper-xlm-r", 3), ("paper-labse", 4)])
def test_a_paper_run_fills_its_tables_and_loads_elsewhere(corpora, hub, profile, modules, trained):
    planned = load_profile(profile)
    run = replace(
        planned.runs()["hybrid-0.5-seed0"],
        num_steps=4, batch_size=8, evaluation_steps=2, warmup_steps=1, num_validation_pairs=20,
    )  # fmt: skip
    log, evaluated = trained(run, ["tiny", "miracl"], profile)
    revisions = log.provenance["revisions"]
    assert log.scores["validation_loss"].notna().sum() == 2
    assert revisions["validation_corpus"] == squad_shifts.load().revision
    assert revisions["backbone"].endswith("@abc")
    assert list(evaluated) == ["tiny", "miracl"]
    assert evaluated["miracl"].scores["num_passages"].tolist() == [120, 120]
    scores = stored_runs.scores(stored_runs.runs(corpora, profile, "miracl"))
    table = tables.by_language(scores, "miracl", planned.paper_model, "monolingual", "nDCG@10")
    assert len(table) == 17  # no language of the paper's is dropped
    here = table[(tables.HYBRID, tables.HERE)]
    expected = evaluated["miracl"].scores.set_index("metric").loc["nDCG@10", "value"]
    assert here["sw"].mean == pytest.approx(expected, abs=1e-6)
    assert here.drop("sw").isna().all()  # there is no mean of a part
    model = SentenceTransformer(str(corpora.build / "encoders" / profile / run.name), device="cpu")
    assert len(model) == modules  # backbone, pooling, normalisation, and LaBSE's dense layer
    texts = ["An answer.", "answer 3 in de"]
    ours = train.plan_encoder(run, corpora, profile, run.name).load().encode(texts, "passage")
    theirs = model.encode(texts, prompt_name="passage")
    np.testing.assert_allclose(ours, theirs, atol=1e-6)
    start = backbones.load_encoder(run.backbone).encode(texts, "passage")
    assert np.abs(ours - start).max() > 1e-6


@pytest.mark.parametrize("profile", ["paper-xlm-r", "paper-labse"])
def test_the_paper_profiles_have_the_settings_that_the_paper_gives(profile):
    runs = load_profile(profile).runs()
    assert {run.sampler for run in runs.values()} == {"x-x", "x-y", "hybrid"}
    for run in runs.values():
        assert (run.learning_rate, run.weight_decay, run.batch_size) == (3e-5, 1e-2, 100)
        assert (run.corpus, run.validation_corpus) == ("paper", "squad-shifts")
    assert load_profile(profile).benchmarks == ("xquad-r", "mlqa-r", "miracl")
