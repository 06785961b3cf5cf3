"""Everything that a training depends on."""

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from hybridlib.training.sampling import SAMPLERS

ALIGNED = "aligned"
UNTRAINED = "untrained"


@dataclass(frozen=True)
class TrainingParameters:
    """Everything that a training run depends on.

    ``alpha`` is the share of X-X for the samplers that mix. ``num_validation_pairs`` are held out
    of the corpus, or drawn from ``validation_corpus`` where one is named, the same for every seed,
    and the loss over their English side is the validation loss, every ``evaluation_steps``. With
    ``patience`` 0 the last step is taken; else training stops after so many evaluations without a
    better validation loss, and the best step is taken. ``schedule`` is that of the learning rate
    after the warm-up: ``constant``, or ``linear`` down to zero at the last step. Lengths count
    tokens, in training only. ``translation_steps`` are those of a stage of translation ranking
    before, which makes an aligned start from the backbone, the same for every sampler and seed.
    ``mixed_precision`` computes the matrix products of training in bfloat16.
    """

    backbone: str = "multilingual-e5-small"
    corpus: str = "cldr"
    sampler: str = "hybrid"
    alpha: float = 0.5
    seed: int = 0
    translation_steps: int = 0
    num_steps: int = 60
    batch_size: int = 32
    learning_rate: float = 3e-5
    schedule: str = "linear"
    warmup_steps: int = 10
    weight_decay: float = 0.01
    temperature: float = 0.02
    max_query_tokens: int = 24
    max_passage_tokens: int = 64
    freeze_embeddings: bool = True
    mixed_precision: bool = False
    validation_corpus: str = ""
    num_validation_pairs: int = 256
    evaluation_steps: int = 20
    patience: int = 0

    @property
    def sampler_and_alpha(self) -> str:
        """The sampler's name, with alpha where it takes one: ``x-x``, ``hybrid-0.5``."""
        if not SAMPLERS[self.sampler].takes_alpha:
            return self.sampler
        return f"{self.sampler}-{np.format_float_positional(self.alpha, trim='-')}"

    @property
    def name(self) -> str:
        """Name of the run's folder: sampler and seed, or untrained where there is no step."""
        return f"{self.sampler_and_alpha}-seed{self.seed}" if self.num_steps else UNTRAINED

    @property
    def described(self) -> dict[str, Any]:
        """Parameters by name as they are stored and enter the key: no alpha that is not used."""
        parameters = asdict(self)
        if not SAMPLERS[self.sampler].takes_alpha:
            del parameters["alpha"]
        return parameters

    def stages(self, name: str) -> dict[str, "TrainingParameters"]:
        """Parameters of each training of this run, in order; ``name`` is that of the last."""
        stages = {}
        if self.translation_steps:
            stages[ALIGNED] = replace(
                self,
                sampler="x-y",
                seed=0,
                num_steps=self.translation_steps,
                translation_steps=0,
                validation_corpus="",  # translations: of the corpus itself
                max_query_tokens=self.max_passage_tokens,
            )
        if self.num_steps:
            stages[name] = self
        return stages
