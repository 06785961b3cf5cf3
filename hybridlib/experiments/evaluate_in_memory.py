"""Evaluation on a benchmark that memory holds: exact ranks of every relevant candidate."""

from pathlib import Path

import numpy as np
import pandas as pd
import torch

from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.evaluation import three_settings
from hybridlib.evaluation.ranking import rank_relevant
from hybridlib.models.encoder import DualEncoder, PlannedEncoder
from hybridlib.models.text_settings import Side
from hybridlib.processes import processes
from hybridlib.store.key import run_key
from hybridlib.store.run import Run
from hybridlib.store.runs import Computed, Store


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


def embeddings(model: DualEncoder, benchmark: RetrievalBenchmark) -> tuple[np.ndarray, np.ndarray]:
    """Encode queries and candidates, each of shape (texts, dimensions)."""
    name = benchmark.name
    return (
        _embeddings(model, benchmark.queries, "query", f"{name} queries"),
        _embeddings(model, benchmark.candidates, "passage", f"{name} candidates"),
    )


def _embeddings(model: DualEncoder, frame: pd.DataFrame, side: Side, progress: str) -> np.ndarray:
    texts, languages = frame["text"].tolist(), frame["language"].tolist()
    return model.encode(texts, side, languages=languages, progress=progress)


def _scored(run: Run) -> pd.DataFrame:
    return three_settings.score(run.ranks)
