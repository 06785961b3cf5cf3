"""A tiny encoder of a real architecture that is the same whatever made it: no random state."""

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
from torch import nn
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from hybridlib.models.encoder import DualEncoder, TextSettings
from tests.golden.data import uniform

SPECIAL = ["<pad>", "<s>", "</s>"]
TEXTS = ["What is it about?", "Worum geht es?", "这是关于什么的？", "यह किस बारे में है", "no " * 30]


def byte_tokenizer() -> PreTrainedTokenizerFast:
    """One token a byte, between ``<s>`` and ``</s>``."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: i for i, token in enumerate([*SPECIAL, *alphabet])}
    backend = Tokenizer(models.BPE(vocabulary, merges=[]))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    ends = [(token, vocabulary[token]) for token in ("<s>", "</s>")]
    backend.post_processor = processors.TemplateProcessing("<s> $A </s>", special_tokens=ends)
    return PreTrainedTokenizerFast(tokenizer_object=backend, pad_token="<pad>", cls_token="<s>")


def tiny_network(tokenizer: PreTrainedTokenizerFast, dropout: float, **options: int) -> BertModel:
    """Two layers of 32 dimensions."""
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        pad_token_id=tokenizer.pad_token_id,
        hidden_dropout_prob=dropout,
        attention_probs_dropout_prob=dropout,
        **options,
    )
    return BertModel(config, add_pooling_layer=False)


def tiny_encoder(
    pooling: str = "mean", has_dense: bool = False, dropout: float = 0.0
) -> DualEncoder:
    """The tiny network, with weights by formula."""
    tokenizer = byte_tokenizer()
    encoder = DualEncoder(
        tiny_network(tokenizer, dropout, max_position_embeddings=64),
        tokenizer,
        TextSettings("query: ", "passage: ", 32, 48),
        pooling=pooling,
        dense=nn.Sequential(nn.Linear(32, 24), nn.Tanh()) if has_dense else None,
        revision="tiny",
    )
    fill(encoder)
    return encoder


def fill(network: nn.Module) -> None:
    """Set every weight by formula; a norm's scale stays one."""
    for seed, (name, weight) in enumerate(sorted(network.named_parameters())):
        if weight.dim() > 1:  # about as large as a linear layer's usual ones
            scale = 2 * (3 / weight.shape[1]) ** 0.5
            numbers = scale * (uniform(weight.numel(), seed) - 0.5)
            weight.data = torch.from_numpy(numbers).float().view(weight.shape)
        else:
            weight.data.fill_(1.0 if name.endswith("LayerNorm.weight") else 0.0)
