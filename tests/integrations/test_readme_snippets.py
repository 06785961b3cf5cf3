"""The Python of README and of the page on use, as printed; see test_wheel, test_new_sampler."""

import json
import re
from functools import partial
from pathlib import Path

import ir_measures
import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer

from hybridlib.data import lareqa, miracl
from hybridlib.models import on_disk
from hybridlib.models.backbones import load_encoder
from tests.data.published import write_miracl
from tests.processes import ROOT

PROSE = "".join(
    (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "book/use_it.md")
)
SNIPPETS = re.findall(r"```python\n(.*?)```", PROSE, re.S)


def run(part, given, **shorter):
    """Run the snippet that has this part, on these things, with these numbers in it."""
    (snippet,) = [one for one in SNIPPETS if part in one]
    for name, number in shorter.items():
        snippet = re.sub(rf"\b{name}=\d+", f"{name}={number}", snippet)
    exec(snippet, given)  # noqa: S102  (our own file)
    return given


@pytest.fixture
def folder(make_encoder, tmp_path, monkeypatch):
    """The working directory, with a tiny encoder under the names that the README uses."""
    for name in ("encoder", "path/to/encoder", "path/or/hub-repository"):
        on_disk.save(make_encoder(), tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_whole_script_trains_reports_and_saves(folder, monkeypatch):
    rows = [
        f"faq,{pair},{language},question {pair} {language},answer {pair} {language}"
        for pair in range(300)
        for language in ("de", "en")
    ]
    Path("pairs.csv").write_text("\n".join(["corpus,pair,language,query,passage", *rows]))
    monkeypatch.setenv("ACCELERATE_USE_CPU", "true")
    config = Path("path/to/encoder/config_sentence_transformers.json")
    config.write_text(json.dumps(json.loads(config.read_text()) | {"prompts": {}}))
    given = run("eval_steps=50", {}, max_steps=2, eval_steps=2)
    (reported,) = [
        row for row in given["trainer"].state.log_history if "eval_held-out_rank_distance" in row
    ]
    for setting in ("monolingual", "cross-lingual", "multilingual"):
        assert 0 < reported[f"eval_held-out_{setting}_map"] <= 1
    trained = SentenceTransformer("trained", device="cpu")
    assert trained.encode("x").shape == (32,)
    assert trained.prompts == {"query": "query: ", "document": "passage: "}


def test_a_language_loses_its_first_component(folder, pairs):
    pairs.table.to_pandas().to_csv("pairs.csv", index=False)
    given = run("lir(vectors", {})
    _, _, components = np.linalg.svd(given["vectors"]["query"]["de"])
    assert given["queries"] @ components[0] == pytest.approx(0, abs=1e-5)
    assert np.linalg.norm(given["queries"]) == pytest.approx(1)


def test_measures_and_tasks_score_a_model(folder, mirror, monkeypatch):
    mteb = pytest.importorskip("mteb")
    few = partial(lareqa.load, "xquad-r", every=40)
    monkeypatch.setattr(lareqa, "load", lambda _: few())
    monkeypatch.setattr(mteb.evaluate.__kwdefaults__["cache"], "cache_path", folder / "cache")
    monkeypatch.setattr(
        ir_measures.DefaultPipeline, "providers", list(ir_measures.DefaultPipeline.providers)
    )
    on_disk.save(load_encoder("encoder"), "trained")
    given = run("register(document_languages", {})
    assert given["scores"][given["RankDistance"]] == 1
    (result,) = given["results"].task_results
    assert len(result.scores["test"]) == 11


def test_our_trainer_trains_on_pairs(folder, pairs):
    pairs.table.to_pandas().to_csv("pairs.csv", index=False)
    given = run("load_encoder", {}, num_batches=2, max_steps=2)
    before, after = load_encoder("encoder").state_dict(), given["encoder"].state_dict()
    assert any(not torch.equal(value.cpu(), before[name]) for name, value in after.items())


def test_an_encoder_is_evaluated_on_miracl(folder, miracl_files, monkeypatch):
    for counts in (miracl.NUM_CORPUS_FILES, miracl.NUM_PASSAGES):
        monkeypatch.setitem(counts, "te", counts["sw"])
    write_miracl(folder / "mirror", "te")
    run("evaluate_encoder", {})
    assert list(Path("results/scratch/miracl/mine").iterdir())


def test_every_snippet_is_run():
    parts = [
        "arguments.batch_sampler = ", "eval_steps=50", "lir(vectors", "register(",
        "evaluate_encoder", "DualEncoderTrainer", "PivotBatches",
    ]  # fmt: skip
    assert [part in one for part, one in zip(parts, SNIPPETS, strict=True)] == [True] * len(parts)
