"""Tokens a second of each backbone's shape, and lengths of real texts: what the cost page reads.

    python -m speed cost

writes results/cost/speed/MACHINE and results/cost/texts/xquad-r.
"""

import gzip
import re
import tempfile
from collections.abc import Sequence

import numpy as np
import pandas as pd
import torch
from transformers import AutoModel, BertConfig, TrainingArguments, XLMRobertaConfig

from hybridlib.data import lareqa
from hybridlib.data.parallel import ParallelPairs
from hybridlib.models import offline_e5
from hybridlib.models.encoder import DualEncoder, TextSettings
from hybridlib.training.sampling import MonolingualBatches
from hybridlib.training.trainer import DualEncoderTrainer
from speed.timing import seconds
from study.analysis.cost import SHAPES, Shape
from study.store import provenance
from study.store.key import run_key
from study.store.run import Run
from study.store.runs import Store

NUM_PASSAGES, NUM_STEPS, BATCH_SIZE = 96, 2, 32


def paragraphs() -> pd.DataFrame:
    """XQuAD-R's paragraphs: columns ``language``, ``text``."""
    candidates = lareqa.load("xquad-r").candidates
    paragraph = candidates["candidate"].str.rpartition("/")[0]
    joined = candidates.groupby([candidates["language"], paragraph], sort=False)["text"].agg(
        "".join
    )
    return joined.reset_index()[["language", "text"]]


def text_sizes(encoder: DualEncoder) -> pd.DataFrame:
    """Mean tokens of paragraphs and questions, compressed bytes, tokens of both speed."""

    def tokens(frame: pd.DataFrame, side: str) -> pd.Series:
        counts = [len(ids) for ids in encoder.tokenize(frame["text"].tolist(), side)]
        return pd.Series(counts, index=frame["language"])

    texts = paragraphs()
    every = [lareqa.load(name) for name in lareqa.CHECKSUMS]
    both = [tokens(part.queries, "query") for part in every]
    both += [tokens(part.candidates, "passage") for part in every]
    compressed = {
        language: len(gzip.compress("\n".join(part["text"]).encode())) / len(part)
        for language, part in texts.groupby("language")
    }
    table = {
        "passage_tokens": tokens(texts, "passage").groupby(level=0).mean(),
        "query_tokens": tokens(every[0].queries, "query").groupby(level=0).mean(),
        "passage_gzip_bytes": pd.Series(compressed),
        "lareqa_tokens": pd.concat(both).groupby(level=0).sum(),
    }
    return pd.DataFrame(table).rename_axis("language").reset_index()


def encoder_of(shape: Shape) -> DualEncoder:
    """An encoder of this shape with random weights and XLM-R's tokenizer."""
    config = (XLMRobertaConfig if shape.is_xlm_r else BertConfig)(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.intermediate,
        max_position_embeddings=shape.positions,
    )
    model = AutoModel.from_config(config, add_pooling_layer=False)
    tokenizer = offline_e5.load_backbone()[1]
    encoder = DualEncoder(model, tokenizer, TextSettings("Query: ", "Passage: ", 64, 256))
    return encoder.to("cuda" if torch.cuda.is_available() else "cpu")


def encoding_speed(encoder: DualEncoder, texts: Sequence[str]) -> float:
    """Tokens a second."""
    encoder.encode(texts[:8], "passage")
    count = sum(len(ids) for ids in encoder.tokenize(texts, "passage"))
    return count / seconds(lambda: encoder.encode(texts, "passage"))


def training_speed(encoder: DualEncoder, texts: Sequence[str]) -> float:
    """Tokens a second of whole steps in mixed precision."""
    pairs = ParallelPairs.from_rows(
        {"corpus": "c", "pair": str(i), "language": "en", "query": text[:60], "passage": text}
        for i, text in enumerate(texts)
    )
    encoder.mixed_precision = True
    count = 0

    def steps(number: int) -> None:
        nonlocal count
        batches = MonolingualBatches(pairs, BATCH_SIZE, number, seed=0)
        with tempfile.TemporaryDirectory() as folder:
            arguments = TrainingArguments(
                folder, max_steps=number, save_strategy="no", report_to="none", disable_tqdm=True
            )
            DualEncoderTrainer(encoder, arguments, batches, temperature=0.02).train()
        read = [pairs[key] for batch in batches for key in batch]
        ids = encoder.tokenize([query for query, _ in read], "query")
        ids += encoder.tokenize([passage for _, passage in read], "passage")
        count = sum(len(one) for one in ids)

    steps(1)
    spent = seconds(lambda: steps(NUM_STEPS))
    return count / spent


def main() -> None:
    """Measure, print and store."""
    texts = paragraphs()["text"].drop_duplicates().to_numpy()
    chosen = np.random.default_rng(0).choice(texts, NUM_PASSAGES, replace=False).tolist()
    rows = []
    for backbone, shape in SHAPES.items():
        encoder = encoder_of(shape)
        if backbone == "multilingual-e5-small":
            sizes = text_sizes(encoder)
        length = np.mean([len(ids) for ids in encoder.tokenize(chosen, "passage")])
        speeds = {
            "encoding": encoding_speed(encoder, chosen),
            "training": training_speed(encoder, chosen),
        }
        for part, speed in speeds.items():
            flops = shape.flops_a_token(length) * (3 if part == "training" else 1)
            rows.append((backbone, part, speed, speed * flops / 1e12))
            print(f"cost: {backbone}, {part}: {speed:,.0f} tokens a second", flush=True)
    columns = ["backbone", "part", "tokens_a_second", "teraflops_a_second"]
    source = provenance.describe({"benchmark": lareqa.load("xquad-r").revision}, 0.0)
    machine = re.sub(r"[^a-z0-9]+", "-", source["hardware"].lower()).strip("-")
    save("speed", machine, pd.DataFrame(rows, columns=columns), source)
    save("texts", "xquad-r", sizes, source)


def save(kind: str, name: str, scores: pd.DataFrame, source: dict) -> None:
    store, parameters = Store(), {"cost": name}
    key = run_key(parameters, source["revisions"], ["tokens"])
    store.save(store.folder("cost", kind, name), Run(key, parameters, source, scores))
