"""Evaluation on a benchmark that memory holds: exact ranks of every relevant candidate."""

import time
from dataclasses import replace

import torch

from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.data.registry import load_benchmark
from hybridlib.evaluation import three_settings
from hybridlib.evaluation.ranking import rank_relevant
from hybridlib.experiments.train import described_settings
from hybridlib.models.encoder import DualEncoder
from hybridlib.processes import processes
from hybridlib.store import provenance
from hybridlib.store import runs as results
from hybridlib.store.key import run_key
from hybridlib.store.runs import RESULTS


def stored(encoder: DualEncoder, benchmark: str, profile: str, name: str) -> results.Run | None:
    """The run of an encoder on a benchmark, if the store has it."""
    folder = RESULTS / profile / benchmark / name
    run = results.load_if_equal(folder, _key(encoder, load_benchmark(benchmark), name))
    if run is None or run.ranks is None:
        return None
    scores = three_settings.score(run.ranks)
    if not scores.equals(run.scores):  # the ranks hold, the measures have changed
        run = replace(run, scores=scores)
        results.save(folder, run)
    return run


def evaluate(model: DualEncoder, benchmark: str, profile: str, name: str) -> results.Run:
    """Evaluate an encoder, or load what an equal run left; of several processes one does it.

    Parameters
    ----------
    model
        Its revision and settings enter the run's key.
    benchmark
        Of :func:`hybridlib.data.registry.load_benchmark`.
    profile, name
        The result's folder is ``results/{profile}/{benchmark}/{name}``.
    """
    run = stored(model, benchmark, profile, name)
    processes().wait_for_everyone()
    if run is None:
        if processes().is_main_process:
            _compute(model, benchmark, profile, name)
        processes().wait_for_everyone()
        run = results.load(RESULTS / profile / benchmark / name)
    return run


def _compute(model: DualEncoder, benchmark: str, profile: str, name: str) -> None:
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
        three_settings.score(ranks),
        ranks.drop(columns="candidate"),  # half of the file; question and language tell it
    )
    results.save(RESULTS / profile / benchmark / name, run)


def _key(encoder: DualEncoder, benchmark: RetrievalBenchmark, name: str) -> str:
    inputs = {
        "benchmark": benchmark.revision,
        "encoder": encoder.revision,
        "settings": described_settings(encoder),
    }
    return run_key({"benchmark": benchmark.name}, inputs, ["encoding", "ranking"])
