"""One run: train an encoder, evaluate it, store both; an equal key loads instead."""

from collections.abc import Iterable, Sequence

from hybridlib.data import miracl
from hybridlib.data.registry import STREAMED_BENCHMARKS, load_pairs
from hybridlib.experiments import evaluate_in_memory, evaluate_streamed
from hybridlib.experiments.train import plan, train
from hybridlib.models.backbones import load_encoder
from hybridlib.models.encoder import DualEncoder
from hybridlib.processes import processes
from hybridlib.store import runs as results
from hybridlib.training.parameters import TrainingParameters


def run_trained(
    parameters: TrainingParameters, benchmarks: Sequence[str], profile: str, name: str = ""
) -> tuple[dict[str, results.Run], dict[str, results.Run]]:
    """Train an encoder and evaluate it; what an equal run left in the store is loaded.

    A training that was killed goes on at its last checkpoint, an evaluation at its first missing
    benchmark. The encoders lie under ``build/encoders/{profile}`` afterwards. Under torchrun all
    processes call this and get the same.

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
    processes().wait_for_everyone()  # all have read before one writes
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
        Name of a benchmark; ``miracl`` takes all languages of the paper's tables.
    profile, name
        The result's folder is ``results/{profile}/{benchmark}/{name}``.
    """
    if benchmark in STREAMED_BENCHMARKS:
        return evaluate_streamed.evaluate(encoder, miracl.LANGUAGES, profile, name, benchmark)
    return evaluate_in_memory.evaluate(load_encoder(encoder), benchmark, profile, name)


def _stored(encoder: DualEncoder, benchmark: str, profile: str, name: str) -> results.Run | None:
    """The run of an encoder on a benchmark, if the store has it."""
    if benchmark in STREAMED_BENCHMARKS:
        return evaluate_streamed.stored(encoder, miracl.LANGUAGES, profile, name, benchmark)
    return evaluate_in_memory.stored(encoder, benchmark, profile, name)
