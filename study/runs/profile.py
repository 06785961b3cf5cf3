"""What a run depends on, and which runs make up a profile: ``profiles/{name}.yaml``."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from hybridlib.checks import Range, check, unknown
from hybridlib.models.names import check_name
from hybridlib.training.parameters import UNTRAINED, TrainingParameters
from hybridlib.training.sampling import SAMPLERS
from study import strict_yaml
from study.data import registry
from study.store import names

PROFILES = Path("profiles")
MOST_RUNS = 10_000
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
_ALLOWED = {"paper_model": ("XLM-R", "LaBSE")}


@dataclass(frozen=True)
class Profile:
    """The runs of a profile: every combination of its training's values, and the untrained start.

    Parameters
    ----------
    name, title
        Of the profile.
    training
        Values of :class:`TrainingParameters` by name; a mapping has one a sampler, or several.
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
        """Parameters of every run by its name, the untrained start first.

        Raises
        ------
        ValueError
            If two different runs have one name, or there are more than ``MOST_RUNS``.
        """
        varied = [name for name, values in self.training.items() if len(values) > 1]
        suffixed = [name for name in varied if name not in ("sampler", "alpha", "seed")]
        runs: dict[str, TrainingParameters] = {}
        for number, chosen in enumerate(self._combinations()):
            if number == MOST_RUNS:
                raise ValueError(f"training has more than {MOST_RUNS:,} combinations of its values")
            parameters = TrainingParameters(**chosen)
            start = runs.setdefault(UNTRAINED, replace(parameters, num_steps=0))
            _check_same(UNTRAINED, start, replace(start, backbone=parameters.backbone))
            suffix = "".join(f"-{name}={getattr(parameters, name)}" for name in suffixed)
            run_name = parameters.name + suffix
            _check_same(run_name, runs.setdefault(run_name, parameters), parameters)
        return runs

    def _combinations(self) -> Iterator[dict[str, Any]]:
        for values in product(*self.training.values()):
            chosen = dict(zip(self.training, values, strict=True))
            sampler = chosen.get("sampler", TrainingParameters.sampler)
            own = [_of_sampler(name, value, sampler) for name, value in chosen.items()]
            for one in product(*own):
                yield dict(zip(chosen, one, strict=True))


def _check_same(name: str, one: TrainingParameters, other: TrainingParameters) -> None:
    values = asdict(other)
    unlike = [
        f"{key} {value} and {values[key]}"
        for key, value in asdict(one).items()
        if value != values[key]
    ]
    if unlike:
        raise ValueError(
            f"two runs would be called {name}, with {', '.join(unlike)}. Way out: two profiles"
        )


def load_profile(name: str) -> Profile:
    """Read a profile; its entries are those of :class:`Profile`, the last three may be left out.

    Raises
    ------
    ValueError
        If there is none of this name, or it has an unknown, missing or ill-typed entry, or a run
        that :func:`check_run` refuses. The message names the file.
    """
    names.check_name("profile", name)
    file = PROFILES / f"{name}.yaml"
    if not PROFILES.is_dir():
        raise ValueError(
            f"profile {name!r} was looked for in {PROFILES.absolute()}, which is no folder. Way "
            "out: go to the checkout, where profiles, results and build are"
        )
    if not file.is_file():
        known = sorted(other.stem for other in PROFILES.glob("*.yaml") if other.is_file())
        raise ValueError(unknown("profile", name, known))
    try:
        profile = _read(name, strict_yaml.load(file))
        for run_name, parameters in profile.runs().items():
            names.check_name("the run's name", run_name)
            check_run(parameters, profile.benchmarks)
    except (ValueError, FileNotFoundError) as error:
        raise ValueError(f"{file}: {error}") from error
    return profile


def _read(name: str, content: Any) -> Profile:
    if not isinstance(content, dict) or not (
        set(_ENTRIES) <= set(content) <= {*_ENTRIES, *_OPTIONAL}
    ):
        found = sorted(map(str, content)) if isinstance(content, dict) else content
        raise ValueError(
            f"a profile must have {sorted(_ENTRIES)} and may have {sorted(_OPTIONAL)}, got {found}"
        )
    for entry, value in content.items():
        check(entry, value, (_ENTRIES | _OPTIONAL)[entry], _ALLOWED.get(entry))
    training = {
        parameter: value if isinstance(value, list) else [value]
        for parameter, value in content["training"].items()
    }
    known = [field.name for field in fields(TrainingParameters)]
    for parameter, values in training.items():
        if parameter not in known:
            raise ValueError(unknown("parameter", str(parameter), known))
        if not values:
            raise ValueError(f"{parameter} must have at least one value, got []")
    read = {"training": training, "benchmarks": tuple(content["benchmarks"])}
    return Profile(name, **content | read)


def _of_sampler(name: str, value: Any, sampler: str) -> Sequence[Any]:
    """A parameter's values; where they are given a sampler, this one's must be among them."""
    if not isinstance(value, Mapping):
        return [value]
    if name == "alpha" and sampler in SAMPLERS and not SAMPLERS[sampler].takes_alpha:
        return [TrainingParameters.alpha]
    check(name, sampler, str, value)
    return value[sampler] if isinstance(value[sampler], list) else [value[sampler]]


def check_run(parameters: TrainingParameters, benchmarks: Iterable[str]) -> None:
    """Refuse a run that names what there is not, before anything is loaded for it.

    Raises
    ------
    ValueError
        If a corpus or a benchmark is unknown, or there is no benchmark.
    FileNotFoundError
        If the backbone is unknown.
    """
    check_name(parameters.backbone)
    corpora = (parameters.corpus, parameters.validation_corpus)
    asked = list(benchmarks)
    if not asked:
        raise ValueError("benchmarks must name at least one, got []")
    for benchmark in asked:
        check("benchmark", benchmark, str, registry.EVERY_BENCHMARK)
    for corpus in filter(None, corpora):
        check("corpus", corpus, str, registry.CORPORA)


class Asked(NamedTuple):
    """What is asked of a workflow: every run of a profile, on one benchmark if one is named."""

    profile: Profile
    benchmark: str | None
    processes: int


def checked_config(config: Mapping[str, Any]) -> Asked:
    """Check what stands behind ``snakemake --config``: ``profile``, ``benchmark``, ``processes``.

    Raises
    ------
    ValueError
        If a name is unknown, the profile has no such benchmark, or ``processes`` is no number of
        processes.
    """
    values: dict[str, Any] = {"profile": "quick", "benchmark": None, "processes": 1}
    for name in config:
        if name not in values:
            raise ValueError(unknown("--config", name, values))
    values |= config
    check("processes", values["processes"], int, Range(1))
    check("profile", values["profile"], str)
    profile = load_profile(values["profile"])
    if values["benchmark"] is not None:
        check("benchmark", values["benchmark"], str, profile.benchmarks)
    return Asked(profile, values["benchmark"], values["processes"])
