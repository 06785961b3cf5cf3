"""What a run depends on, and which runs make up a profile: ``profiles/{name}.yaml``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from hybridlib.data.registry import BENCHMARKS, CORPORA, STREAMED_BENCHMARKS

PROFILES = Path("profiles")
_ENTRIES = {
    "title": str,
    "training": dict,
    "benchmarks": list,
}
ALIGNED = "aligned"
UNTRAINED = "untrained"


@dataclass(frozen=True)
class TrainingParameters:
    """Everything that a training run depends on.

    ``num_validation_pairs`` are held out of the corpus, or drawn from ``validation_corpus`` where
    one is named, the same for every seed, and the loss over their English side is the validation
    loss; training stops after ``patience`` evaluations, one every ``evaluation_steps``, without a
    better one. Lengths count tokens, in training only.
    ``translation_steps`` are those of a stage of translation ranking before, which makes an aligned
    start from the backbone, the same for every alpha and seed. ``mixed_precision`` computes the
    matrix products of training in bfloat16.
    """

    backbone: str = "multilingual-e5-small"
    corpus: str = "cldr"
    alpha: float = 0.5
    seed: int = 0
    translation_steps: int = 0
    num_steps: int = 60
    batch_size: int = 32
    learning_rate: float = 3e-5
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
    patience: int = 3

    @property
    def sampler(self) -> str:
        """The paper's name of the sampler that alpha makes: x-x, x-y or hybrid."""
        if self.alpha in (0, 1):
            return "x-x" if self.alpha else "x-y"
        return f"hybrid-{np.format_float_positional(self.alpha, trim='-')}"

    @property
    def name(self) -> str:
        """Name of the run's folder: sampler and seed, or untrained where there is no step."""
        return f"{self.sampler}-seed{self.seed}" if self.num_steps else UNTRAINED

    def stages(self, name: str) -> dict[str, "TrainingParameters"]:
        """Parameters of each training of this run, in order; ``name`` is that of the last."""
        stages = {}
        if self.translation_steps:
            stages[ALIGNED] = replace(
                self,
                alpha=0.0,
                seed=0,
                num_steps=self.translation_steps,
                translation_steps=0,
                validation_corpus="",  # translations: of the corpus itself
                max_query_tokens=self.max_passage_tokens,
            )
        if self.num_steps:
            stages[name] = self
        return stages


@dataclass(frozen=True)
class Profile:
    """The runs of a profile: every combination of its training's values, and the untrained start.

    Parameters
    ----------
    name, title
        Of the profile.
    training
        Values of :class:`TrainingParameters` by name.
    benchmarks
        On which every run is evaluated.
    """

    name: str
    title: str
    training: Mapping[str, Sequence[Any]]
    benchmarks: tuple[str, ...]

    def runs(self) -> dict[str, TrainingParameters]:
        """Parameters of every run by its name, the untrained start first."""
        varied = [name for name, values in self.training.items() if len(values) > 1]
        suffixed = [name for name in varied if name not in ("alpha", "seed")]
        runs: dict[str, TrainingParameters] = {}
        for values in product(*self.training.values()):
            parameters = TrainingParameters(**dict(zip(self.training, values, strict=True)))
            runs[UNTRAINED] = runs.get(UNTRAINED, replace(parameters, num_steps=0))
            suffix = "".join(f"-{name}={getattr(parameters, name)}" for name in suffixed)
            runs[parameters.name + suffix] = parameters
        return runs


def load_profile(name: str) -> Profile:
    """Read a profile: ``title``, ``training`` (values or lists of values) and ``benchmarks``.

    Raises
    ------
    ValueError
        If there is none of this name, or it has an unknown, missing or ill-typed entry.
    """
    file = PROFILES / f"{name}.yaml"
    if not file.is_file():
        known = sorted(path.stem for path in PROFILES.glob("*.yaml"))
        raise ValueError(f"profile {name!r} is unknown; {PROFILES}/ has {', '.join(known)}")
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    if not isinstance(content, dict) or set(content) != set(_ENTRIES):
        found = sorted(content) if isinstance(content, dict) else content
        raise ValueError(f"{file} must have exactly {sorted(_ENTRIES)}, got {found}")
    for entry, kind in _ENTRIES.items():
        if type(content[entry]) is not kind:
            raise ValueError(f"{file}: {entry} must be {kind.__name__}, got {content[entry]!r}")
    for benchmark in content["benchmarks"]:
        if benchmark not in (known := [*BENCHMARKS, *STREAMED_BENCHMARKS]):
            raise ValueError(f"{file}: no benchmark {benchmark!r}; there is {', '.join(known)}")
    training = {
        parameter: value if isinstance(value, list) else [value]
        for parameter, value in content["training"].items()
    }
    _check_training(file, training)
    return Profile(name, content["title"], training, tuple(content["benchmarks"]))


def _check_training(file: Path, training: Mapping[str, Sequence[Any]]) -> None:
    defaults = {field.name: field.default for field in fields(TrainingParameters)}
    for name, values in training.items():
        if name not in defaults:
            raise ValueError(f"{file}: training has no {name!r}; there is {', '.join(defaults)}")
        kind = type(defaults[name])
        for value in values:
            if not (type(value) is kind or (kind is float and type(value) is int)):
                raise ValueError(f"{file}: training.{name} must be {kind.__name__}, got {value!r}")
        if not values:
            raise ValueError(f"{file}: training.{name} has no value")
    for corpus in [*training.get("corpus", []), *training.get("validation_corpus", [])]:
        if corpus and corpus not in CORPORA:
            raise ValueError(f"{file}: no corpus {corpus!r}; there is {', '.join(CORPORA)}")
    for alpha in training.get("alpha", []):
        if not 0 <= alpha <= 1:
            raise ValueError(f"{file}: alpha must be in [0, 1], got {alpha}")
