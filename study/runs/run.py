"""One run: train an encoder, evaluate it, store both; an equal key loads instead.

What was killed goes on where it was. Under torchrun all processes call these functions and get the
same. A name that cannot be a folder of the store is refused before anything is loaded.
"""

from collections.abc import Sequence
from pathlib import Path

from hybridlib.data import miracl
from hybridlib.training.parameters import TrainingParameters
from study.data.registry import STREAMED_BENCHMARKS
from study.runs import evaluate_streamed, measurements
from study.runs.planned_encoder import PlannedEncoder
from study.runs.train import Training, plan_encoder, plan_loaded
from study.store.run import Run
from study.store.runs import TRAININGS, Store


def train(
    parameters: TrainingParameters, store: Store, profile: str, name: str | None = None
) -> Run | None:
    """Train an encoder, or load what an equal training left: a run whose scores are the log.

    The encoder lies under ``build/encoders/{profile}`` afterwards, unless the log was stored. The
    ``name`` is by default its sampler and seed. Without steps there is nothing to train: None.
    """
    name = parameters.name if name is None else name
    store.folder(profile, TRAININGS, name)
    if not parameters.num_steps:
        return None
    return Training(parameters, store, profile, name).log()


def evaluate(
    parameters: TrainingParameters,
    benchmark: str,
    store: Store,
    profile: str,
    name: str | None = None,
) -> Run:
    """Evaluate a trained encoder, or load what an equal run left.

    An encoder whose weights are gone is trained again. With no steps, the backbone is evaluated.
    """
    name = parameters.name if name is None else name
    folder = store.folder(profile, benchmark, name)
    encoder = plan_encoder(parameters, store, profile, name)
    return _evaluate(encoder, benchmark, miracl.LANGUAGES, store, folder)


def evaluate_encoder(
    encoder: str,
    benchmark: str,
    store: Store,
    profile: str,
    name: str,
    languages: Sequence[str] = miracl.LANGUAGES,
) -> Run:
    """Evaluate any encoder on a benchmark, or load what an equal run left.

    ``encoder`` is a folder, or what :func:`hybridlib.models.backbones.load_encoder` knows. The
    result lies in ``results/{profile}/{benchmark}/{name}``. ``languages`` are those of a streamed
    benchmark, as MIRACL; by default those of the paper's tables.
    """
    folder = store.folder(profile, benchmark, name)
    return _evaluate(plan_loaded(encoder), benchmark, languages, store, folder)


def _evaluate(
    encoder: PlannedEncoder, benchmark: str, languages: Sequence[str], store: Store, folder: Path
) -> Run:
    if benchmark in STREAMED_BENCHMARKS:
        every = [STREAMED_BENCHMARKS[benchmark](language) for language in languages]
        return evaluate_streamed.evaluate(encoder, every, store, folder)
    return measurements.of_benchmark(benchmark).of(encoder, store, folder)
