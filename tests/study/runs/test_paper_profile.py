"""The paper profile from end to end, on tiny models of the real architectures and small files."""

import gzip
import hashlib
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch
from sentence_transformers import SentenceTransformer
from torch import nn
from transformers import BertConfig, BertModel, XLMRobertaConfig, XLMRobertaModel

from book.shared import stored_runs, tables
from hybridlib.data import miracl, mmarco, squad_shifts
from hybridlib.data.public_qa import SOURCES
from hybridlib.models import backbones, on_disk
from hybridlib.models.encoder import DualEncoder, TextSettings
from study.data import registry
from study.runs import train
from study.runs.profile import load_profile

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
    encoders = {
        "FacebookAI/xlm-roberta-base": DualEncoder(xlm_r, tokenizer, settings),
        "sentence-transformers/LaBSE": DualEncoder(
            labse, tokenizer, settings, pooling="cls", dense=dense
        ),
    }
    folder = tmp_path / "hub"
    for repository, encoder in encoders.items():
        on_disk.save(encoder, folder / repository)
        (folder / repository / "hybridlib.json").unlink()
    (folder / "FacebookAI/xlm-roberta-base/modules.json").unlink()
    monkeypatch.setattr(backbones, "_download", lambda name: (folder / name, f"{name}@abc"))
    return folder


@pytest.fixture
def corpora(tmp_path, monkeypatch, store, miracl_files):
    """mMARCO, two public sets, SQuADShifts and MIRACL in upstream's layouts, in one mirror."""
    mirror = tmp_path / "mirror"
    monkeypatch.setenv("HYBRIDLIB_CACHE", str(tmp_path / "cache"))
    write(mirror / "mmarco" / mmarco.TRIPLES, [f"{i}\t{i}\t{i + 30}" for i in range(30)])
    for language, name in mmarco.NAMES.items():
        for path, kind in (
            (f"data/google/queries/train/{name}_queries.train.tsv", "question"),
            (f"data/google/collections/{name}_collection.tsv", "answer"),
        ):
            lines = [f"{i}\t{kind} {i} in {language}" for i in range(60)]
            write(mirror / "mmarco" / path, lines)
    rows = pd.DataFrame({"query": [f"English {i}?" for i in range(20)], "answer": "An answer."})
    rows["answer"] += rows.index.astype(str)
    file = mirror / "natural-questions" / SOURCES["natural-questions"].files[0]
    file.parent.mkdir(parents=True)
    rows.to_parquet(file)
    passages = [{"docid": "1", "title": "T", "text": f"passage {i}"} for i in range(40)]
    tydi = [
        {"query_id": str(i), "query": f"Tydi {i}?", "positive_passages": [passages[i]],
         "negative_passages": [passages[i + 20]]}
        for i in range(20)
    ]  # fmt: skip
    file = mirror / "mr-tydi" / SOURCES["mr-tydi"].files[0]
    file.parent.mkdir(parents=True)
    file.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in tydi).encode()))
    chosen = {name: SOURCES[name] for name in ("natural-questions", "mr-tydi")}
    monkeypatch.setattr(registry, "SOURCES", chosen)
    monkeypatch.setattr(squad_shifts, "CHECKSUMS", squad_shifts_files(mirror / "squad-shifts"))
    monkeypatch.setitem(registry.CORPORA, "paper", registry._paper)
    monkeypatch.setitem(registry.CORPORA, "squad-shifts", squad_shifts.load)
    monkeypatch.setattr(miracl, "LANGUAGES", ("sw",))
    return store


def write(file, lines):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(f"{line}\n" for line in lines))


def squad_shifts_files(folder):
    folder.mkdir(parents=True)
    checksums = {}
    for domain in squad_shifts.CHECKSUMS:
        paragraphs = [
            {
                "context": f"{domain} text {i}.",
                "qas": [{"id": str(i), "question": f"{domain} {i}?", "answers": []}],
            }
            for i in range(6)
        ]
        content = json.dumps({"data": [{"title": "t", "paragraphs": paragraphs}]}).encode()
        (folder / f"{domain}_v1.0.json").write_bytes(content)
        checksums[domain] = hashlib.sha256(content).hexdigest()
    return checksums


def short(profile):
    """A run of a profile with few steps."""
    run = load_profile(profile).runs()["hybrid-0.5-seed0"]
    return replace(
        run, num_steps=4, batch_size=8, evaluation_steps=2, warmup_steps=1, num_validation_pairs=20
    )


@pytest.mark.parametrize("profile", ["paper-xlm-r", "paper-labse"])
def test_a_paper_run_trains_and_is_scored_on_every_benchmark(corpora, hub, profile, trained):
    run, name = short(profile), "hybrid-0.5-seed0"
    log, evaluated = trained(run, ["tiny", "miracl"], profile, name)
    revisions = log.provenance["revisions"]
    assert log.scores["validation_loss"].notna().sum() == 2
    assert revisions["validation_corpus"] == squad_shifts.load().revision
    assert revisions["backbone"].endswith("@abc")
    assert list(evaluated) == ["tiny", "miracl"]
    assert evaluated["miracl"].scores["num_passages"].tolist() == [120, 120]
    again, _ = trained(run, ["tiny", "miracl"], profile, name)
    assert again.provenance == log.provenance  # loaded


@pytest.mark.parametrize(("profile", "modules"), [("paper-xlm-r", 3), ("paper-labse", 4)])
def test_what_a_paper_run_trained_loads_in_sentence_transformers(
    corpora, hub, profile, modules, trained
):
    run = short(profile)
    trained(run, ["tiny"], profile, "mine")
    folder = corpora.build / "encoders" / profile / "mine"
    model = SentenceTransformer(str(folder), device="cpu")
    assert len(model) == modules  # backbone, pooling, normalisation, and LaBSE's dense layer
    texts = ["An answer.", "answer 3 in de"]
    ours = train.plan_encoder(run, corpora, profile, "mine").load().encode(texts, "passage")
    theirs = model.encode(texts, prompt_name="passage")
    np.testing.assert_allclose(ours, theirs, atol=1e-6)
    start = backbones.load_encoder(run.backbone).encode(texts, "passage")
    assert np.abs(ours - start).max() > 1e-6


def test_the_paper_corpus_mixes_parallel_and_english_pairs_with_negatives_where_they_are(corpora):
    pairs = registry.load_pairs("paper")
    assert pairs.corpora == ("mmarco", "mr-tydi", "natural-questions")
    table = pairs.table.to_pandas()
    has_negative = table.groupby("corpus")["negative"].agg(lambda column: column.notna().all())
    assert has_negative.to_dict() == {"mmarco": True, "mr-tydi": True, "natural-questions": False}
    english = table[table["corpus"] != "mmarco"]
    assert set(english["language"]) == {"en"}
    assert set(table["language"]) == {"ar", "de", "en", "es", "hi", "ru", "zh"}


@pytest.mark.parametrize("profile", ["paper-xlm-r", "paper-labse"])
def test_the_paper_profiles_have_the_settings_that_the_paper_gives(profile):
    runs = load_profile(profile).runs()
    assert {run.sampler for run in runs.values()} == {"x-x", "x-y", "hybrid"}
    for run in runs.values():
        assert (run.learning_rate, run.weight_decay, run.batch_size) == (3e-5, 1e-2, 100)
        assert (run.corpus, run.validation_corpus) == ("paper", "squad-shifts")
    assert load_profile(profile).benchmarks == ("xquad-r", "mlqa-r", "miracl")


def test_tables_12_and_13_are_filled_by_a_run_and_have_no_mean_of_a_part(corpora, hub, trained):
    run = short("paper-labse")
    trained(run, ["miracl"], "paper-labse", "hybrid-0.5-seed0")
    found = stored_runs.runs(corpora, "paper-labse", "miracl")
    clustered = stored_runs.scores(found)
    table = tables.by_language(clustered, "miracl", "LaBSE", "monolingual", "nDCG@10")
    here = table[(tables.HYBRID, tables.HERE)]
    scores = corpora.load(corpora.folder("paper-labse", "miracl", "hybrid-0.5-seed0")).scores
    expected = scores.set_index("metric").loc["nDCG@10", "value"]
    assert here["sw"].mean == pytest.approx(expected, abs=1e-6)
    assert len(table) == 17  # no language of the paper's is dropped
    assert here.drop("sw").isna().all()
    assert table.loc["sw", (tables.HYBRID, tables.DIFFERENCE)] == pytest.approx(
        expected - table.loc["sw", (tables.HYBRID, tables.PAPER)], abs=1e-6
    )
