"""Profiles: which runs make up a result, read from ``profiles/{name}.yaml``."""

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import yaml

from hybridlib.data.registry import BENCHMARKS, CORPORA
from hybridlib.recipe import TrainingParameters

PROFILES = Path("profiles")


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
    expected = {field.name for field in fields(Profile)} - {"name"}
    if set(content) != expected:
        raise ValueError(f"{file} must have exactly {sorted(expected)}, got {sorted(content)}")
    _check(file, content)
    lists = {key: tuple(value) for key, value in content.items() if isinstance(value, list)}
    training = TrainingParameters(**content["training"])
    return Profile(**content | lists | {"name": name, "training": training})


def _check(file: Path, content: dict[str, Any]) -> None:
    defaults = {field.name: field.default for field in fields(TrainingParameters)}
    for name, value in content["training"].items():
        if name not in defaults:
            raise ValueError(f"{file}: training has no {name!r}; there is {', '.join(defaults)}")
        if type(value) is not type(defaults[name]):
            kind = type(defaults[name]).__name__
            raise ValueError(f"{file}: training.{name} must be {kind}, got {value!r}")
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
