"""Everything that a training depends on."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

import numpy as np

from hybridlib.checks import Allowed, Range, check
from hybridlib.training.sampling import SAMPLERS

UNTRAINED = "untrained"
SCHEDULES = {"linear": "linear", "constant": "constant_with_warmup"}
"""Of the learning rate, each with its name in transformers."""


def _declared(default: Any, allowed: Allowed, unit: str = "") -> Any:
    return field(default=default, metadata={"allowed": allowed, "unit": unit})


@dataclass(frozen=True)
class TrainingParameters:
    """Everything that a training run depends on; a value outside its type or range is a ValueError.

    ``alpha`` is the share of X-X for the samplers that mix. ``num_validation_pairs`` are held out
    of the corpus, or drawn from ``validation_corpus`` where one is named, the same for every seed,
    and the loss over their English side is the validation loss, every ``evaluation_steps``. With
    ``patience`` 0 the last step is taken; else training stops after so many evaluations without a
    better validation loss, and the best step is taken. ``schedule`` is that of the learning rate
    after the warm-up: ``constant``, or ``linear`` down to zero at the last step. Lengths count
    tokens, in training only. ``mixed_precision`` computes the matrix products of training in
    bfloat16. Whether there is a corpus or a backbone of a name is asked where these are loaded.
    """

    backbone: str = "multilingual-e5-small"
    corpus: str = "cldr"
    sampler: str = _declared("hybrid", SAMPLERS)
    alpha: float = _declared(0.5, Range(0, 1), "share of X-X")
    seed: int = _declared(0, Range(0, 2**32 - 1))
    num_steps: int = _declared(60, Range(0), "steps")
    # in a batch of one pair there is nothing to tell
    batch_size: int = _declared(32, Range(2), "pairs")
    learning_rate: float = _declared(3e-5, Range(0, 1, is_open=True))
    schedule: str = _declared("linear", SCHEDULES)
    warmup_steps: int = _declared(10, Range(0), "steps")
    weight_decay: float = _declared(0.01, Range(0))
    temperature: float = _declared(0.02, Range(0, is_open=True))
    max_query_tokens: int = _declared(24, Range(1), "tokens")
    max_passage_tokens: int = _declared(64, Range(1), "tokens")
    freeze_embeddings: bool = True
    mixed_precision: bool = False
    validation_corpus: str = ""
    num_validation_pairs: int = _declared(256, Range(1), "pairs")
    evaluation_steps: int = _declared(20, Range(1), "steps")
    patience: int = _declared(0, Range(0), "evaluations")

    def __post_init__(self) -> None:
        for one in fields(self):
            check(one.name, getattr(self, one.name), type(one.default), ALLOWED.get(one.name))

    @property
    def name(self) -> str:
        """Name of the run's folder: ``x-x-seed0``, ``hybrid-0.5-seed0``, or untrained."""
        takes_alpha = SAMPLERS[self.sampler].takes_alpha
        alpha = f"-{np.format_float_positional(self.alpha, trim='-')}" if takes_alpha else ""
        return f"{self.sampler}{alpha}-seed{self.seed}" if self.num_steps else UNTRAINED

    @property
    def described(self) -> dict[str, Any]:
        """Parameters by name as they are stored and enter the key: no alpha that is not used."""
        parameters = asdict(self)
        if not SAMPLERS[self.sampler].takes_alpha:
            del parameters["alpha"]
        return parameters


ALLOWED: Mapping[str, Allowed] = {
    one.name: one.metadata["allowed"] for one in fields(TrainingParameters) if one.metadata
}
"""What each parameter may be, by name; those of any value of their type are left out."""
