"""The README's Python but for MIRACL, whose files are large, and the sampler (test_new_sampler)."""

import re
from functools import partial
from pathlib import Path
from types import MappingProxyType

import ir_measures
import pytest
import torch
from sentence_transformers import (
    SentenceTransformer,
    SentenceTransformerTrainer,
    SentenceTransformerTrainingArguments,
)
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

from hybridlib.data import lareqa
from hybridlib.models import on_disk
from hybridlib.models.backbones import load_encoder
from tests.integrations.test_ir_measures import DOCUMENTS, QRELS, QUERIES, RUN

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"```python\n(.*?)```", README, re.S)


def run(part, given, instead=MappingProxyType({})):
    """Run the snippet that has this part, on these things, with some words replaced."""
    (snippet,) = [one for one in SNIPPETS if part in one]
    for word, other in instead.items():
        assert word in snippet
        snippet = snippet.replace(word, other)
    exec(snippet, given)  # noqa: S102  (our own file)
    return given


@pytest.fixture
def folder(make_encoder, tmp_path, monkeypatch):
    """The working directory, with a tiny encoder in it."""
    on_disk.save(make_encoder(), tmp_path / "encoder")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_sentence_transformers_trains_on_language_batches_of_a_csv(folder, pairs):
    pairs.only(["de", "en"]).table.to_pandas().to_csv("pairs.csv", index=False)
    model = SentenceTransformer("encoder", device="cpu")
    given = run(
        "LanguageBatchSampler",
        {
            "SentenceTransformerTrainer": SentenceTransformerTrainer,
            "model": model,
            "loss": MultipleNegativesRankingLoss(model),
            "arguments": SentenceTransformerTrainingArguments(
                "out", max_steps=2, use_cpu=True, report_to="none", save_strategy="no"
            ),
        },
    )
    given["trainer"].train()
    assert given["trainer"].state.global_step == 2


def test_measures_and_tasks_score_a_model(folder, mirror, monkeypatch):
    mteb = pytest.importorskip("mteb")
    few = partial(lareqa.load, "xquad-r", every=40)
    monkeypatch.setattr(lareqa, "load", lambda _: few())
    monkeypatch.setattr(mteb, "evaluate", partial(mteb.evaluate, cache=None))
    monkeypatch.setattr(
        ir_measures.DefaultPipeline, "providers", list(ir_measures.DefaultPipeline.providers)
    )
    given = run(
        "register(document_languages",
        {
            "ir_measures": ir_measures, "mteb": mteb, "qrels": QRELS, "run": RUN,
            "document_languages": DOCUMENTS, "query_languages": QUERIES,
            "model": SentenceTransformer("encoder", device="cpu"),
        },
    )  # fmt: skip
    assert given["scores"][given["RankDistance"]] == 1.5
    (result,) = given["results"].task_results
    assert len(result.scores["test"]) == 11


def test_our_trainer_trains_on_rows(folder, pairs):
    words = {"path/or/hub-repository": "encoder", "=100": "=2"}
    given = run("load_encoder", {"rows": pairs.table.to_pylist()}, words)
    before, after = load_encoder("encoder").state_dict(), given["encoder"].state_dict()
    assert any(not torch.equal(value.cpu(), before[name]) for name, value in after.items())
