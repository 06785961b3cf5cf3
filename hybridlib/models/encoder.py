"""The dual encoder: one network for queries and passages, unit-length vectors out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
from torch import nn
from torch.utils.checkpoint import checkpoint
from tqdm import tqdm
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from hybridlib.checks import check
from hybridlib.models.remedies import LanguageMaps
from hybridlib.models.slices import Slice, encoding_token_budget, pad, token_budget_batches
from hybridlib.models.text_settings import SIDES, Side, TextSettings, check_lengths

_TEXTS_SORTED_TOGETHER = 32768


@dataclass(frozen=True)
class EncoderIdentity:
    """Which encoder it is: everything that its vectors depend on."""

    revision: str  # where the weights come from
    pooling: str
    settings: TextSettings

    @property
    def usage(self) -> str:
        """Pooling, prefixes and lengths, as they enter a key."""
        return f"{self.pooling} {self.settings}"


class DualEncoder(nn.Module):
    """Encode queries and passages with shared parameters (section 3 of the paper).

    A length that does not suit the backbone is a ValueError, also when the settings are set anew.

    Parameters
    ----------
    backbone, tokenizer
        Any Hugging Face encoder whose first output is (texts, tokens, hidden), and its tokenizer.
    settings
        Prefixes and greatest lengths.
    pooling
        ``mean`` over the tokens, or the first token (``cls``).
    dense
        Linear maps behind the pooling, each with its activation after it, as LaBSE has one.
    revision
        Where the weights come from, for the provenance of a result.

    Attributes
    ----------
    language_maps
        Applied to what :meth:`encode` gives, by the language of each text; None for nothing.
    recompute_activations
        Hold one slice's activations only: the backward pass computes each slice again, with the
        same dropout (cached gradients, Gao et al. 2021).
    mixed_precision
        Compute matrix products in bfloat16 in training; never in :meth:`encode`.
    """

    backbone: PreTrainedModel
    dense: nn.Sequential | None

    def __init__(
        self,
        backbone: PreTrainedModel,
        tokenizer: PreTrainedTokenizerBase,
        settings: TextSettings,
        *,
        pooling: str = "mean",
        dense: nn.Sequential | None = None,
        revision: str = "local",
    ) -> None:
        super().__init__()
        check("pooling", pooling, str, ("mean", "cls"))
        if getattr(backbone, "pooler", None) is not None:
            # its output is not used, and weights without a gradient stop distributed training
            setattr(backbone, "pooler", None)  # noqa: B010
        self.backbone = backbone
        self.dense = dense
        self.tokenizer = tokenizer
        self.settings = settings
        self.pooling = pooling
        self.revision = revision
        self.language_maps: LanguageMaps | None = None
        self.recompute_activations = False
        self.mixed_precision = False

    @property
    def identity(self) -> EncoderIdentity:
        """Which encoder this is."""
        maps = f", {self.language_maps.revision}" if self.language_maps else ""
        return EncoderIdentity(self.revision + maps, self.pooling, self.settings)

    @property
    def settings(self) -> TextSettings:
        """Prefixes and greatest lengths."""
        return self._settings

    @settings.setter
    def settings(self, settings: TextSettings) -> None:
        check_lengths(settings, self.backbone, self.tokenizer)
        self._settings = settings

    @property
    def dimensions(self) -> int:
        """Length of an embedding."""
        if self.dense is not None:
            return cast(nn.Linear, self.dense[-2]).out_features
        return self.backbone.config.hidden_size

    def forward(self, slices: Sequence[Slice], order: torch.Tensor) -> torch.Tensor:
        """Encode tokenized texts, slice by slice.

        Slices are padded ``input_ids`` and ``attention_mask``, each (texts of the slice, tokens);
        ``order`` is, for each encoded text, slice after slice, its place in the output, (texts,).
        Returns unit-length embeddings, float32, or float64 if the weights are. Shape: (texts,
        dimensions).
        """
        device = order.device.type
        with torch.autocast(device, torch.bfloat16, enabled=self.mixed_precision):
            if self.recompute_activations and self.training:
                parts = [checkpoint(self._embed, part, use_reentrant=False) for part in slices]
            else:
                parts = [self._embed(part) for part in slices]
        embeddings = torch.cat(parts)
        return torch.empty_like(embeddings).index_copy(0, order, embeddings)

    def _embed(self, part: Slice) -> torch.Tensor:
        hidden = _at_least_single(self.backbone(**part)[0])  # (texts, tokens, hidden)
        if self.pooling == "cls":
            pooled = hidden[:, 0]
        else:
            mask = part["attention_mask"].unsqueeze(-1).to(hidden.dtype)
            pooled = (hidden * mask).sum(1) / mask.sum(1)
        if self.dense is not None:
            pooled = self.dense(pooled)
        return nn.functional.normalize(_at_least_single(pooled), dim=1)

    def tokenize(self, texts: Sequence[str], side: Side) -> list[list[int]]:
        """Token ids of each text, with its side's prefix, cut at its side's greatest length."""
        check("side", side, str, SIDES)
        if type(texts) is str:
            raise ValueError(f"texts must be a list of texts, got one text, {texts[:80]!r}")
        for text in texts:
            check(f"a {side}", text, str)
        prefix, most = self.settings.of(side)
        given = [prefix + text for text in texts]
        ids_alone = {"return_attention_mask": False, "return_token_type_ids": False}
        return self.tokenizer(given, truncation=True, max_length=most, **ids_alone)["input_ids"]

    @torch.inference_mode()
    def encode(
        self,
        texts: Sequence[str],
        side: Side,
        *,
        languages: Sequence[str] | None = None,
        progress: str = "",
    ) -> np.ndarray:
        """Encode many texts of a side without gradients, in any order, in batches of equal cost.

        Languages are those of the texts; needed where the encoder has :attr:`language_maps`, else
        without effect. ``progress`` is the name on the progress bar; empty for none. Returns
        unit-length float32 embeddings in the order of the texts. Shape: (texts, dimensions).

        Raises ValueError if a text or a side is none, an embedding is not finite, or a language is
        needed and missing or has no map. The message names the text or the language.
        """
        if self.language_maps is not None:
            self.language_maps.check(side, languages, len(texts))
        self.eval()
        device = next(self.parameters()).device
        token_budget = encoding_token_budget(device.type)
        joined = np.empty((len(texts), self.dimensions), np.float32)
        with tqdm(total=len(texts), desc=progress, disable=not progress, unit="text") as bar:
            for start in range(0, len(texts), _TEXTS_SORTED_TOGETHER):
                token_ids = self.tokenize(texts[start : start + _TEXTS_SORTED_TOGETHER], side)
                for rows in token_budget_batches([len(ids) for ids in token_ids], token_budget):
                    part = pad([token_ids[row] for row in rows], self.tokenizer.pad_token_id)
                    output = self._embed({k: v.to(device) for k, v in part.items()}).cpu().numpy()
                    joined[start + rows] = output
                    bar.update(len(rows))
        if not np.isfinite(joined).all():
            row = int(np.flatnonzero(~np.isfinite(joined).all(1))[0])
            raise ValueError(f"the embedding of {side} {row} is not finite: {texts[row][:80]!r}")
        if self.language_maps is not None and languages is not None:
            return self.language_maps.apply(joined, side, languages)
        return joined


def _at_least_single(values: torch.Tensor) -> torch.Tensor:
    """Half precision as single, so that sums over many tokens keep their digits; double stays."""
    return values.to(torch.promote_types(values.dtype, torch.float32))
