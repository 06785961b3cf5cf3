"""Faster float32 products on processors where torch's own library is slow."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import torch
from torch import nn

from hybridlib.models.slices import default_token_budget


@contextmanager
def packed_linear_layers(network: nn.Module) -> Iterator[None]:
    """Compute a network's linear layers by oneDNN, with weights packed once, inside the context.

    torch takes MKL for float32, which leaves AMD's AVX-512 unused: there oneDNN takes half the
    time. The products are float32 as before and differ in the order of their sums alone. For
    inference on a CPU; elsewhere nothing changes.
    """
    weights = network.parameters()
    is_usable = torch.backends.mkldnn.is_available() and all(
        weight.device.type == "cpu" and weight.dtype == torch.float32 for weight in weights
    )
    rows = default_token_budget("cpu")
    layers = [layer for layer in network.modules() if is_usable and type(layer) is nn.Linear]
    for layer in layers:
        packed = torch.ops.mkldnn._reorder_linear_weight(layer.weight.detach(), rows)
        layer.forward = partial(_linear, packed, layer.bias)  # type: ignore[method-assign]
    try:
        yield
    finally:
        for layer in layers:
            del layer.forward


def _linear(packed: torch.Tensor, bias: torch.Tensor | None, inputs: torch.Tensor) -> torch.Tensor:
    return torch.ops.mkldnn._linear_pointwise(inputs, packed, bias, "none", [], "")
