"""What a run depends on, and which runs make up a profile: ``profiles/{name}.yaml``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from hybridlib.data.registry import (
    BENCHMARKS,
    CORPORA,
    STREAMED_BENCHMARKS,
    TRANSLATION_BENCHMARKS,
)
from hybridlib.training.parameters import UNTRAINED, TrainingParameters
from hybridlib.training.sampling import SAMPLERS

PROFILES = Path("profiles")
_ENTRIES = {
    "title": str,
    "training": dict,
    "benchmarks": list,
}
_OPTIONAL = {
    "caption": str,
    "paper_model": str,
    "published": bool,
}


@dataclass(frozen=True)
class Profile:
    """The runs of a profile: every combination of its training's values, and the untrained start.

    Parameters
    ----------
    name, title
        Of the profile.
    training
        Values of :class:`TrainingParameters` by name; one that is a mapping has a value a sampler.
    benchmarks
        On which every run is evaluated.
    caption
        Of the part of the book that shows its runs; without one there is none.
    paper_model
        Whose numbers of the paper stand beside them: ``XLM-R`` or ``LaBSE``.
    published
        Whether its runs are committed: the book shows them and does not compute them.
    """

    name: str
    title: str
    training: Mapping[str, Sequence[Any]]
    benchmarks: tuple[str, ...]
    caption: str = ""
    paper_model: str = ""
    published: bool = False

    def runs(self) -> dict[str, TrainingParameters]:
        """Parameters of every run by its name, the untrained start first."""
        varied = [name for name, values in self.training.items() if len(values) > 1]
        suffixed = [name for name in varied if name not in ("sampler", "alpha", "seed")]
        runs: dict[str, TrainingParameters] = {}
        for values in product(*self.training.values()):
            chosen = dict(zip(self.training, values, strict=True))
            sampler = chosen.get("sampler", TrainingParameters.sampler)
            for name, value in chosen.items():
                chosen[name] = value[sampler] if isinstance(value, Mapping) else value
            parameters = TrainingParameters(**chosen)
            runs[UNTRAINED] = runs.get(UNTRAINED, replace(parameters, num_steps=0))
            suffix = "".join(f"-{name}={getattr(parameters, name)}" for name in suffixed)
            runs[parameters.name + suffix] = parameters
        return runs


def load_profile(name: str) -> Profile:
    """Read a profile; its entries are those of :class:`Profile`, the last three may be left out.

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
    if not isinstance(content, dict) or not (
        set(_ENTRIES) <= set(content) <= {*_ENTRIES, *_OPTIONAL}
    ):
        found = sorted(content) if isinstance(content, dict) else content
        raise ValueError(
            f"{file} must have {sorted(_ENTRIES)} and may have {sorted(_OPTIONAL)}, got {found}"
        )
    for entry, kind in (_ENTRIES | _OPTIONAL).items():
        if entry in content and type(content[entry]) is not kind:
            raise ValueError(f"{file}: {entry} must be {kind.__name__}, got {content[entry]!r}")
    for benchmark in content["benchmarks"]:
        if benchmark not in (known := [*BENCHMARKS, *STREAMED_BENCHMARKS, *TRANSLATION_BENCHMARKS]):
            raise ValueError(f"{file}: no benchmark {benchmark!r}; there is {', '.join(known)}")
    training = {
        parameter: value if isinstance(value, list) else [value]
        for parameter, value in content["training"].items()
    }
    _check_training(file, training)
    named = {"training": training, "benchmarks": tuple(content["benchmarks"])}
    return Profile(name, **content | named)


def _single(values: Sequence[Any]) -> list[Any]:
    """Every value, also those that are given a sampler."""
    parts = (list(v.values()) if isinstance(v, Mapping) else [v] for v in values)
    return [value for part in parts for value in part]


def _check_training(file: Path, training: Mapping[str, Sequence[Any]]) -> None:
    defaults = {field.name: field.default for field in fields(TrainingParameters)}
    for name, values in training.items():
        if name not in defaults:
            raise ValueError(f"{file}: training has no {name!r}; there is {', '.join(defaults)}")
        kind = type(defaults[name])
        for value in _single(values):
            if not (type(value) is kind or (kind is float and type(value) is int)):
                raise ValueError(f"{file}: training.{name} must be {kind.__name__}, got {value!r}")
        if not values:
            raise ValueError(f"{file}: training.{name} has no value")
        for by_sampler in filter(lambda value: isinstance(value, Mapping), values):
            if lacking := set(training.get("sampler", [])) - set(by_sampler):
                raise ValueError(f"{file}: training.{name} has no value for {sorted(lacking)}")
    for corpus in [*training.get("corpus", []), *training.get("validation_corpus", [])]:
        if corpus and corpus not in CORPORA:
            raise ValueError(f"{file}: no corpus {corpus!r}; there is {', '.join(CORPORA)}")
    for sampler in training.get("sampler", []):
        if sampler not in SAMPLERS:
            raise ValueError(f"{file}: no sampler {sampler!r}; there is {', '.join(SAMPLERS)}")
    for alpha in training.get("alpha", []):
        if not 0 <= alpha <= 1:
            raise ValueError(f"{file}: alpha must be in [0, 1], got {alpha}")
