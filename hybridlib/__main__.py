"""The command line: ``hybridlib train``, ``evaluate``, ``runs``, ``audit``."""

from typing import Any

import click

from hybridlib.checks import check
from hybridlib.data.registry import BENCHMARKS
from hybridlib.experiments import run
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
@click.argument("model")
@click.option(
    "--benchmark",
    "benchmarks",
    multiple=True,
    type=click.Choice(list(BENCHMARKS)),
    help="To measure on; may be given several times. By default XQuAD-R and MLQA-R, where they "
    "are at hand, and cldr, which is part of the package.",
)
@click.option(
    "--compare-with",
    multiple=True,
    metavar="PROFILE",
    help="Whose runs stand beside; may be given several times. By default the published ones.",
)
@click.option("--name", default="", help="Of the results. By default the last part of MODEL.")
@click.option("--query-prefix", help="Before each query. By default the model's own.")
@click.option("--passage-prefix", help="Before each passage. By default the model's own.")
def audit(model: str, **options: Any) -> None:
    """Measure MODEL in the three settings, with its language bias, and write one page on it.

    MODEL is a folder, owner/name on the hub, or one of the README's backbones. Results lie in
    results/scratch/BENCHMARK/NAME: a second call loads them. The page is results/scratch/NAME.html,
    NAME.csv beside it has every number. On two cores, XQuAD-R takes a small model minutes.
    """
    from hybridlib.report.audit import audit as write  # draws: others do without

    given = {name: value for name, value in options.items() if value is not None}
    click.echo(write(model, Store(), **given))


def _parameters(profile: Profile, name: str) -> TrainingParameters:
    known = profile.runs()
    if name == ALIGNED:
        return next(iter(known.values()))
    check("run", name, str, known)
    return known[name]


if __name__ == "__main__":
    main()
