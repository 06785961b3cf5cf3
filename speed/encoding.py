"""Encoding against SentenceTransformer.encode with its defaults and bare matrix products."""

import tempfile
from functools import partial
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from hybridlib.data import lareqa
from hybridlib.models import on_disk
from hybridlib.models.backbones import load_encoder
from hybridlib.models.encoder import DualEncoder
from speed.products import fastest
from speed.runtimes import installed
from speed.timing import compare, seconds
from study.data.cldr import load as cldr

NUM_TEXTS = 1000


def texts() -> tuple[str, list[str]]:
    """Candidates of XQuAD-R where they are at hand, else of the embedded benchmark."""
    try:
        benchmark = lareqa.load("xquad-r")
    except ConnectionError:
        benchmark = cldr.load_benchmark()
    every = benchmark.candidates["text"].to_numpy()
    chosen = np.random.default_rng(0).choice(every, NUM_TEXTS, replace=False)
    return benchmark.name, chosen.tolist()


def matrix_product_flops(encoder: DualEncoder, passages: list[str]) -> float:
    """Multiply-adds, twice counted, of the encoder's matrix products over the texts' tokens."""
    config = encoder.backbone.config
    hidden, inner = config.hidden_size, config.intermediate_size
    lengths = np.array([len(ids) for ids in encoder.tokenize(passages, "passage")])
    per_token = 2 * (4 * hidden**2 + 2 * hidden * inner)
    attention = 4 * hidden * lengths.astype(float) ** 2
    return config.num_hidden_layers * float(per_token * lengths.sum() + attention.sum())


def fastest_product(encoder: DualEncoder) -> tuple[str, float]:
    """The fastest library for the encoder's largest product on 2,048 tokens, and its speed."""
    config = encoder.backbone.config
    return fastest(
        torch.rand(2048, config.hidden_size),
        torch.rand(config.intermediate_size, config.hidden_size),
    )


def main(num_pairs: int) -> None:
    """Print the ratios to sentence-transformers and to other runtimes, where there are any.

    Then the share of the fastest product's speed.
    """
    name, passages = texts()
    encoder = load_encoder("multilingual-e5-small")
    ours = partial(encoder.encode, passages, "passage")
    title = f"encoding {len(passages)} {name} passages"
    with tempfile.TemporaryDirectory() as folder:
        on_disk.save(encoder, Path(folder) / "encoder")
        model = SentenceTransformer(str(Path(folder) / "encoder"), device="cpu")
        theirs = partial(model.encode, passages, prompt_name="passage")
        compare(title, ours, theirs, num_pairs)
        for runtime, encode in installed(encoder, Path(folder)):
            if not np.allclose(encode(passages), ours(), atol=1e-4):
                raise ValueError(f"{runtime} gives other vectors")
            compare(f"{title}, {runtime}", ours, partial(encode, passages), num_pairs)
    shares = []
    for _ in range(num_pairs):
        library, bare = fastest_product(encoder)
        shares.append(100 * matrix_product_flops(encoder, passages) / seconds(ours) / bare)
    print(
        f"encoding: {np.median(shares):.0f} % of the speed of the fastest float32 product, "
        f"that of {library} (pairs {min(shares):.0f} to {max(shares):.0f} %)"
    )
