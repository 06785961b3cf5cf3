"""Golden ranks of translations, on small integers and so exact, with ties."""

from pathlib import Path
from typing import Any

from study.evaluation.translation_retrieval import translation_retrieval
from tests.golden.data import small_integers
from tests.golden.golden import Case

NUM_SENTENCES, DIMENSIONS = 9, 3


def cases() -> dict[str, Case]:
    """Four varieties."""
    return {"four varieties": Case(ranked)}


def ranked(_: Path) -> dict[str, Any]:
    """Ranks in a variety and in the pool of all."""
    names = ("deu_Latn", "eng_Latn", "hin_Deva", "zho_Hans")
    vectors = {
        name: small_integers(NUM_SENTENCES, DIMENSIONS, seed) for seed, name in enumerate(names)
    }
    ranks = translation_retrieval(vectors)
    return {"in variety": ranks.in_variety.tolist(), "in pool": ranks.in_pool.tolist()}
