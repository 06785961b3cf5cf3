"""The command line: ``hybridlib train``, ``evaluate`` and ``runs``, ``remedy`` and ``remedies``."""

import click

from hybridlib.checks import check
from hybridlib.data import registry
from hybridlib.experiments import remedied_runs, run
from hybridlib.experiments.profile import Profile, check_run, load_profile
from hybridlib.store.runs import Store
from hybridlib.training.parameters import ALIGNED, TrainingParameters

_PROFILE = click.argument("profile")
_RUN = click.argument("name", metavar="RUN")


class _Sentences(click.Group):
    """Commands whose errors are one sentence."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except (ValueError, OSError) as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Sentences)
def main() -> None:
    """Train and evaluate the runs of a profile; what the store has is not computed again.

    PROFILE is a file of profiles/, without .yaml; RUN is a sampler and a seed, as in
    hybrid-0.5-seed0, or untrained. Alone or under torchrun.
    """


@main.command()
@_PROFILE
@_RUN
def train(profile: str, name: str) -> None:
    """Train a run's encoder, or the aligned start of all runs where RUN is aligned."""
    run.train(_parameters(load_profile(profile), name), Store(), profile, name)


@main.command()
@_PROFILE
@_RUN
@click.argument("benchmarks", nargs=-1)
def evaluate(profile: str, name: str, benchmarks: tuple[str, ...]) -> None:
    """Evaluate a run's encoder on BENCHMARKS, by default all of the profile."""
    content = load_profile(profile)
    parameters = _parameters(content, name)
    check_run(parameters, benchmarks or content.benchmarks)
    for benchmark in benchmarks or content.benchmarks:
        run.evaluate(parameters, benchmark, Store(), profile, name)


@main.command()
@_PROFILE
def runs(profile: str) -> None:
    """List a profile's runs."""
    for name in load_profile(profile).runs():
        click.echo(name)


@main.command()
@_PROFILE
@_RUN
@click.argument("benchmarks", nargs=-1, required=True)
@click.option("--share", type=float, help="In [0, 1]; by default the hold-out chooses it.")
def remedy(profile: str, name: str, benchmarks: tuple[str, ...], share: float | None) -> None:
    """Evaluate a remedied run, RUN being one of `hybridlib remedies`, on BENCHMARKS."""
    content = load_profile(profile)
    for benchmark in benchmarks:
        check("benchmark", benchmark, str, registry.BENCHMARKS)
    for benchmark in benchmarks:
        remedied_runs.evaluate(content, name, benchmark, Store(), share)


@main.command()
@_PROFILE
def remedies(profile: str) -> None:
    """List the remedies of a profile's runs."""
    for name in remedied_runs.remedied_runs(load_profile(profile)):
        click.echo(name)


def _parameters(profile: Profile, name: str) -> TrainingParameters:
    known = profile.runs()
    if name == ALIGNED:
        return next(iter(known.values()))
    check("run", name, str, known)
    return known[name]


if __name__ == "__main__":
    main()
