"""The encoder in ONNX Runtime and OpenVINO, each where its packages are installed."""

from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from torch import nn

from hybridlib.models.encoder import DualEncoder

BATCH_SIZE = 32  # as sentence-transformers has it
Forward = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""From ids and mask of shape (texts, tokens) to vectors of shape (texts, tokens, dimensions)."""


class _Network(nn.Module):
    def __init__(self, encoder: DualEncoder) -> None:
        super().__init__()
        self.backbone = encoder.backbone

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        return self.backbone(input_ids=ids, attention_mask=mask).last_hidden_state


def _onnx_runtime(network: nn.Module, example: tuple[torch.Tensor, ...], folder: Path) -> Forward:
    import onnxruntime

    file, axes = folder / "encoder.onnx", {0: "texts", 1: "tokens"}
    names = ["ids", "mask"]
    torch.onnx.export(
        network, example, file, input_names=names, dynamic_axes=dict.fromkeys(names, axes),
        dynamo=False,
    )  # fmt: skip
    session = onnxruntime.InferenceSession(file)
    return lambda ids, mask: session.run(None, {"ids": ids, "mask": mask})[0]


def _openvino(network: nn.Module, example: tuple[torch.Tensor, ...], folder: Path) -> Forward:
    import openvino

    exact = {"INFERENCE_PRECISION_HINT": "f32"}
    model = openvino.compile_model(
        openvino.convert_model(network, example_input=example), "CPU", exact
    )
    return lambda ids, mask: model([ids, mask])[0]


RUNTIMES: Mapping[str, tuple[tuple[str, ...], Callable[..., Forward]]] = {
    "ONNX Runtime": (("onnx", "onnxruntime"), _onnx_runtime),
    "OpenVINO": (("openvino",), _openvino),
}


def installed(
    encoder: DualEncoder, folder: Path
) -> Iterator[tuple[str, Callable[[list[str]], np.ndarray]]]:
    """Yield name and passage encoder of each runtime that is installed."""
    example = torch.ones(2, 8, dtype=torch.int64), torch.ones(2, 8, dtype=torch.int64)
    for name, (packages, load) in RUNTIMES.items():
        if all(map(find_spec, packages)):
            with torch.no_grad():
                forward = load(_Network(encoder).eval(), example, folder)
            yield name, lambda texts, forward=forward: _encode(encoder, forward, texts)


def _encode(encoder: DualEncoder, forward: Forward, texts: list[str]) -> np.ndarray:
    """Sort by length, pad, pool by the mean. Shape: (texts, dimensions)."""
    tokens = encoder.tokenize(texts, "passage")
    order = sorted(range(len(texts)), key=lambda place: -len(tokens[place]))
    vectors = np.empty((len(texts), encoder.backbone.config.hidden_size), np.float32)
    for start in range(0, len(order), BATCH_SIZE):
        chosen = order[start : start + BATCH_SIZE]
        ids = np.zeros((len(chosen), len(tokens[chosen[0]])), np.int64)
        mask = np.zeros_like(ids)
        for row, place in enumerate(chosen):
            ids[row, : len(tokens[place])], mask[row, : len(tokens[place])] = tokens[place], 1
        hidden = forward(ids, mask) * mask[..., None]
        pooled = hidden.sum(axis=1) / mask.sum(axis=1, keepdims=True)
        vectors[chosen] = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
    return vectors
