"""Which remedies of a profile's runs there are, and how one is evaluated.

The runs of profile ``raw`` lie under ``results/raw-remedies``, those of each benchmark in a folder.
The share of a remedy is chosen on the hold-out, never on what is published.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch

from hybridlib.checks import check
from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.evaluation import three_settings
from hybridlib.evaluation.ranking import embeddings, rank_relevant
from hybridlib.models.encoder import PlannedEncoder
from study.data.registry import load_benchmark, load_pairs
from study.runs import evaluate_in_memory
from study.runs.profile import Profile
from study.runs.remedies import OFFSET_CORPUS, REMEDIES, OnVectors, mean_embeddings, remedied
from study.runs.train import plan_encoder
from study.store.key import run_key
from study.store.run import Run
from study.store.runs import Computed, Store

HOLD_OUT = "balanced-help-held-out"
SHARES = tuple(tenth / 10 for tenth in range(11))
SWEEPS = "shares"
"""Kind of the runs that hold the scores on the hold-out by share."""


@dataclass(frozen=True)
class RemediedRun:
    """A remedy and the runs of a profile whose encoders it takes.

    ``siblings`` are the names of the same remedy of every seed: together they choose the share.
    """

    remedy: str
    runs: tuple[str, ...]
    siblings: tuple[str, ...]


def folder_of(profile: str) -> str:
    """Where the remedied runs of a profile lie, below ``results``."""
    return f"{profile}-remedies"


def remedied_runs(profile: Profile) -> dict[str, RemediedRun]:
    """Every remedy of a profile's X-X, X-Y and hybrid runs, by name.

    SHIFT and centring of each run, the weight averages of X-X with X-Y and of X-X with hybrid at
    each seed, and the average of the seeds of each sampler.

    Raises
    ------
    ValueError
        If the profile lacks one of the samplers, or its runs differ in more than sampler and seed.
    """
    seeds: dict[str, dict[int, str]] = {"x-x": {}, "x-y": {}, "hybrid": {}}
    for name, parameters in profile.runs().items():
        if parameters.num_steps and parameters.sampler in seeds:
            known = seeds[parameters.sampler].setdefault(parameters.seed, name)
            if known != name:
                raise ValueError(f"{profile.name}: {known} and {name} differ in more than the seed")
    if lacking := [sampler for sampler, runs in seeds.items() if not runs]:
        raise ValueError(f"{profile.name} has no run of {', '.join(lacking)}")
    result: dict[str, RemediedRun] = {}
    for sampler, runs in seeds.items():
        for remedy in ("shift", "centring"):
            result |= _siblings(remedy, {f"{remedy}-{name}": (name,) for name in runs.values()})
        if sampler != "x-x":
            both = {
                f"weight-average-x-x+{sampler}-seed{seed}": (seeds["x-x"][seed], name)
                for seed, name in runs.items()
            }
            result |= _siblings("weight-average", both)
        if len(runs) > 1:
            every = tuple(runs.values())
            result |= _siblings("seed-average", {f"seed-average-{sampler}": every})
    return result


def _siblings(remedy: str, runs: Mapping[str, tuple[str, ...]]) -> dict[str, RemediedRun]:
    return {name: RemediedRun(remedy, taken, tuple(runs)) for name, taken in runs.items()}


def evaluate(
    profile: Profile, name: str, benchmark: str, store: Store, share: float | None = None
) -> Run:
    """Evaluate a remedied run of a profile, or load what an equal run left.

    Parameters
    ----------
    profile, name
        Of the run: see :func:`remedied_runs`.
    benchmark
        One that memory holds.
    store
        Where the result lies: see :func:`folder_of`.
    share
        By default the one that the hold-out chooses; a given one becomes a part of the run's name.

    Raises
    ------
    ValueError
        If there is no such run, or its remedy takes no share.
    """
    run = _find(profile, name, needs_share=share is not None)
    title = name if share is None else f"{name}-share={share:g}"
    folder = store.folder(folder_of(profile.name), benchmark, title)  # the names, before anything
    if share is None:
        share = chosen_share(profile, name, store) if REMEDIES[run.remedy].takes_share else 1.0
    base = remedied(run.remedy, _bases(profile, run, store), store, share)
    data = load_benchmark(benchmark)
    return evaluate_in_memory.evaluate(base, data, store, folder)


def chosen_share(profile: Profile, name: str, store: Store) -> float:
    """The share that the hold-out chooses for a remedy, over all seeds together."""
    siblings = _find(profile, name, needs_share=True).siblings
    return best_share([sweep(profile, sibling, store).scores for sibling in siblings])


def best_share(scores: Sequence[pd.DataFrame]) -> float:
    """The share with the highest mean of monolingual, cross-lingual and multilingual mAP.

    Of equal ones the smallest. Learning rates are chosen by the same rule.

    Parameters
    ----------
    scores
        Of :func:`sweep`, one a seed.
    """
    every = pd.concat(scores)
    means = every[every["metric"] == "mAP"].groupby("share")["value"].mean()
    return float(means.idxmax())


def sweep(profile: Profile, name: str, store: Store) -> Run:
    """Scores of a remedied run on the hold-out by share, or what an equal computation left.

    Returns
    -------
    Scores: columns ``share``, ``setting``, ``metric`` and ``value``, macro means.

    Raises
    ------
    ValueError
        If there is no such run, or its remedy takes no share.
    """
    run = _find(profile, name, needs_share=True)
    folder = store.folder(folder_of(profile.name), SWEEPS, name)
    bases, hold_out = _bases(profile, run, store), load_benchmark(HOLD_OUT)

    def compute() -> Computed:
        vectors = _vectors_by_share(run.remedy, bases, hold_out, store)
        tables = []
        for share, both in zip(SHARES, vectors, strict=True):
            scores = three_settings.score(rank_relevant(hold_out, *both))
            tables.append(three_settings.summarize(scores).assign(share=share))
        return Computed(pd.concat(tables, ignore_index=True))

    asked = {"remedy": run.remedy, "benchmark": HOLD_OUT, "shares": list(SHARES)}
    revisions = {"benchmark": hold_out.revision} | {
        f"encoder at share {share}": remedied(run.remedy, bases, store, share).identity.revision
        for share in (SHARES[0], SHARES[-1])
    }
    usage = {"settings": bases[0].identity.usage}
    key = run_key(asked, revisions | usage, ["encoding", "ranking", "remedy"])
    return store.keep(folder, key, asked, revisions, compute)


def _vectors_by_share(
    name: str, bases: Sequence[PlannedEncoder], benchmark: RetrievalBenchmark, store: Store
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Queries and candidates at each share; a remedy on vectors needs one encoding for all."""
    remedy, device = REMEDIES[name], "cuda" if torch.cuda.is_available() else "cpu"
    if not isinstance(remedy, OnVectors):
        for share in SHARES:
            model = remedied(name, bases, store, share).load().to(device)
            yield embeddings(model, benchmark)
        return
    model = bases[0].load().to(device)
    queries, candidates = embeddings(model, benchmark)
    means = mean_embeddings(model, load_pairs(OFFSET_CORPUS), store)
    for share in SHARES:
        offsets = remedy.offsets(means, share, "")
        yield (
            offsets.subtract(queries, "query", benchmark.queries["language"].tolist()),
            offsets.subtract(candidates, "passage", benchmark.candidates["language"].tolist()),
        )


def _find(profile: Profile, name: str, *, needs_share: bool) -> RemediedRun:
    known = remedied_runs(profile)
    check("remedied run", name, str, known)
    if needs_share and not REMEDIES[known[name].remedy].takes_share:
        raise ValueError(f"{known[name].remedy} takes no share")
    return known[name]


def _bases(profile: Profile, run: RemediedRun, store: Store) -> list[PlannedEncoder]:
    every = profile.runs()
    return [plan_encoder(every[name], store, profile.name, name) for name in run.runs]
