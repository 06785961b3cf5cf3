"""One run: train an encoder, evaluate it, store both; an equal key loads instead."""

import shutil
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch

from hybridlib import protocol, provenance, results
from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.data.parallel import ParallelPairs
from hybridlib.data.registry import load_benchmark, load_pairs, source_versions
from hybridlib.models import layout
from hybridlib.models.backbones import load_encoder
from hybridlib.models.encoder import DualEncoder
from hybridlib.profile import ALIGNED, TrainingParameters
from hybridlib.ranking import rank_relevant
from hybridlib.recipe import fit
from hybridlib.results import RESULTS

BUILD = Path("build")
ENCODER_CODE = tuple(
    f"hybridlib.models.{name}" for name in ("encoder", "packed_linear", "slices", "offline_e5")
)
TRAINING_CODE = (
    *ENCODER_CODE,
    "hybridlib.data.parallel",
    *(f"hybridlib.{name}" for name in ("sampling", "false_negatives", "validation")),
    *(f"hybridlib.{name}" for name in ("loss", "trainer", "recipe")),
)
RANKING_CODE = (*ENCODER_CODE, "hybridlib.ranking")


@dataclass(frozen=True)
class _Stage:
    """One training: its parameters, what it starts from, and where it leaves what."""

    parameters: TrainingParameters
    is_translation_ranking: bool
    start: str
    revisions: Mapping[str, str]
    settings: str
    record: Path
    folder: Path

    @property
    def described(self) -> dict[str, Any]:
        return asdict(self.parameters) | {"translation_ranking": self.is_translation_ranking}

    @property
    def key(self) -> str:
        inputs = {**self.revisions, "settings": self.settings}
        return results.run_key(self.described, inputs, TRAINING_CODE)

    def stored(self) -> results.Run | None:
        return results.load_if_equal(self.record, self.key)


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
    encoder = load_encoder(parameters.backbone)
    start, stages = parameters.backbone, []
    for stage_name, stage_parameters in parameters.stages(name).items():
        stage = _Stage(
            stage_parameters,
            stage_name == ALIGNED,
            start,
            {"corpus": pairs.revision, "backbone": encoder.revision},
            _settings(encoder),
            RESULTS / profile / "training" / stage_name,
            BUILD / "encoders" / profile / stage_name,
        )
        stages.append(stage)
        start, encoder.revision = str(stage.folder), f"trained {stage.key}"
    logs = [stage.stored() for stage in stages]
    stored = [_stored(encoder, benchmark, profile, name) for benchmark in benchmarks]
    if not all(logs + stored):
        logs = _train(stages, pairs)
        stored = [evaluate(start, benchmark, profile, name) for benchmark in benchmarks]
    return _by_name((stage.record.name for stage in stages), logs), _by_name(benchmarks, stored)


def _by_name(names: Iterable[str], runs: Iterable[results.Run | None]) -> dict[str, results.Run]:
    return {name: run for name, run in zip(names, runs, strict=True) if run is not None}


def _train(stages: Sequence[_Stage], pairs: ParallelPairs) -> list[results.Run | None]:
    """Train the last stage, and before it those whose encoder it lacks."""
    if not stages:
        return []
    *before, stage = stages
    stored = stage.stored()
    if stored and layout.stored_revision(stage.folder) == f"trained {stage.key}":
        return [*(earlier.stored() for earlier in before), stored]
    logs = _train(before, pairs)
    started = time.monotonic()
    checkpoints = BUILD / "checkpoints" / stage.key
    encoder = load_encoder(stage.start)
    log = fit(encoder, pairs, stage.parameters, checkpoints, stage.is_translation_ranking)
    layout.save(encoder, stage.folder, f"trained {stage.key}")
    source = provenance.describe(stage.revisions, time.monotonic() - started)
    source["sources"] = source_versions(stage.parameters.corpus)
    run = results.Run(stage.key, stage.described, source, log)
    results.save(stage.record, run)
    shutil.rmtree(checkpoints)
    return [*logs, run]


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
