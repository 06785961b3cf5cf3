"""The fastest float32 product that the installed libraries give for a shape: the bare reference."""

from collections.abc import Callable, Mapping

import numpy as np
import torch

from speed.timing import seconds

ROUNDS, REPEATS = 5, 20


def products(left: torch.Tensor, weights: torch.Tensor) -> Mapping[str, Callable[[], object]]:
    """``left @ weights.T`` by library; shapes (rows, dimensions) and (columns, dimensions)."""
    transposed, ours = weights.T.contiguous(), (left.numpy(), weights.numpy().T.copy())
    every: dict[str, Callable[[], object]] = {
        "torch.mm": lambda: torch.mm(left, transposed),
        "numpy": lambda: np.matmul(*ours),
    }
    if torch.backends.mkldnn.is_available():
        packed = torch.ops.mkldnn._reorder_linear_weight(weights, len(left))
        every["oneDNN, packed"] = lambda: torch.ops.mkldnn._linear_pointwise(
            left, packed, None, "none", [], ""
        )
    return every


def fastest(left: torch.Tensor, weights: torch.Tensor) -> tuple[str, float]:
    """Name of the fastest library for these shapes, and its operations a second, both measured."""
    best = {}
    for name, multiply in products(left, weights).items():
        multiply()
        work = lambda multiply=multiply: [multiply() for _ in range(REPEATS)]  # noqa: E731
        best[name] = min(seconds(work) for _ in range(ROUNDS)) / REPEATS
    name = min(best, key=best.__getitem__)
    return name, 2 * len(left) * weights.numel() / best[name]
