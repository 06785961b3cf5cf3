"""Which remedies of a profile's runs there are, and how one is evaluated.

The runs of profile ``raw`` lie under ``results/raw-remedies``, those of each benchmark in a folder.
What a remedy leaves to choose is chosen on development articles, never on what is published.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from hybridlib.checks import check
from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.data.lareqa import DEVELOPMENT
from hybridlib.data.parallel import ParallelPairs
from hybridlib.evaluation import three_settings
from hybridlib.evaluation.ranking import embeddings, rank_relevant
from hybridlib.files import whole_file
from hybridlib.models.encoder import DualEncoder, EncoderIdentity
from hybridlib.models.remedies import REMEDIES, LanguageMaps, TextVectors
from hybridlib.models.text_settings import SIDES
from hybridlib.models.weight_average import average_weights
from hybridlib.training.parameters import UNTRAINED
from study.data.registry import DEVELOPMENT_SENTENCES, load_benchmark, load_pairs
from study.runs import measurements
from study.runs.planned_encoder import PlannedEncoder
from study.runs.profile import Profile
from study.runs.train import plan_encoder
from study.store.key import run_key
from study.store.run import Run
from study.store.runs import Computed, Store

SWEEPS = "shares"
"""Kind of the runs that hold the scores on development by share, or by number of components."""


@dataclass(frozen=True)
class RemediedRun:
    """A remedy, by name, and the runs of a profile whose encoders it takes.

    ``siblings`` are the names of the same remedy of every seed: together they choose its value.
    """

    remedy: str
    runs: tuple[str, ...]
    siblings: tuple[str, ...]


def folder_of(profile: str) -> str:
    """Where the remedied runs of a profile lie, below ``results``."""
    return f"{profile}-remedies"


def remedied_runs(profile: Profile) -> dict[str, RemediedRun]:
    """Every remedy of a profile's runs, by name.

    Those on vectors take the untrained start, X-X and hybrid, the weight average takes X-X and X-Y.
    A profile that lacks one of the samplers, or whose runs differ in more than sampler and seed, is
    an error.
    """
    seeds = _by_seed(profile)
    groups = [[UNTRAINED], seeds["x-x"].values(), seeds["hybrid"].values()]
    one_each = [{run: (run,) for run in group} for group in groups]
    both = sorted(seeds["x-x"].keys() & seeds["x-y"].keys())
    averaged = {f"x-x+x-y-seed{n}": (seeds["x-x"][n], seeds["x-y"][n]) for n in both}
    every = {}
    for name, remedy in REMEDIES.items():
        for bases in one_each if remedy.maps else [averaged]:
            siblings = tuple(f"{name}-{base}" for base in bases)
            for sibling, taken in zip(siblings, bases.values(), strict=True):
                every[sibling] = RemediedRun(name, taken, siblings)
    return every


def _by_seed(profile: Profile) -> dict[str, dict[int, str]]:
    """Names of the paper's samplers' runs, by sampler and seed."""
    seeds: dict[str, dict[int, str]] = {"x-x": {}, "x-y": {}, "hybrid": {}}
    for name, parameters in profile.runs().items():
        if parameters.num_steps and parameters.sampler in seeds:
            known = seeds[parameters.sampler].setdefault(parameters.seed, name)
            if known != name:
                raise ValueError(f"{profile.name}: {known} and {name} differ in more than the seed")
    if lacking := [sampler for sampler, runs in seeds.items() if not runs]:
        raise ValueError(f"{profile.name} has no run of {', '.join(lacking)}")
    return seeds


def evaluate(
    profile: Profile, name: str, benchmark: str, store: Store, corpus: str = DEVELOPMENT_SENTENCES
) -> Run:
    """Evaluate a remedied run of a profile, or load what an equal run left.

    The remedy is estimated on texts of ``corpus``; another than the usual one becomes a part of the
    run's name. What there is not, or a language that the corpus lacks, is an error before anything
    is trained or encoded.
    """
    run, bases, data, folder = _asked(profile, name, benchmark, store, corpus)
    value, parameter = None, REMEDIES[run.remedy].parameter
    if parameter:
        scores = [sweep(profile, sibling, store, corpus).scores for sibling in run.siblings]
        value = best_value(scores, parameter)
    encoder = remedied(run.remedy, bases, store, value, corpus)
    return measurements.ranks(data).of(encoder, store, folder)


def best_value(scores: Sequence[pd.DataFrame], parameter: str) -> float:
    """The value with the highest mean of the three mAPs over all seeds; of ties the smallest."""
    every = pd.concat(scores)
    means = every[every["metric"] == "mAP"].groupby(parameter)["value"].mean()
    return means.index[means.argmax()].item()


def sweep(profile: Profile, name: str, store: Store, corpus: str = DEVELOPMENT_SENTENCES) -> Run:
    """Macro means of a remedied run on development by value, or what an equal computation left.

    Scores: columns ``setting``, ``metric``, ``value``, and the remedy's parameter.
    """
    run, bases, data, folder = _asked(profile, name, DEVELOPMENT, store, corpus, kind=SWEEPS)
    remedy = REMEDIES[run.remedy]
    if not remedy.parameter:
        raise ValueError(f"{run.remedy} has no parameter to choose")

    def compute() -> Computed:
        tables = []
        vectors = _vectors_by_value(run.remedy, bases, data, store, corpus)
        for value, both in zip(remedy.values, vectors, strict=True):
            scores = three_settings.score(rank_relevant(data, *both))
            tables.append(three_settings.summarize(scores).assign(**{remedy.parameter: value}))
        return Computed(pd.concat(tables, ignore_index=True))

    asked = {"remedy": run.remedy, "benchmark": DEVELOPMENT, "values": list(remedy.values)}
    revisions = {"benchmark": data.revision}
    for value in (remedy.values[0], remedy.values[-1]):
        planned = remedied(run.remedy, bases, store, value, corpus)
        revisions[f"encoder at {remedy.parameter} {value}"] = planned.identity.revision
    inputs = revisions | {"settings": bases[0].identity.usage}
    key = run_key(asked, inputs, ["encoding", "ranking", "remedy"])
    return store.keep(folder, key, asked, revisions, compute)


def _vectors_by_value(
    name: str, bases: Sequence[PlannedEncoder], data: RetrievalBenchmark, store: Store, corpus: str
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Queries and candidates at each value; maps need one encoding for all."""
    remedy = REMEDIES[name]
    if remedy.maps is None:
        for value in remedy.values:
            yield embeddings(remedied(name, bases, store, value, corpus).load(), data)
        return
    model = bases[0].load()
    queries, candidates = embeddings(model, data)
    texts = text_vectors(model, load_pairs(corpus), store)
    for value in remedy.values:
        maps = LanguageMaps(name, remedy.maps(texts, **remedy.chosen(value)))
        yield (
            maps.apply(queries, "query", data.queries["language"].tolist()),
            maps.apply(candidates, "passage", data.candidates["language"].tolist()),
        )


def _asked(
    profile: Profile, name: str, benchmark: str, store: Store, corpus: str, kind: str = ""
) -> tuple[RemediedRun, list[PlannedEncoder], RetrievalBenchmark, Path]:
    """The run, its encoders, data and folder, if these fit together."""
    known, planned = remedied_runs(profile), profile.runs()
    check("remedied run", name, str, known)
    run, data = known[name], load_benchmark(benchmark)
    if REMEDIES[run.remedy].maps:
        languages = load_pairs(corpus).languages
        if lacking := {*data.query_languages, *data.candidate_languages} - set(languages):
            raise ValueError(
                f"{run.remedy} cannot be estimated for {', '.join(sorted(lacking))} of {benchmark}:"
                f" {corpus} has {', '.join(languages)}. Way out: another corpus or benchmark"
            )
    elif corpus != DEVELOPMENT_SENTENCES:
        raise ValueError(f"{name} is estimated on no text: it takes no corpus, got {corpus!r}")
    title = name if corpus == DEVELOPMENT_SENTENCES else f"{name}-corpus={corpus}"
    folder = store.folder(folder_of(profile.name), kind or benchmark, title)
    bases = [plan_encoder(planned[base], store, profile.name, base) for base in run.runs]
    return run, bases, data, folder


def remedied(
    name: str, bases: Sequence[PlannedEncoder], store: Store, value: float | None, corpus: str
) -> PlannedEncoder:
    """Plan a remedied encoder: its identity is known before anything is loaded or encoded.

    ``name`` and ``value`` are those of a remedy and its parameter. It takes one base, or two to
    average; maps are estimated on the texts of ``corpus``.
    """
    maps, chosen = REMEDIES[name].maps, REMEDIES[name].chosen(value)
    inputs = {str(place): base.identity.revision for place, base in enumerate(bases)}
    if maps:
        inputs = {"corpus": load_pairs(corpus).revision}
    title = " ".join(map(str, (name, *chosen.values())))
    revision = f"{title} {run_key({'remedy': name} | chosen, inputs, ['remedy'])}"

    def make() -> DualEncoder:
        encoder = bases[0].load()
        if maps is None:
            return average_weights(encoder, bases[1].load(), revision=revision, **chosen)
        vectors = text_vectors(encoder, load_pairs(corpus), store)
        encoder.language_maps = LanguageMaps(revision, maps(vectors, **chosen))
        return encoder

    first = bases[0].identity
    whole = f"{first.revision}, {revision}" if maps else revision
    return PlannedEncoder(EncoderIdentity(whole, first.pooling, first.settings), make)


def text_vectors(encoder: DualEncoder, pairs: ParallelPairs, store: Store) -> TextVectors:
    """Embeddings of a corpus's queries and passages by language, computed once an encoder."""
    identity = encoder.identity
    inputs = {"encoder": identity.revision, "settings": identity.usage, "corpus": pairs.revision}
    file = store.built("text-vectors", f"{run_key({}, inputs, ['encoding', 'remedy'])}.npz")
    with store.owner(file):
        if not file.is_file():
            vectors = {
                f"{side} {language}": encoder.encode(
                    rows[side].tolist(), side, progress=f"{language} {side}"
                )
                for language, rows in pairs.table.to_pandas().groupby("language")
                for side in SIDES
            }
            with whole_file(file) as sink:
                np.savez(sink, allow_pickle=False, **vectors)
    with np.load(file, allow_pickle=False) as stored:
        return {
            side: {language: stored[f"{side} {language}"] for language in pairs.languages}
            for side in SIDES
        }
