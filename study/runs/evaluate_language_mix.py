"""Evaluation of the languages in the top ten of a pool of all languages."""

from pathlib import Path

import torch

from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.evaluation.ranking import embeddings
from hybridlib.processes import processes
from study.evaluation.language_mix import language_mix
from study.runs.planned_encoder import PlannedEncoder
from study.store.key import run_key
from study.store.run import Run
from study.store.runs import Computed, Store


def evaluate(
    encoder: PlannedEncoder,
    benchmark: RetrievalBenchmark,
    store: Store,
    folder: Path,
) -> Run:
    """Measure an encoder, or load what an equal run left; of several processes one does it.

    Parameters
    ----------
    encoder, benchmark, store, folder
        As for :func:`study.runs.evaluate_in_memory.evaluate`.

    Returns
    -------
    Scores: those of :func:`study.evaluation.language_mix.language_mix` at its depth of ten.
    """

    def compute() -> Computed | None:
        model = encoder.load()  # all processes: those that train it again do so together
        if not processes().is_main_process:
            return None
        model.to("cuda" if torch.cuda.is_available() else "cpu")
        return Computed(language_mix(benchmark, *embeddings(model, benchmark)))

    revisions = {"benchmark": benchmark.revision, "encoder": encoder.identity.revision}
    asked = {"top of": benchmark.name}
    key = run_key(
        asked, revisions | {"settings": encoder.identity.usage}, ["encoding", "language-mix"]
    )
    return store.keep(folder, key, asked, revisions, compute)
