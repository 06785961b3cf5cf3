"""How tables and figures name, order and colour runs: by their sampler."""

from collections.abc import Iterable

from hybridlib.training.parameters import UNTRAINED
from hybridlib.training.sampling import SAMPLERS

_COLORS = {  # Okabe and Ito's palette, safe for colour-blind readers; its blue lighter, on dark
    UNTRAINED: "#7f7f7f",
    "X-X": "#d55e00",
    "X-Y": "#1f83c4",
    "Hybrid": "#009e73",
    "Hybrid by example": "#cc79a7",
    "Hybrid by example, α = 1": "#e69f00",
}


def labels() -> dict[str, str]:
    """Label of each sampler by its name, in the order of tables, the untrained start first."""
    return {UNTRAINED: UNTRAINED} | {name: sampler.label for name, sampler in SAMPLERS.items()}


def sampler_and_alpha(name: str) -> tuple[str, str]:
    """Sampler of a run by its name, and its alpha if it has one; of another name the name itself.

    Examples
    --------
    >>> sampler_and_alpha("hybrid-0.5-seed0"), sampler_and_alpha("x-x-seed1-num_steps=50")
    (('hybrid', '0.5'), ('x-x', ''))
    """
    start = name.partition("-seed")[0]
    if start in labels():
        return start, ""
    sampler, _, alpha = start.rpartition("-")
    if sampler in SAMPLERS and SAMPLERS[sampler].takes_alpha:
        return sampler, alpha
    return name, ""


def by_first_alpha(names: Iterable[str]) -> dict[str, str]:
    """Sampler of each run; of runs of a sampler with several alphas those with the first alone."""
    alphas: dict[str, str] = {}
    found = {name: sampler_and_alpha(name) for name in names}
    return {
        name: sampler
        for name, (sampler, alpha) in found.items()
        if alphas.setdefault(sampler, alpha) == alpha
    }


def label(name: str) -> str:
    """Name of a run's sampler in a table; a run of another name is its own label.

    Examples
    --------
    >>> label("x-y-seed0"), label("hybrid-0.5-seed0"), label("mine")
    ('X-Y', 'Hybrid, α = 0.5', 'mine')
    """
    sampler, alpha = sampler_and_alpha(name)
    known = labels().get(sampler, name)
    return f"{known}, α = {alpha}" if alpha else known


def of_sampler(name: str, alpha: float = 0.5) -> str:
    """Label of a sampler's runs by its name; of one that takes it with alpha, the paper's choice.

    Examples
    --------
    >>> of_sampler("x-y"), of_sampler("hybrid"), of_sampler("untrained")
    ('X-Y', 'Hybrid, α = 0.5', 'untrained')
    """
    takes_alpha = name in SAMPLERS and SAMPLERS[name].takes_alpha
    return label(f"{name}-{alpha:g}-seed0" if takes_alpha else f"{name}-seed0")


def short(label: str) -> str:
    """A label without its alpha, where that is the paper's choice.

    Examples
    --------
    >>> short("Hybrid, α = 0.5"), short("Hybrid by example, α = 1"), short("X-X")
    ('Hybrid', 'Hybrid by example, α = 1', 'X-X')
    """
    return label.removesuffix(", α = 0.5")


def is_trained(label: str) -> bool:
    """Whether runs of a label are trainings of a sampler, and not an encoder as it is."""
    return label.partition(",")[0] in {sampler.label for sampler in SAMPLERS.values()}


def order(name: str) -> tuple[int, str]:
    """Place of a run in a table: the untrained start, the samplers in their order, then others."""
    sampler, _ = sampler_and_alpha(name)
    known = list(labels())
    return (known.index(sampler) if sampler in known else len(known)), name


def color(label: str) -> str:
    """Colour of a sampler by its label."""
    return _COLORS.get(label) or _COLORS.get(label.partition(",")[0], "#333333")


def baselines_with_runs(sampler: str, baselines: str, present: Iterable[str]) -> list[str]:
    """Names of baselines joined by commas; a ValueError if one, or the sampler, has no run."""
    there, names = list(dict.fromkeys(present)), baselines.split(",")
    for name in (sampler, *names):
        if name not in there:
            raise ValueError(f"sampler {name!r} has no run here; there is {', '.join(there)}")
    return names
