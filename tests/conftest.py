"""What several tests share: a tiny encoder of a real architecture, small parallel data."""

import os
import resource
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, settings
from transformers import PreTrainedTokenizerFast

from hybridlib.data import miracl
from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.data.parallel import ParallelPairs
from hybridlib.models import names, offline_e5
from hybridlib.models.encoder import DualEncoder, TextSettings
from study.data import registry
from study.runs import run, train
from study.store.runs import Store
from tests.data.published import write_miracl
from tests.golden.tiny_encoder import tiny_network

LANGUAGES = ("de", "en", "hi", "zh")
# A busy machine makes no test fail
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def tokenizer() -> PreTrainedTokenizerFast:
    return offline_e5.load_backbone()[1]


@pytest.fixture
def make_encoder(tokenizer):
    def make(seed: int = 0, dropout: float = 0.0, **options) -> DualEncoder:
        torch.manual_seed(seed)
        settings = TextSettings("query: ", "passage: ", 32, 48)
        return DualEncoder(tiny_network(tokenizer, dropout), tokenizer, settings, **options)

    return make


@pytest.fixture(scope="session")
def pairs() -> ParallelPairs:
    """Three corpora of different size; the last is in English only."""
    sizes = {"large": 60, "small": 30, "english": 20}
    return ParallelPairs.from_rows(
        {
            "corpus": corpus,
            "pair": str(i),
            "language": language,
            "query": f"{corpus} question {i} in {language}",
            "passage": f"{corpus} answer {i} in {language} " + "word " * (i % 7),
        }
        for corpus, size in sizes.items()
        for i in range(size)
        for language in (("en",) if corpus == "english" else LANGUAGES)
    )


@pytest.fixture(scope="session")
def mirror() -> Path:
    folder = Path(os.environ.get("HYBRIDLIB_MIRROR", "/nowhere"))
    if not (folder / "lareqa").is_dir():
        pytest.skip("needs the real LAReQA files: name their folder in HYBRIDLIB_MIRROR")
    return folder


@pytest.fixture
def store(tmp_path, monkeypatch, make_encoder, pairs) -> Store:
    """A results store of its own, a tiny encoder and a tiny benchmark under known names."""
    benchmark = RetrievalBenchmark.from_pairs("tiny", pairs.take(np.arange(60, 90)))  # the small

    def load(name, known=train.load_encoder):
        return make_encoder(revision="tiny") if name == "tiny" else known(name)

    monkeypatch.setattr(registry, "CORPORA", {"tiny": lambda: pairs, **registry.CORPORA})
    monkeypatch.setattr(registry, "BENCHMARKS", {"tiny": lambda: benchmark, **registry.BENCHMARKS})
    monkeypatch.setitem(names.BACKBONES, "tiny", names.Backbone())
    monkeypatch.setattr(train, "load_encoder", load)
    return Store(tmp_path / "results", tmp_path / "build")


@pytest.fixture
def trained(store):
    """Do a whole run in the store: train an encoder, evaluate it; return log and scores."""

    def do(parameters, benchmarks=("tiny",), profile="test", name=None):
        log = run.train(parameters, store, profile, name)
        return log, {b: run.evaluate(parameters, b, store, profile, name) for b in benchmarks}

    return do


@pytest.fixture
def own_mirror(tmp_path, monkeypatch):
    """Where files are looked for, with an empty cache beside it."""
    monkeypatch.setenv("HYBRIDLIB_MIRROR", str(tmp_path / "mirror"))
    monkeypatch.setenv("HYBRIDLIB_CACHE", str(tmp_path / "cache"))
    return tmp_path / "mirror"


@pytest.fixture
def miracl_files(own_mirror, monkeypatch):
    """MIRACL in a mirror, in upstream's layout: Swahili's three corpus files, 40 passages each."""
    monkeypatch.setitem(miracl.NUM_CORPUS_FILES, "sw", 3)
    monkeypatch.setitem(miracl.NUM_PASSAGES, "sw", 120)
    return write_miracl(own_mirror, "sw")


def interrupt():
    raise KeyboardInterrupt


@pytest.fixture
def stop_at(monkeypatch):
    """Stop at the so-maniest call of a function; what is returned holds all its calls."""

    def prepare(place, name, number, stop=interrupt):
        function, calls = getattr(place, name), []

        def counting(*arguments, **options):
            calls.append(arguments)
            if len(calls) == number:
                stop()
            return function(*arguments, **options)

        monkeypatch.setattr(place, name, counting)
        return calls

    return prepare


@pytest.fixture
def small_disk():
    """A disk that takes no longer file than this: not for long, pytest writes too."""

    @contextmanager
    def limited(num_bytes):
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (num_bytes, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    return limited
