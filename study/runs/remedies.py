"""Remedies that compete with a sampler: changes of trained encoders that need no training.

Some act on vectors, with offsets by language that are estimated on the training corpus, others on
weights. A remedied encoder is planned by its key, as a training is, so that it is evaluated and
stored like any other.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from hybridlib.checks import Range, check
from hybridlib.data.parallel import ParallelPairs
from hybridlib.files import whole_file
from hybridlib.models.encoder import DualEncoder, EncoderIdentity, PlannedEncoder
from hybridlib.models.language_offsets import LanguageOffsets, Vectors, centring, shift
from hybridlib.models.text_settings import SIDES, Side
from hybridlib.models.weight_average import average_weights
from study.data.registry import load_pairs
from study.store.key import run_key
from study.store.runs import Store

OFFSET_CORPUS = "balanced-help-all-groups"
Means = Mapping[Side, Mapping[str, Vectors]]


@dataclass(frozen=True)
class OnVectors:
    """A remedy that subtracts offsets by language from an encoder's vectors.

    ``offsets`` makes them from mean embeddings, a share and a revision; ``takes_share`` says
    whether the share, in [0, 1], has an effect.
    """

    label: str
    takes_share: bool
    offsets: Callable[[Means, float, str], LanguageOffsets]


@dataclass(frozen=True)
class OnWeights:
    """A remedy that averages the weights of two or more encoders.

    ``shares`` gives that of each of so many encoders, from the share of the first one where
    ``takes_share`` says that there is one: then it takes two encoders.
    """

    label: str
    takes_share: bool
    shares: Callable[[int, float], list[float]]


REMEDIES: Mapping[str, OnVectors | OnWeights] = {
    "shift": OnVectors(
        "SHIFT", True, lambda means, share, revision: shift(means["passage"], share, revision)
    ),
    "centring": OnVectors("Centring", False, lambda means, _, revision: centring(means, revision)),
    "weight-average": OnWeights("Weight average", True, lambda _, share: [share, 1 - share]),
    "seed-average": OnWeights("Seed average", False, lambda count, _: [1 / count] * count),
}
"""Remedies by name. A new one is a line here."""


def remedied(
    name: str,
    bases: Sequence[PlannedEncoder],
    store: Store,
    share: float = 1.0,
    corpus: str = OFFSET_CORPUS,
) -> PlannedEncoder:
    """Plan a remedied encoder: its identity is known before anything is loaded or encoded.

    Parameters
    ----------
    name
        Of :data:`REMEDIES`.
    bases
        One encoder for a remedy on vectors, two for ``weight-average``, two or more for
        ``seed-average``.
    store
        Keeps mean embeddings, so that an encoder meets the corpus once.
    share
        Of the offset, or of the first encoder's weights, in [0, 1]; without effect on the others.
    corpus
        On whose parallel pairs the offsets are estimated.

    Raises
    ------
    ValueError
        If there is no such remedy, the share lies outside [0, 1], or it takes another number of
        encoders.
    """
    check("remedy", name, str, REMEDIES)
    check("share", share, float, Range(0, 1))
    remedy = REMEDIES[name]
    if isinstance(remedy, OnVectors):
        is_right = len(bases) == 1
    else:
        is_right = len(bases) == 2 or (len(bases) > 2 and not remedy.takes_share)
    if not is_right:
        raise ValueError(f"{name} does not take {len(bases)} encoders")
    described = {"remedy": name} | ({"share": share} if remedy.takes_share else {})
    title = " ".join(map(str, described.values()))
    usage = bases[0].identity.pooling, bases[0].identity.settings
    if isinstance(remedy, OnVectors):
        pairs = load_pairs(corpus)
        own = f"{title} {run_key(described, {'corpus': pairs.revision}, ['remedy'])}"
        identity = EncoderIdentity(f"{bases[0].identity.revision}, {own}", *usage)

        def with_offsets() -> DualEncoder:
            encoder = bases[0].load()
            encoder.offsets = remedy.offsets(mean_embeddings(encoder, pairs, store), share, own)
            return encoder

        return PlannedEncoder(identity, with_offsets)
    revisions = {str(place): base.identity.revision for place, base in enumerate(bases)}
    revision = f"{title} {run_key(described, revisions, ['remedy'])}"

    def averaged() -> DualEncoder:
        shares = remedy.shares(len(bases), share)
        return average_weights((base.load() for base in bases), shares, revision)

    return PlannedEncoder(EncoderIdentity(revision, *usage), averaged)


def mean_embeddings(encoder: DualEncoder, pairs: ParallelPairs, store: Store) -> Means:
    """Mean embedding of parallel queries and passages by language, computed once an encoder.

    Parameters
    ----------
    encoder
        Without offsets.
    pairs
        Those that stand in all of their languages count.
    store
        Keeps them below its ``build``.

    Returns
    -------
    Means by side and language, each of shape (dimensions,).

    Raises
    ------
    ValueError
        If no pair stands in all languages.
    """
    identity = encoder.identity
    inputs = {"encoder": identity.revision, "settings": identity.usage, "corpus": pairs.revision}
    file = store.built("offsets", f"{run_key({}, inputs, ['encoding', 'remedy'])}.npz")
    with store.owner(file):
        if not file.is_file():
            encoder.to("cuda" if torch.cuda.is_available() else "cpu")
            means = {
                f"{side} {language}": encoder.encode(texts, side, progress=f"{language} {side}")
                .mean(axis=0, dtype=np.float64)
                .astype(np.float32)
                for language, side, texts in _parallel_texts(pairs)
            }
            with whole_file(file) as sink:
                np.savez(sink, **means)
    with np.load(file, allow_pickle=False) as stored:
        found: dict[Side, dict[str, Vectors]] = {side: {} for side in SIDES}
        for name in stored.files:
            side, _, language = name.partition(" ")
            found[side][language] = stored[name]
    return found


def _parallel_texts(pairs: ParallelPairs) -> list[tuple[str, Side, list[str]]]:
    is_complete = (pairs.rows >= 0).all(axis=1)
    if not is_complete.any():
        raise ValueError(f"no pair of {', '.join(pairs.corpora)} stands in all its languages")
    texts: list[tuple[str, Side, list[str]]] = []
    for place, language in enumerate(pairs.languages):
        table = pairs.table.take(pairs.rows[is_complete, place])
        texts += [(language, side, table[side].to_pylist()) for side in SIDES]
    return texts
