"""Golden outputs of what is measured beside scores."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from hybridlib.data.benchmark import RetrievalBenchmark
from study.analysis.data_counts import corpus_sizes, overlap
from study.evaluation import language_content as content_of
from study.evaluation import language_mix as mix_of
from study.evaluation.translation_retrieval import translation_retrieval
from tests.golden import ranking
from tests.golden.data import small_integers, uneven_pairs, uniform


def counts(_: Path) -> dict[str, Any]:
    """Sizes of a corpus, of a benchmark, and what they share."""
    pairs, texts = uneven_pairs(), ranking.parallel_answers()
    part = RetrievalBenchmark.from_pairs("part", pairs.take(np.arange(0, len(pairs), 4)))
    part.candidates.loc[::2, "text"] = "More: " + part.candidates["text"].str.upper()
    tables = {"pairs": corpus_sizes(pairs), "benchmark": texts.sizes()}
    tables |= {"overlap": overlap(pairs, part), "no overlap": overlap(pairs, texts)}
    return {
        name: table.astype(object).where(table.notna(), None).to_dict("list")
        for name, table in tables.items()
    }


def language_content(_: Path) -> dict[str, list]:
    """Three languages whose vectors a seed gives."""
    asked = [(one, f"q{i}", f"article {i // 2}") for one in ("de", "en", "zh") for i in range(12)]
    queries = pd.DataFrame(asked, columns=["language", "question", "article"])
    codes = pd.factorize(queries["language"])[0]
    vectors = uniform(8 * len(queries), 5).reshape(-1, 8) + 0.2 * np.eye(8)[codes]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return content_of.language_content(queries, vectors).astype({"value": float}).to_dict("list")


def language_mix(_: Path) -> dict[str, list]:
    """The top ten of a pool whose vectors a seed gives."""
    texts = ranking.parallel_answers()
    vectors = [
        uniform(8 * len(frame), seed).reshape(-1, 8)
        for seed, frame in enumerate((texts.queries, texts.candidates), start=6)
    ]
    return mix_of.language_mix(texts, *vectors).to_dict("list")


def translation(_: Path) -> dict[str, list]:
    """Ranks of nine sentences in four varieties, on small integers and so exact, with ties."""
    names = ("deu_Latn", "eng_Latn", "hin_Deva", "zho_Hans")
    ranks = translation_retrieval({name: small_integers(9, 3, i) for i, name in enumerate(names)})
    return {"in variety": ranks.in_variety.tolist(), "in pool": ranks.in_pool.tolist()}
