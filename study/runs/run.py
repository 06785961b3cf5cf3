"""One run: train an encoder, evaluate it, store both; an equal key loads instead."""

from collections.abc import Sequence

from hybridlib.data import miracl
from hybridlib.training.parameters import TrainingParameters
from study.data.registry import (
    QUESTIONS_OF,
    STREAMED_BENCHMARKS,
    TOP_OF,
    TRANSLATION_BENCHMARKS,
    load_benchmark,
    load_streamed,
    load_translations,
)
from study.runs import (
    evaluate_in_memory,
    evaluate_language_content,
    evaluate_language_mix,
    evaluate_streamed,
    evaluate_translations,
)
from study.runs.planned_encoder import PlannedEncoder
from study.runs.train import plan_encoder, plan_loaded, plan_training
from study.store.names import check_name
from study.store.run import Run
from study.store.runs import Store


def train(
    parameters: TrainingParameters, store: Store, profile: str, name: str | None = None
) -> Run | None:
    """Train an encoder, or load what an equal training left.

    A training that was killed goes on at its last checkpoint. The encoder lies under
    ``build/encoders/{profile}`` afterwards, unless the log was stored. Under torchrun all processes
    call this and get the same.

    Parameters
    ----------
    parameters
        Of the training.
    store, profile, name
        Where its log lies; by default the name is its sampler and seed.

    Returns
    -------
    A run whose scores are the log; None where there are no steps.

    Raises
    ------
    ValueError
        If a name cannot be a folder of the store; before anything is loaded or written.
    """
    name = parameters.name if name is None else name
    store.folder(profile, "training", name)  # the names, before anything is loaded
    if not parameters.num_steps:
        return None
    return plan_training(parameters, store, profile, name).log()


def evaluate(
    parameters: TrainingParameters,
    benchmark: str,
    store: Store,
    profile: str,
    name: str | None = None,
) -> Run:
    """Evaluate a trained encoder, or load what an equal run left.

    An encoder whose weights are gone is trained again. With no steps, the backbone is evaluated.
    Under torchrun all processes call this and get the same.
    """
    name = parameters.name if name is None else name
    store.folder(profile, benchmark, name)
    encoder = plan_encoder(parameters, store, profile, name)
    return _evaluate(encoder, benchmark, miracl.LANGUAGES, store, profile, name)


def evaluate_encoder(
    encoder: str,
    benchmark: str,
    store: Store,
    profile: str,
    name: str,
    languages: Sequence[str] = miracl.LANGUAGES,
) -> Run:
    """Evaluate any encoder on a benchmark, or load what an equal run left.

    Parameters
    ----------
    encoder
        A folder, or what :func:`hybridlib.models.backbones.load_encoder` knows.
    benchmark
        Its name.
    store, profile, name
        The result's folder is ``results/{profile}/{benchmark}/{name}``.
    languages
        Of a streamed benchmark, as MIRACL; by default those of the paper's tables.
    """
    check_name("name", name)  # and the others below, before anything is loaded
    store.folder(profile, benchmark, name)
    return _evaluate(plan_loaded(encoder), benchmark, languages, store, profile, name)


def _evaluate(
    encoder: PlannedEncoder,
    benchmark: str,
    languages: Sequence[str],
    store: Store,
    profile: str,
    name: str,
) -> Run:
    folder = store.folder(profile, benchmark, name)
    if benchmark in STREAMED_BENCHMARKS:
        every = [load_streamed(benchmark, language) for language in languages]
        return evaluate_streamed.evaluate(encoder, every, store, folder)
    if benchmark in TRANSLATION_BENCHMARKS:
        sentences = load_translations(benchmark)
        return evaluate_translations.evaluate(encoder, sentences, store, folder)
    if benchmark in QUESTIONS_OF:
        asked = load_benchmark(QUESTIONS_OF[benchmark])
        return evaluate_language_content.evaluate(encoder, asked, store, folder)
    if benchmark in TOP_OF:
        pool = load_benchmark(TOP_OF[benchmark])
        return evaluate_language_mix.evaluate(encoder, pool, store, folder)
    return evaluate_in_memory.evaluate(encoder, load_benchmark(benchmark), store, folder)
