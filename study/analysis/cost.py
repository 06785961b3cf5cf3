"""What a part of a profile costs: tokens, floating-point operations, memory and disk."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from hybridlib.data import miracl
from study.runs.profile import Profile


@dataclass(frozen=True)
class Shape:
    """Size of a backbone, as its authors published it."""

    layers: int
    hidden: int
    intermediate: int
    heads: int
    vocabulary: int
    positions: int
    is_xlm_r: bool = False

    @property
    def parameters(self) -> int:
        """Weights, biases aside: embeddings, attention and feed-forward layers."""
        layer = 4 * self.hidden**2 + 2 * self.hidden * self.intermediate
        return (self.vocabulary + self.positions) * self.hidden + self.layers * layer

    def flops_a_token(self, length: float) -> float:
        """Multiplications and additions of a token's way forward, in a text of so many tokens."""
        layer = 4 * self.hidden**2 + 2 * self.hidden * self.intermediate
        return self.layers * (2.0 * layer + 4 * self.hidden * length)

    def activation_bytes(self, num_tokens: int, length: int) -> float:
        """Memory that a step keeps for its way back, in 16 bits.

        Source
        ------
        Korthikanti et al. (2022), arXiv 2205.05198, equation 1.
        """
        return num_tokens * self.layers * (34 * self.hidden + 5 * self.heads * length)


SHAPES: Mapping[str, Shape] = {
    "multilingual-e5-small": Shape(12, 384, 1536, 12, 250_037, 512),
    "xlm-r": Shape(12, 768, 3072, 12, 250_002, 514, is_xlm_r=True),
    "labse": Shape(12, 768, 3072, 12, 501_153, 512),
}
BYTES_A_TRAINED_WEIGHT = 16  # float32: the weight, its gradient, AdamW's two moments
BYTES_A_DIMENSION = 2  # float16 vectors
FORWARD_AND_BACK = 3  # a training step costs three times its way forward


def parts(profile: Profile, backbone: str, texts: pd.DataFrame) -> pd.DataFrame:
    """What one run of a profile computes, and what all its runs do.

    Parameters
    ----------
    profile
        Its steps are taken to their end: early stopping makes it less.
    backbone
        Of ``SHAPES``.
    texts
        One row a language of XQuAD-R: ``language``, ``passage_tokens`` and ``query_tokens`` (mean
        a text), and ``lareqa_tokens`` (of all texts of XQuAD-R and MLQA-R). A MIRACL language that
        is not there counts as their mean.

    Returns
    -------
    One row a part: ``part``, ``runs`` (how many runs have it), ``tokens`` (of one), ``petaflops``
    (10^15 operations of one) and ``is_training``.
    """
    shape, means = SHAPES[backbone], texts.set_index("language").mean()
    passage, query = means["passage_tokens"], means["query_tokens"]
    every = profile.runs()
    run = next(one for one in every.values() if one.num_steps)
    step = run.batch_size * (query + 2 * passage)  # a hard negative is a passage
    num_evaluations = run.num_steps // run.evaluation_steps
    validation = run.num_validation_pairs * (query + passage)
    searched = passages(texts)
    rows = [
        ("training", len(every) - 1, run.num_steps * step, FORWARD_AND_BACK),
        ("validation while training", len(every) - 1, num_evaluations * validation, 1),
        ("XQuAD-R and MLQA-R", len(every), texts["lareqa_tokens"].sum(), 1),
        (f"MIRACL dev, {len(miracl.LANGUAGES)} languages", len(every), searched["tokens"].sum(), 1),
    ]
    table = pd.DataFrame(rows, columns=["part", "runs", "tokens", "ways"])
    flops = table["tokens"] * table["ways"] * shape.flops_a_token(passage)
    table["petaflops"] = flops / 1e15
    table["is_training"] = table.pop("ways") > 1
    return table


def passages(texts: pd.DataFrame) -> pd.DataFrame:
    """MIRACL's corpora.

    Returns
    -------
    One row a language of tables 12 and 13: ``language``, ``passages``, and their ``tokens`` and
    compressed ``gigabytes``, which follow from ``texts`` (as :func:`parts` takes it, with
    ``passage_gzip_bytes`` a text).
    """
    known = texts.set_index("language")[["passage_tokens", "passage_gzip_bytes"]]
    rows = known.reindex(miracl.LANGUAGES).fillna(known.mean())
    counts = pd.Series(miracl.NUM_PASSAGES).reindex(miracl.LANGUAGES)
    table = pd.DataFrame(
        {
            "passages": counts,
            "tokens": counts * rows["passage_tokens"],
            "gigabytes": counts * rows["passage_gzip_bytes"] / 1e9,
        }
    )
    return table.rename_axis("language").reset_index()


def memory(profile: Profile, backbone: str) -> dict[str, float]:
    """Gigabytes that a run needs at most.

    Returns
    -------
    ``weights`` (download and file), ``training`` (GPU, every text at its greatest length),
    ``vectors`` (disk, the largest language of MIRACL, deleted when it is scored).
    """
    shape = SHAPES[backbone]
    run = next(one for one in profile.runs().values() if one.num_steps)
    lengths = run.max_query_tokens + 2 * run.max_passage_tokens
    activations = shape.activation_bytes(run.batch_size * lengths, run.max_passage_tokens)
    largest = max(miracl.NUM_PASSAGES[language] for language in miracl.LANGUAGES)
    needed = {
        "weights": 4.0 * shape.parameters,
        "training": BYTES_A_TRAINED_WEIGHT * shape.parameters + activations,
        "vectors": float(BYTES_A_DIMENSION * shape.hidden * largest),
    }
    return {name: value / 1e9 for name, value in needed.items()}
