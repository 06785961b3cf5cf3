"""One run: train an encoder, evaluate it, store both; an equal key loads instead."""

import shutil
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import torch

from hybridlib import protocol, provenance, results
from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.data.registry import load_benchmark, load_pairs, source_versions
from hybridlib.models import layout
from hybridlib.models.backbones import load_encoder
from hybridlib.models.encoder import DualEncoder
from hybridlib.profile import TrainingParameters
from hybridlib.ranking import rank_relevant
from hybridlib.recipe import fit
from hybridlib.results import RESULTS

BUILD = Path("build")
ENCODER_CODE = ("hybridlib.models.encoder", "hybridlib.models.offline_e5")
TRAINING_CODE = (
    *ENCODER_CODE,
    *(f"hybridlib.{name}" for name in ("data.parallel", "sampling", "loss", "trainer", "recipe")),
)
RANKING_CODE = (*ENCODER_CODE, "hybridlib.ranking")


def run_trained(
    parameters: TrainingParameters, benchmarks: Sequence[str], profile: str
) -> tuple[results.Run, dict[str, results.Run]]:
    """Train an encoder and evaluate it; what an equal run left in the store is loaded.

    A training that was killed goes on at its last checkpoint, an evaluation at its first missing
    benchmark. The encoder lies under ``build/encoders/{profile}`` afterwards.

    Parameters
    ----------
    parameters
        Of the training.
    benchmarks
        Names of benchmarks.
    profile
        Folder under ``results/``.

    Returns
    -------
    The training run, whose scores are its log, and the evaluation runs by benchmark.
    """
    started = time.monotonic()
    pairs = load_pairs(parameters.corpus)
    encoder = load_encoder(parameters.backbone)
    revisions = {"corpus": pairs.revision, "backbone": encoder.revision}
    inputs = revisions | {"settings": _settings(encoder)}
    key = results.run_key(asdict(parameters), inputs, TRAINING_CODE)
    encoder.revision = f"trained {key}"
    record = RESULTS / profile / "training" / parameters.name
    training = results.load_if_equal(record, key)
    stored = {
        benchmark: _stored(encoder, benchmark, profile, parameters.name) for benchmark in benchmarks
    }
    if training is not None and all(stored.values()):
        return training, {name: run for name, run in stored.items() if run is not None}
    folder = BUILD / "encoders" / profile / parameters.name
    if training is None or layout.stored_revision(folder) != encoder.revision:
        checkpoints = BUILD / "checkpoints" / key
        log = fit(encoder, pairs, parameters, checkpoints)
        layout.save(encoder, folder, encoder.revision)
        source = provenance.describe(revisions, time.monotonic() - started)
        source["sources"] = source_versions(parameters.corpus)
        training = results.Run(key, asdict(parameters), source, log)
        results.save(record, training)
        shutil.rmtree(checkpoints)
    evaluated = {
        benchmark: evaluate(str(folder), benchmark, profile, parameters.name)
        for benchmark in benchmarks
    }
    return training, evaluated


def evaluate(encoder: str, benchmark: str, profile: str, name: str) -> results.Run:
    """Evaluate an encoder on a benchmark, or load what an equal run left.

    Parameters
    ----------
    encoder
        A folder, or what :func:`hybridlib.models.backbones.load_encoder` knows.
    benchmark
        Name of a benchmark.
    profile, name
        The result's folder is ``results/{profile}/{benchmark}/{name}``.
    """
    model = load_encoder(encoder)
    run = _stored(model, benchmark, profile, name)
    return run or _evaluate(model, benchmark, profile, name)


def _stored(encoder: DualEncoder, benchmark: str, profile: str, name: str) -> results.Run | None:
    """The run of an encoder on a benchmark, if the store has it."""
    texts = load_benchmark(benchmark)
    key = _key(encoder, texts, name)
    folder = RESULTS / profile / benchmark / name
    run = results.load_if_equal(folder, key)
    if run is None or run.ranks is None:
        return None
    scores = protocol.score(run.ranks)
    if not scores.equals(run.scores):  # the ranks hold, the measures have changed
        run = replace(run, scores=scores)
        results.save(folder, run)
    return run


def _evaluate(model: DualEncoder, benchmark: str, profile: str, name: str) -> results.Run:
    started = time.monotonic()
    texts = load_benchmark(benchmark)
    revisions = {"benchmark": texts.revision, "encoder": model.revision}
    model.to("cuda" if torch.cuda.is_available() else "cpu")
    queries, candidates = texts.queries["text"].tolist(), texts.candidates["text"].tolist()
    ranks = rank_relevant(
        texts,
        model.encode(queries, "query", progress=f"{benchmark} queries"),
        model.encode(candidates, "passage", progress=f"{benchmark} candidates"),
    )
    run = results.Run(
        _key(model, texts, name),
        {"benchmark": benchmark, "name": name},
        provenance.describe(revisions, time.monotonic() - started),
        protocol.score(ranks),
        ranks,
    )
    results.save(RESULTS / profile / benchmark / name, run)
    return run


def _key(encoder: DualEncoder, benchmark: RetrievalBenchmark, name: str) -> str:
    inputs = {
        "benchmark": benchmark.revision,
        "encoder": encoder.revision,
        "settings": _settings(encoder),
    }
    return results.run_key({"benchmark": benchmark.name, "name": name}, inputs, RANKING_CODE)


def _settings(encoder: DualEncoder) -> str:
    return f"{encoder.pooling} {encoder.settings}"
