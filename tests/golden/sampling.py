"""Golden batches of every sampler, of validation, and what is held out; exact to the integer."""

import warnings
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from hybridlib.data.parallel import Example, ParallelPairs
from hybridlib.training.sampling import SAMPLERS, make_batches
from hybridlib.training.validation import ValidationBatches
from tests.golden.data import pairs_with_negatives, translations, uneven_pairs
from tests.golden.golden import Case

BATCH_SIZE, NUM_BATCHES, ALPHA = 6, 8, 0.4


def cases() -> dict[str, Case]:
    """One case a sampler, so that a new one gets a file of its own."""
    return {
        **{name: Case(partial(sampled, name)) for name in SAMPLERS},
        "validation": Case(validation),
        "hold-out": Case(hold_out),
        "groups": Case(groups),
    }


def corpora() -> dict[str, ParallelPairs]:
    """What is drawn from."""
    uneven = uneven_pairs()
    return {
        "uneven": uneven,
        "negatives": pairs_with_negatives(),
        "translations": translations(uneven),
    }


def sampled(name: str, _: Path | None = None) -> dict[str, list]:
    """Pair, query's and passage's language of every example, by corpus and epoch."""
    drawn: dict[str, list] = {}
    for corpus, pairs in corpora().items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of corpora that cannot fill a batch
            batches = make_batches(name, pairs, BATCH_SIZE, NUM_BATCHES, 7, ALPHA)
        for epoch in range(2):
            batches.set_epoch(epoch)
            drawn[f"{corpus}, epoch {epoch}"] = _codes(pairs, batches)
    return drawn


def validation(_: Path) -> dict[str, list]:
    """Validation batches by corpus."""
    return {
        corpus: _codes(pairs, ValidationBatches(pairs, BATCH_SIZE))
        for corpus, pairs in corpora().items()
        if corpus != "translations"
    }


def hold_out(_: Path) -> dict[str, list[str]]:
    """Ids of the pairs that are held out, by corpus and seed."""
    return {
        f"{corpus}, seed {seed}": _names(pairs.split(15, seed)[1])
        for corpus, pairs in corpora().items()
        for seed in (0, 1)
    }


def groups(_: Path) -> dict[str, list]:
    """Groups of pairs and of hard negatives by corpus."""
    found = {corpus: pairs.groups.tolist() for corpus, pairs in corpora().items()}
    return {**found, "of negatives": corpora()["negatives"].negative_groups.tolist()}


def _codes(pairs: ParallelPairs, batches: Iterable[list[Example]]) -> list[list[list[int]]]:
    code = pairs.languages.index
    return [[[pair, code(query), code(passage)] for pair, query, passage in b] for b in batches]


def _names(pairs: ParallelPairs) -> list[str]:
    rows = pairs.table.select(["corpus", "pair"]).to_pylist()
    return sorted({f"{row['corpus']}/{row['pair']}" for row in rows})
