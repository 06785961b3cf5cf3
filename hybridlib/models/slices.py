"""Tokenized texts in padded slices of equal cost."""

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch.nn.utils.rnn import pad_sequence

Slice = dict[str, torch.Tensor]


def encoding_token_budget(device: str) -> int:
    """Padded tokens a slice without gradients: on two cores 512 to 2,048 are equally fast."""
    return 1024 if device == "cpu" else 16384


def training_token_budget(device: str) -> int:
    """Padded tokens a slice in training: a batch has few texts, and larger slices pad more."""
    return 512 if device == "cpu" else 16384


def pad(token_ids: Sequence[Sequence[int]], pad_token_id: int) -> Slice:
    """Pad to the longest. Shape of each tensor: (texts, tokens)."""
    texts = [torch.tensor(ids) for ids in token_ids]
    return {
        "input_ids": pad_sequence(texts, batch_first=True, padding_value=pad_token_id),
        "attention_mask": pad_sequence([torch.ones_like(ids) for ids in texts], batch_first=True),
    }


def token_budget_batches(lengths: Sequence[int], token_budget: int) -> Iterator[np.ndarray]:
    """Order texts by length and part them so that no batch's padded size passes the budget.

    A longer text gets a batch of its own. Row numbers of a batch come longest text first, so that a
    lack of memory shows at once.
    """
    order = np.argsort(-np.asarray(lengths), kind="stable")
    start = 0
    while start < len(order):
        count = max(1, token_budget // lengths[order[start]])
        yield order[start : start + count]
        start += count
