"""What an encoder's embeddings of a benchmark's questions tell of their language."""

from pathlib import Path

import torch

from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.processes import processes
from study.evaluation import language_content
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
        As for :func:`study.runs.evaluate_in_memory.evaluate`; its queries are encoded.

    Returns
    -------
    Scores and, as ranks, the values by question of
    :func:`study.evaluation.language_content.language_content`.
    """

    def compute() -> Computed | None:
        model = encoder.load()  # all processes: those that train it again do so together
        if not processes().is_main_process:
            return None
        model.to("cuda" if torch.cuda.is_available() else "cpu")
        texts = benchmark.queries["text"].tolist()
        vectors = model.encode(texts, "query", progress=f"{benchmark.name} questions")
        content = language_content.language_content(benchmark.queries, vectors)
        return Computed(language_content.score(content), content)

    revisions = {"benchmark": benchmark.revision, "encoder": encoder.identity.revision}
    asked = {"questions": benchmark.name}
    key = run_key(
        asked, revisions | {"settings": encoder.identity.usage}, ["encoding", "language-content"]
    )
    return store.keep(folder, key, asked, revisions, compute)
