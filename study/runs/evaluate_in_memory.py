"""Evaluation on a benchmark that memory holds: exact ranks of every relevant candidate."""

from pathlib import Path

import pandas as pd
import torch

from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.evaluation import three_settings
from hybridlib.evaluation.ranking import embeddings, rank_relevant
from hybridlib.processes import processes
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
    """Evaluate an encoder, or load what an equal run left; of several processes one does it.

    Parameters
    ----------
    encoder
        Loaded if the store has no equal run, before anything is encoded.
    benchmark
        What to rank.
    store, folder
        Where the result lies.
    """

    def compute() -> Computed | None:
        model = encoder.load()  # all processes: those that train it again do so together
        if not processes().is_main_process:
            return None
        model.to("cuda" if torch.cuda.is_available() else "cpu")
        ranks = rank_relevant(benchmark, *embeddings(model, benchmark))
        # the candidate's id is half of the file; question and language tell it
        return Computed(three_settings.score(ranks), ranks.drop(columns="candidate"))

    revisions = {"benchmark": benchmark.revision, "encoder": encoder.identity.revision}
    asked = {"benchmark": benchmark.name}
    key = run_key(asked, revisions | {"settings": encoder.identity.usage}, ["encoding", "ranking"])
    return store.keep(folder, key, asked, revisions, compute, scorer=_scored)


def _scored(run: Run) -> pd.DataFrame:
    return three_settings.score(run.ranks)
