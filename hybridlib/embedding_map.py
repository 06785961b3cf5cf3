"""A map of the embedding space: parallel sentences, one projection for several encoders."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from sklearn.decomposition import PCA

from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.models.encoder import DualEncoder


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
    Columns ``encoder``, ``question``, ``language``, ``x`` and ``y``: the first two principal
    components of the embeddings of all encoders together.
    """
    texts = answers["text"].tolist()
    embeddings = [encoder.encode(texts, "passage", progress=n) for n, encoder in encoders.items()]
    plane = PCA(n_components=2, random_state=0).fit_transform(np.concatenate(embeddings))
    places = answers[["question", "language"]]
    parts = [places.assign(encoder=name) for name in encoders]
    return pd.concat(parts, ignore_index=True).assign(x=plane[:, 0], y=plane[:, 1])
