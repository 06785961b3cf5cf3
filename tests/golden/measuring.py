"""Golden outputs of what is measured beside scores."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from hybridlib.data.benchmark import RetrievalBenchmark
from study.analysis.data_counts import corpus_sizes, overlap
from study.evaluation import language_content as content_of
from study.evaluation import language_mix as mix_of
from tests.golden import ranking
from tests.golden.data import uneven_pairs, uniform
from tests.golden.golden import Case


def counts() -> dict[str, Case]:
    """Sizes of a corpus, of a benchmark, and what they share."""
    return {"counts": Case(_counts)}


def language_content() -> dict[str, Case]:
    """Three languages whose vectors a seed gives."""
    return {"three languages": Case(_language_content, tolerance=1e-5)}


def language_mix() -> dict[str, Case]:
    """The top ten of a pool whose vectors a seed gives."""
    return {"top ten": Case(_language_mix, tolerance=1e-12)}


def _counts(_: Path) -> dict[str, Any]:
    pairs, texts = uneven_pairs(), ranking.parallel_answers()
    part = RetrievalBenchmark.from_pairs("part", pairs.take(np.arange(0, len(pairs), 4)))
    part.candidates.loc[::2, "text"] = "More: " + part.candidates["text"].str.upper()
    tables = {"pairs": corpus_sizes(pairs), "benchmark": texts.sizes()}
    tables |= {"overlap": overlap(pairs, part), "no overlap": overlap(pairs, texts)}
    return {
        name: table.astype(object).where(table.notna(), None).to_dict("list")
        for name, table in tables.items()
    }


def _language_content(_: Path) -> dict[str, list]:
    asked = [(one, f"q{i}", f"article {i // 2}") for one in ("de", "en", "zh") for i in range(12)]
    queries = pd.DataFrame(asked, columns=["language", "question", "article"])
    codes = pd.factorize(queries["language"])[0]
    vectors = uniform(8 * len(queries), 5).reshape(-1, 8) + 0.2 * np.eye(8)[codes]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return content_of.language_content(queries, vectors).astype({"value": float}).to_dict("list")


def _language_mix(_: Path) -> dict[str, list]:
    texts = ranking.parallel_answers()
    vectors = [
        uniform(8 * len(frame), seed).reshape(-1, 8)
        for seed, frame in enumerate((texts.queries, texts.candidates), start=6)
    ]
    return mix_of.language_mix(texts, *vectors).to_dict("list")
