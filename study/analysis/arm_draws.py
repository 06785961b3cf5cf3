"""What a sampler puts before an encoder: languages of negatives, and the loss before training."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import torch

from hybridlib.data.parallel import Example, ParallelPairs
from hybridlib.models.encoder import DualEncoder
from hybridlib.training.loss import info_nce
from hybridlib.training.parameters import TrainingParameters
from hybridlib.training.sampling import make_batches
from study.data.registry import load_pairs
from study.runs.train import plan_loaded
from study.store.key import run_key
from study.store.run import Run
from study.store.runs import Computed, Store

NUM_BATCHES, NUM_LOSSES = 400, 20
_LENGTHS = ("max_query_tokens", "max_passage_tokens")
_USED = ("backbone", "corpus", "sampler", "alpha", "seed", "batch_size", "temperature", *_LENGTHS)


def measure_draws(parameters: TrainingParameters, store: Store, profile: str) -> Run:
    """Measure what a training's arm draws from the whole corpus, or load what is stored of it.

    Scores: the rows of :func:`draws` over 400 batches, and ``loss at step 0``, in nats, the mean
    over the first 20.
    """
    pairs, start = load_pairs(parameters.corpus), plan_loaded(parameters.backbone)
    asked = {name: value for name, value in parameters.described.items() if name in _USED}
    asked |= {"batches": NUM_BATCHES, "losses": NUM_LOSSES}
    revisions = {"corpus": pairs.revision, "backbone": start.identity.revision}
    usage = {"settings": start.identity.usage}

    def compute() -> Computed:
        p = parameters
        made = make_batches(p.sampler, pairs, p.batch_size, NUM_BATCHES, p.seed, p.alpha)
        batches, encoder = list(made), start.load()
        lengths = {name: asked[name] for name in _LENGTHS}
        encoder.settings = replace(encoder.settings, **lengths)
        losses = [loss(encoder, pairs, batch, p.temperature) for batch in batches[:NUM_LOSSES]]
        table = draws(batches)
        table.loc[len(table)] = ["loss at step 0", float(np.mean(losses))]
        return Computed(table)

    key = run_key(asked, revisions | usage, ["sampling", "encoding", "counts"])
    folder = store.folder(profile, "draws", parameters.name)
    return store.keep(folder, key, asked, revisions, compute)


def draws(batches: Sequence[Sequence[Example]]) -> pd.DataFrame:
    """Count languages: a query's negatives are the passages of the other examples of its batch.

    Columns ``measure`` and ``value``: the mean over batches.
    """
    names = (
        "negatives in the positive's language",
        "negatives in the query's language",
        "pairs of languages a batch",
    )
    rows = []
    for batch in batches:
        query = np.array([one.query_language for one in batch])
        passage = np.array([one.passage_language for one in batch])
        is_negative = ~np.eye(len(batch), dtype=bool)  # (queries, passages)
        in_passages = (passage[:, None] == passage)[is_negative].mean()
        in_querys = (query[:, None] == passage)[is_negative].mean()
        rows.append((in_passages, in_querys, len({one[1:] for one in batch})))
    means = [float(np.mean(values)) for values in zip(*rows, strict=True)]
    return pd.DataFrame({"measure": names, "value": means})


def loss(
    encoder: DualEncoder, pairs: ParallelPairs, batch: Sequence[Example], temperature: float
) -> float:
    """InfoNCE of a batch without dropout, in nats."""
    queries, passages = zip(*(pairs[example][:2] for example in batch), strict=True)
    query_embeddings = torch.from_numpy(encoder.encode(queries, "query"))
    passage_embeddings = torch.from_numpy(encoder.encode(passages, "passage"))
    return info_nce(query_embeddings, passage_embeddings, temperature).item()
