"""An encoder with a remedy, planned by its key as a training is: evaluated and stored likewise."""

from collections.abc import Sequence

import numpy as np

from hybridlib.checks import check
from hybridlib.data.parallel import ParallelPairs
from hybridlib.files import whole_file
from hybridlib.models.encoder import DualEncoder, EncoderIdentity
from hybridlib.models.remedies import REMEDIES, LanguageMaps, TextVectors, Vectors
from hybridlib.models.text_settings import SIDES, Side
from hybridlib.models.weight_average import average_weights
from study.data.registry import DEVELOPMENT_SENTENCES, load_pairs
from study.runs.planned_encoder import PlannedEncoder
from study.store.key import run_key
from study.store.runs import Store


def remedied(
    name: str,
    bases: Sequence[PlannedEncoder],
    store: Store,
    value: float | None = None,
    corpus: str = DEVELOPMENT_SENTENCES,
) -> PlannedEncoder:
    """Plan a remedied encoder: its identity is known before anything is loaded or encoded.

    ``name`` and ``value`` are those of a remedy and its parameter. It takes one base, or two to
    average; maps are estimated on the texts of ``corpus``, whose vectors the store keeps, so that
    an encoder meets them once.
    """
    check("remedy", name, str, REMEDIES)
    maps, chosen = REMEDIES[name].maps, REMEDIES[name].chosen(value)
    if len(bases) != (1 if maps else 2):
        raise ValueError(f"{name} does not take {len(bases)} encoders")
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
            table = pairs.table.to_pandas().groupby("language")
            vectors = {
                f"{side} {language}": encoder.encode(
                    rows[side].tolist(), side, progress=f"{language} {side}"
                )
                for language, rows in table
                for side in SIDES
            }
            with whole_file(file) as sink:
                np.savez(sink, allow_pickle=False, **vectors)
    with np.load(file, allow_pickle=False) as stored:
        found: dict[Side, dict[str, Vectors]] = {side: {} for side in SIDES}
        for name in stored.files:
            side, _, language = name.partition(" ")
            found[side][language] = stored[name]
    return found
