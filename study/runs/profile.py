"""What a run depends on, and which runs make up a profile: ``profiles/{name}.yaml``."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, field, fields, replace
from itertools import product
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BeforeValidator, Field
from pydantic.dataclasses import dataclass

from hybridlib.checks import Range, check
from hybridlib.models.names import check_name
from hybridlib.training.parameters import UNTRAINED, TrainingParameters
from hybridlib.training.sampling import SAMPLERS
from study import strict_yaml
from study.data import registry
from study.store import runs as store

PROFILES = Path("profiles")
MOST_RUNS = 10_000
_Values = Annotated[
    list[Any],
    BeforeValidator(lambda value: value if isinstance(value, list) else [value]),
    Field(min_length=1),
]


@dataclass(frozen=True)
class Profile:
    """The runs of a profile: every combination of its training's values, and the untrained start.

    ``training`` has values of :class:`TrainingParameters` by name; a mapping has one a sampler, or
    several. There are as many runs again with the values of ``further`` in place of its own. Every
    run is evaluated on ``benchmarks``. The book shows beside them the numbers of ``paper_model``,
    ``XLM-R`` or ``LaBSE``.
    """

    name: str
    title: str
    training: dict[str, _Values]
    benchmarks: Annotated[tuple[str, ...], Field(min_length=1)]
    paper_model: Literal["", "XLM-R", "LaBSE"] = ""
    further: dict[str, _Values] = field(default_factory=dict)

    def runs(self) -> dict[str, TrainingParameters]:
        """Parameters of every run by its name, the untrained start first.

        Two different runs of one name are an error, as are more than ``MOST_RUNS``.
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
        more = [self.training | self.further] if self.further else []
        for training in (self.training, *more):
            for values in product(*training.values()):
                chosen = dict(zip(training, values, strict=True))
                sampler = chosen.get("sampler", TrainingParameters.sampler)
                own = [_of_sampler(name, value, sampler) for name, value in chosen.items()]
                for one in product(*own):
                    yield dict(zip(chosen, one, strict=True))


def _check_same(name: str, one: TrainingParameters, other: TrainingParameters) -> None:
    values = asdict(other)
    unlike = [f"{k} {v} and {values[k]}" for k, v in asdict(one).items() if v != values[k]]
    if unlike:
        raise ValueError(
            f"two runs would be called {name}, with {', '.join(unlike)}. Way out: two profiles"
        )


def _of_sampler(name: str, value: Any, sampler: str) -> Sequence[Any]:
    """A parameter's values; where they are given a sampler, this one's must be among them."""
    if not isinstance(value, Mapping):
        return [value]
    if name == "alpha" and sampler in SAMPLERS and not SAMPLERS[sampler].takes_alpha:
        return [TrainingParameters.alpha]
    check(name, sampler, str, value)
    return value[sampler] if isinstance(value[sampler], list) else [value[sampler]]


def load_profile(name: str) -> Profile:
    """Read a profile; its entries are those of :class:`Profile`.

    If there is none of this name, or an entry or run is not right, the error says so with the file.
    """
    file = PROFILES / f"{name}.yaml"
    if not PROFILES.is_dir():
        raise ValueError(
            f"profile {name!r} was looked for in {PROFILES.absolute()}, which is no folder. Way "
            "out: go to the checkout, where profiles, results and build are"
        )
    known = sorted(other.stem for other in PROFILES.glob("*.yaml") if other.is_file())
    check("profile", name, str, known)
    try:
        profile = _read(name, strict_yaml.load(file))
        for run_name, parameters in profile.runs().items():
            store.check_name("the run's name", run_name)
            check_run(parameters, profile.benchmarks)
    except (ValueError, FileNotFoundError) as error:
        raise ValueError(f"{file}: {error}") from error
    return profile


def _read(name: str, content: Any) -> Profile:
    check("a profile", content, dict)
    entries = [field.name for field in fields(Profile) if field.name != "name"]
    for entry in content:
        check("entry", str(entry), str, entries)
    profile = strict_yaml.checked(Profile, content | {"name": name})
    known = [field.name for field in fields(TrainingParameters)]
    for parameter in (*profile.training, *profile.further):
        check("parameter", parameter, str, known)
    return profile


def check_run(parameters: TrainingParameters, benchmarks: Iterable[str]) -> None:
    """Refuse a run that names what there is not, before anything is loaded for it."""
    check_name(parameters.backbone)
    for benchmark in benchmarks:
        check("benchmark", benchmark, str, registry.EVERY_BENCHMARK)
    for corpus in filter(None, (parameters.corpus, parameters.validation_corpus)):
        check("corpus", corpus, str, registry.CORPORA)


class Asked(NamedTuple):
    """What is asked of a workflow: every run of a profile, on one benchmark if one is named."""

    profile: Profile
    benchmark: str | None
    processes: int


def checked_config(config: Mapping[str, Any]) -> Asked:
    """Check what stands behind ``snakemake --config``: profile, benchmark, processes."""
    for name in config:
        check("--config", name, str, Asked._fields)
    benchmark, num_processes = config.get("benchmark"), config.get("processes", 1)
    check("processes", num_processes, int, Range(1))
    loaded = load_profile(config.get("profile", "quick"))
    if benchmark is not None:
        check("benchmark", benchmark, str, loaded.benchmarks)
    return Asked(loaded, benchmark, num_processes)
