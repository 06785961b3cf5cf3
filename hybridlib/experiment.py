"""One run: train an encoder, evaluate it, store both; an equal key loads instead."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace

import torch

from hybridlib import protocol, provenance, results
from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.data.registry import load_benchmark, load_pairs
from hybridlib.models.backbones import load_encoder
from hybridlib.models.encoder import DualEncoder
from hybridlib.profile import TrainingParameters
from hybridlib.ranking import rank_relevant
from hybridlib.results import RESULTS
from hybridlib.stages import ENCODER_CODE, described_settings, plan, train

RANKING_CODE = (*ENCODER_CODE, "hybridlib.ranking")


def run_trained(
    parameters: TrainingParameters, benchmarks: Sequence[str], profile: str, name: str = ""
) -> tuple[dict[str, results.Run], dict[str, results.Run]]:
    """Train an encoder and evaluate it; what an equal run left in the store is loaded.

    A training that was killed goes on at its last checkpoint, an evaluation at its first missing
    benchmark. The encoders lie under ``build/encoders/{profile}`` afterwards.

    Parameters
    ----------
    parameters
        Of the training. With no steps, the encoder that it would start from is evaluated.
    benchmarks
        Names of benchmarks.
    profile
        Folder under ``results/``.
    name
        Of the run's folder; by default its sampler and seed.

    Returns
    -------
    The training runs by name, whose scores are their logs (``aligned`` is a stage of translation
    ranking, if there is one), and the evaluation runs by benchmark.
    """
    name = name or parameters.name
    pairs = load_pairs(parameters.corpus)
    encoder, source, stages = plan(parameters, pairs, profile, name)
    logs = [stage.stored() for stage in stages]
    stored = [_stored(encoder, benchmark, profile, name) for benchmark in benchmarks]
    if not all(logs + stored):
        logs = train(stages, pairs)
        stored = [evaluate(source, benchmark, profile, name) for benchmark in benchmarks]
    return _by_name((stage.record.name for stage in stages), logs), _by_name(benchmarks, stored)


def trained_encoder(parameters: TrainingParameters, profile: str, name: str) -> DualEncoder:
    """Load the encoder of a run, trained again if its weights are gone."""
    pairs = load_pairs(parameters.corpus)
    _, source, stages = plan(parameters, pairs, profile, name)
    train(stages, pairs)
    return load_encoder(source)


def _by_name(names: Iterable[str], runs: Iterable[results.Run | None]) -> dict[str, results.Run]:
    return {name: run for name, run in zip(names, runs, strict=True) if run is not None}


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
        "settings": described_settings(encoder),
    }
    return results.run_key({"benchmark": benchmark.name, "name": name}, inputs, RANKING_CODE)
