"""A map of the embedding space: parallel sentences, one projection for several encoders."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from sklearn.decomposition import PCA

from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.data.registry import load_benchmark
from hybridlib.experiments.profile import load_profile
from hybridlib.experiments.train import plan, trained_encoder
from hybridlib.models.encoder import DualEncoder
from hybridlib.store.key import run_key
from hybridlib.store.run import Run
from hybridlib.store.runs import Computed, Store

_NUM_QUESTIONS = 60


def parallel_answers(benchmark: RetrievalBenchmark, num_questions: int, seed: int) -> pd.DataFrame:
    """Draw questions that have one answer in every language, and list these answers.

    Returns
    -------
    Columns ``question``, ``language``, ``text``.

    Raises
    ------
    ValueError
        If too few questions have an answer in every language.
    """
    answers = benchmark.relevance.merge(benchmark.candidates, on="candidate")
    answers = answers.drop_duplicates(["question", "language"])
    counts = answers.groupby("question")["language"].nunique()
    complete = counts.index[counts == len(benchmark.candidate_languages)].sort_values()
    if len(complete) < num_questions:
        raise ValueError(
            f"{benchmark.name} has {len(complete)} questions with an answer in every language, "
            f"{num_questions} were asked for"
        )
    drawn = np.random.default_rng(seed).choice(complete, num_questions, replace=False)
    chosen = answers[answers["question"].isin(drawn)]
    return chosen[["question", "language", "text"]].sort_values(
        ["question", "language"], ignore_index=True
    )


def project(encoders: Mapping[str, DualEncoder], answers: pd.DataFrame) -> pd.DataFrame:
    """Embed the same sentences by every encoder and project all onto the same two axes.

    Parameters
    ----------
    encoders
        By name.
    answers
        Of :func:`parallel_answers`.

    Returns
    -------
    Columns ``encoder``, ``question``, ``language``, ``x`` and ``y``: the place on the two axes
    along which the languages' means differ most, over all encoders together, each encoder's mean
    taken out.
    """
    texts = answers["text"].tolist()
    embeddings = [encoder.encode(texts, "passage", progress=n) for n, encoder in encoders.items()]
    centred = [part - part.mean(axis=0) for part in embeddings]
    languages = answers["language"].to_numpy()
    means = [
        part[languages == name].mean(axis=0) for part in centred for name in np.unique(languages)
    ]
    plane = PCA(n_components=2).fit(np.stack(means)).transform(np.concatenate(centred))
    places = answers[["question", "language"]]
    parts = [places.assign(encoder=name) for name in encoders]
    return pd.concat(parts, ignore_index=True).assign(x=plane[:, 0], y=plane[:, 1])


def stored_map(profile: str, benchmark: str, names: Sequence[str], store: Store) -> Run:
    """Map the encoders of a profile's runs, or load the map that the store has.

    Parameters
    ----------
    profile, benchmark, names
        Runs ``results/{profile}/{benchmark}/{name}``, evaluated before.
    store
        Where they lie.

    Returns
    -------
    A run whose scores are those of :func:`project`, under ``results/{profile}/embedding-map``.

    Raises
    ------
    FileNotFoundError
        If a run was not evaluated.
    """
    evaluated = {name: store.load(store.folder(profile, benchmark, name)) for name in names}
    revisions = {name: run.provenance["revisions"]["encoder"] for name, run in evaluated.items()}
    revisions["benchmark"] = evaluated[names[0]].provenance["revisions"]["benchmark"]
    parameters = {"questions": _NUM_QUESTIONS, "seed": 0}

    def compute() -> Computed:
        runs = load_profile(profile).runs()
        planned = {name: plan(runs[name], store, profile, name)[1] for name in names}
        encoders = {name: trained_encoder(runs[name], planned[name]) for name in names}
        answers = parallel_answers(load_benchmark(benchmark), _NUM_QUESTIONS, seed=0)
        return Computed(project(encoders, answers))

    folder = store.folder(profile, "embedding-map", benchmark)
    key = run_key(parameters, revisions, ["encoding", "map"])
    return store.keep(folder, key, parameters, revisions, compute)
