"""What is done to a text before it meets the network."""

import math
from dataclasses import dataclass
from typing import Literal, get_args

from torch import nn
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from hybridlib.checks import Range

Side = Literal["query", "passage"]
SIDES = get_args(Side)


@dataclass(frozen=True)
class TextSettings:
    """Prefixes and greatest lengths.

    ``max_query_tokens`` and ``max_passage_tokens`` count the prefix and the special tokens.
    """

    query_prefix: str = ""
    passage_prefix: str = ""
    max_query_tokens: int = 512
    max_passage_tokens: int = 512

    def of(self, side: Side) -> tuple[str, int]:
        """Prefix and greatest length of a side."""
        return getattr(self, f"{side}_prefix"), getattr(self, f"max_{side}_tokens")


def check_lengths(
    settings: TextSettings, backbone: PreTrainedModel, tokenizer: PreTrainedTokenizerBase
) -> None:
    """Refuse lengths that leave nothing of a text, or for which there are no positions."""
    positions = num_positions(backbone)
    for side in SIDES:
        prefix, length = settings.of(side)
        prefix = prefix.rstrip()
        taken = len(tokenizer(prefix)["input_ids"])
        allowed = Range(taken + 1, positions)
        if length not in allowed:
            raise ValueError(
                f"max_{side}_tokens must be {allowed}, got {length}: {prefix!r} and the special "
                f"tokens take {taken}, the backbone has {positions} positions"
            )


def num_positions(backbone: PreTrainedModel) -> float:
    """Tokens that a backbone can tell apart by position; infinite where it learned no table.

    RoBERTa's table begins behind the padding token's place.
    """
    table = getattr(getattr(backbone, "embeddings", None), "position_embeddings", None)
    if not isinstance(table, nn.Embedding):
        return math.inf
    return table.num_embeddings - (0 if table.padding_idx is None else table.padding_idx + 1)
