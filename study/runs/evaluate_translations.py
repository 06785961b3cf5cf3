"""Evaluation by translation retrieval: every variety's sentences among those of every other."""

from pathlib import Path

import numpy as np
import torch

from hybridlib.processes import processes
from study.data.parallel_sentences import ParallelSentences
from study.evaluation.translation_retrieval import pair_scores, pool_scores, translation_retrieval
from study.runs.planned_encoder import PlannedEncoder
from study.store.key import run_key
from study.store.run import Run
from study.store.runs import Computed, Store


def evaluate(
    encoder: PlannedEncoder,
    sentences: ParallelSentences,
    store: Store,
    folder: Path,
) -> Run:
    """Evaluate an encoder, or load what an equal run left; of several processes one does it.

    Each sentence is encoded once, as a query: both sides of a translation are alike.

    Parameters
    ----------
    encoder, store, folder
        As for :func:`study.runs.evaluate_in_memory.evaluate`.
    sentences
        What to find again.

    Returns
    -------
    Scores: those of :func:`study.evaluation.translation_retrieval.pool_scores`. Ranks: one row
    an ordered pair of varieties, those of ``pair_scores`` there.
    """

    def compute() -> Computed | None:
        model = encoder.load()  # all processes: those that train it again do so together
        if not processes().is_main_process:
            return None
        model.to("cuda" if torch.cuda.is_available() else "cpu")
        texts = [text for variety in sentences.varieties for text in sentences.texts[variety]]
        vectors = model.encode(texts, "query", progress=sentences.name)
        parts = np.split(vectors, len(sentences.varieties))
        ranks = translation_retrieval(dict(zip(sentences.varieties, parts, strict=True)))
        return Computed(pool_scores(ranks), pair_scores(ranks))

    revisions = {"benchmark": sentences.revision, "encoder": encoder.identity.revision}
    asked = {"benchmark": sentences.name}
    key = run_key(
        asked, revisions | {"settings": encoder.identity.usage}, ["encoding", "translation"]
    )
    return store.keep(folder, key, asked, revisions, compute)
