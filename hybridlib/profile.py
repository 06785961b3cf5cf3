"""What a run depends on, and which runs make up a profile: ``profiles/{name}.yaml``."""

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from hybridlib.data.registry import BENCHMARKS, CORPORA

PROFILES = Path("profiles")
_ENTRIES = {
    "title": str,
    "training": dict,
    "alphas": float,
    "seeds": int,
    "benchmarks": str,
    "untrained_benchmarks": str,
}


@dataclass(frozen=True)
class TrainingParameters:
    """Everything that a training run depends on.

    ``num_validation_pairs`` are held out of the corpus, the same for every seed, and batches of
    their English side, drawn as for training, give the validation loss; training stops after
    ``patience`` evaluations, one every ``evaluation_steps``, without a better one. Lengths count
    tokens, in training only.
    """

    backbone: str = "multilingual-e5-small"
    corpus: str = "cldr"
    alpha: float = 0.5
    seed: int = 0
    num_steps: int = 60
    batch_size: int = 32
    learning_rate: float = 3e-5
    warmup_steps: int = 10
    weight_decay: float = 0.01
    temperature: float = 0.02
    max_query_tokens: int = 24
    max_passage_tokens: int = 64
    freeze_embeddings: bool = True
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
        """Name of the run's folder."""
        return f"{self.sampler}-seed{self.seed}"


@dataclass(frozen=True)
class Profile:
    """The runs of a profile: every alpha with every seed, each on every benchmark.

    ``training`` holds what all runs have in common. ``untrained_benchmarks`` are those on which
    the backbone is evaluated before any training.
    """

    name: str
    title: str
    training: TrainingParameters
    alphas: tuple[float, ...]
    seeds: tuple[int, ...]
    benchmarks: tuple[str, ...]
    untrained_benchmarks: tuple[str, ...]

    def runs(self) -> dict[str, TrainingParameters]:
        """Parameters of every training run by its name."""
        every = [
            replace(self.training, alpha=alpha, seed=seed)
            for alpha in self.alphas
            for seed in self.seeds
        ]
        return {parameters.name: parameters for parameters in every}


def load_profile(name: str) -> Profile:
    """Read a profile.

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
    _check(file, content)
    lists = {key: tuple(value) for key, value in content.items() if isinstance(value, list)}
    training = TrainingParameters(**content["training"])
    return Profile(**content | lists | {"name": name, "training": training})


def _check(file: Path, content: dict[str, Any]) -> None:
    for name, kind in _ENTRIES.items():
        entries = content[name] if isinstance(content[name], list) else [content[name]]
        is_list = name not in ("title", "training")
        if isinstance(content[name], list) != is_list or not all(_fits(e, kind) for e in entries):
            what = f"a list of {kind.__name__}" if is_list else kind.__name__
            raise ValueError(f"{file}: {name} must be {what}, got {content[name]!r}")
    defaults = {field.name: field.default for field in fields(TrainingParameters)}
    of_a_run = ("alpha", "seed")
    for name, value in content["training"].items():
        if name not in defaults or name in of_a_run:
            known = ", ".join(key for key in defaults if key not in of_a_run)
            raise ValueError(f"{file}: training has no {name!r}; there is {known}")
        if not _fits(value, type(defaults[name])):
            kind = type(defaults[name])
            raise ValueError(f"{file}: training.{name} must be {kind.__name__}, got {value!r}")
    for benchmark in content["benchmarks"] + content["untrained_benchmarks"]:
        if benchmark not in BENCHMARKS:
            raise ValueError(
                f"{file}: no benchmark {benchmark!r}; there is {', '.join(BENCHMARKS)}"
            )
    corpus = content["training"].get("corpus", defaults["corpus"])
    if corpus not in CORPORA:
        raise ValueError(f"{file}: no corpus {corpus!r}; there is {', '.join(CORPORA)}")
    for alpha in content["alphas"]:
        if not 0 <= alpha <= 1:
            raise ValueError(f"{file}: alpha must be in [0, 1], got {alpha}")


def _fits(value: Any, kind: type) -> bool:
    return type(value) is kind or (kind is float and type(value) is int)
