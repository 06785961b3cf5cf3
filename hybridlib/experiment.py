"""One run: train an encoder, evaluate it, store both; an equal key loads instead."""

import shutil
import time
from dataclasses import asdict, replace
from pathlib import Path

import torch

from hybridlib import protocol, provenance, results
from hybridlib.data.registry import load_benchmark, load_pairs
from hybridlib.models import layout
from hybridlib.models.backbones import load_encoder
from hybridlib.recipe import TrainingParameters, fit

RESULTS = Path("results")
BUILD = Path("build")
ENCODER_CODE = ("hybridlib.models.encoder", "hybridlib.models.offline_e5")
TRAINING_CODE = (
    *ENCODER_CODE,
    *(f"hybridlib.{name}" for name in ("sampling", "loss", "trainer", "recipe")),
)
RANKING_CODE = (*ENCODER_CODE, "hybridlib.ranking")


def train(parameters: TrainingParameters, profile: str) -> tuple[Path, results.Run]:
    """Train an encoder, or load what an equal run left.

    A run that was killed goes on at its last checkpoint.

    Parameters
    ----------
    parameters
        Of the run.
    profile
        Folder under ``results/`` and ``build/encoders/``.

    Returns
    -------
    The encoder's folder, and the run with its log: columns ``step``, ``loss``, ``validation_loss``,
    ``learning_rate``.
    """
    started = time.monotonic()
    pairs = load_pairs(parameters.corpus)
    encoder = load_encoder(parameters.backbone)
    revisions = {"corpus": pairs.revision, "backbone": encoder.revision}
    key = results.run_key(asdict(parameters), revisions, TRAINING_CODE)
    folder = BUILD / "encoders" / profile / parameters.name
    record = RESULTS / profile / "training" / parameters.name
    run = results.load_if_equal(record, key)
    if run is not None and _is_trained_with(folder, key):
        return folder, run
    log = fit(encoder, pairs, parameters, BUILD / "checkpoints" / key)
    encoder.revision = f"trained {key}"
    layout.save(encoder, folder)
    shutil.rmtree(BUILD / "checkpoints" / key)
    source = provenance.describe(revisions, time.monotonic() - started)
    run = results.Run(key, asdict(parameters), source, log)
    results.save(record, run)
    return folder, run


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
    started = time.monotonic()
    texts = load_benchmark(benchmark)
    model = load_encoder(encoder)
    parameters = {"benchmark": benchmark, "name": name}
    revisions = {"benchmark": texts.revision, "encoder": model.revision}
    key = results.run_key(parameters, revisions, RANKING_CODE)
    folder = RESULTS / profile / benchmark / name
    run = results.load_if_equal(folder, key)
    if run is not None:
        scores = protocol.score(run.ranks)
        if not scores.equals(run.scores):  # the ranks hold, the measures have changed
            run = replace(run, scores=scores)
            results.save(folder, run)
    else:
        model.to("cuda" if torch.cuda.is_available() else "cpu")
        ranks = protocol.evaluate(model, texts)
        source = provenance.describe(revisions, time.monotonic() - started)
        run = results.Run(key, parameters, source, protocol.score(ranks), ranks)
        results.save(folder, run)
    return run


def _is_trained_with(folder: Path, key: str) -> bool:
    return folder.is_dir() and layout.stored_revision(folder) == f"trained {key}"
