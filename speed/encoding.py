"""Encoding against SentenceTransformer.encode with its defaults, and against other runtimes."""

import tempfile
from functools import partial
from pathlib import Path

import numpy as np
from sentence_transformers import SentenceTransformer

from hybridlib.data import lareqa
from hybridlib.models import on_disk
from hybridlib.models.backbones import load_encoder
from speed.runtimes import installed
from speed.timing import compare
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


def main(num_pairs: int) -> None:
    """Print the ratios to sentence-transformers and to other runtimes, where there are any."""
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
