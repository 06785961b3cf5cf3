"""The command line of the study: ``python -m study``."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import click

from hybridlib.checks import Range, Sentences, check
from hybridlib.evaluation.three_settings import summarize
from hybridlib.processes import processes
from hybridlib.training.parameters import ALLOWED, TrainingParameters
from study.analysis.expected_power import expected_power
from study.data.registry import BENCHMARKS, DEVELOPMENT_SENTENCES
from study.runs import remedied_runs, run
from study.runs.profile import PROFILES, check_run, load_profile
from study.store.runs import Store

SCRATCH = "scratch"
USUAL = "quick", "hybrid-0.5-seed0"  # as notebooks/train.py


@click.group(cls=Sentences)
def main() -> None:
    """Train and evaluate the runs of a profile; what the store has is not computed again.

    PROFILE is a file of profiles/, without .yaml; RUN is a sampler and a seed, as in
    hybrid-0.5-seed0, or untrained. Alone or under torchrun.
    """


def _of_a_run(command: Callable[..., None]) -> Callable[..., None]:
    """Ask for a run, with an option for each of its parameters."""
    is_there = (PROFILES / f"{USUAL[0]}.yaml").is_file()
    usual = load_profile(USUAL[0]).runs()[USUAL[1]] if is_there else TrainingParameters()
    for one in reversed(fields(TrainingParameters)):
        flag, allowed = one.name.replace("_", "-"), ALLOWED.get(one.name)
        flags = f"--{flag}/--no-{flag}" if type(one.default) is bool else f"--{flag}"
        words = [
            one.metadata.get("unit", ""),
            str(allowed) if isinstance(allowed, Range) else ", ".join(allowed or ()),
            f"default {getattr(usual, one.name)!r}",
        ]
        described, kind = "; ".join(filter(None, words)), type(one.default)
        command = click.option(flags, one.name, type=kind, default=None, help=described)(command)
    kept = f"Of a run in results/{SCRATCH}; by default its sampler and seed."
    command = click.option("--name", default="", help=kept)(command)
    command = click.argument("run_name", metavar="[RUN]", required=False)(command)
    return click.argument("profile", required=False)(command)


@main.command()
@_of_a_run
def train(**words: Any) -> None:
    """Train a run's encoder.

    Without PROFILE and RUN that is the run of notebooks/train.py, whose values are the defaults
    below. With an option the run is kept under results/scratch.
    """
    _, parameters, *place = _chosen(**words)
    run.train(parameters, Store(), *place)


@main.command()
@_of_a_run
@click.argument("benchmarks", nargs=-1)
def evaluate(**words: Any) -> None:
    """Evaluate a run's encoder on BENCHMARKS, by default all of the profile.

    Prints the means by setting, where a benchmark has settings. The other words are those of the
    training; `hybridlib audit` takes any encoder.
    """
    benchmarks, parameters, *place = _chosen(**words)
    for benchmark in benchmarks:
        scores = run.evaluate(parameters, benchmark, Store(), *place).scores
        if processes().is_main_process and "setting" in scores:
            click.echo(f"{benchmark}\n{summarize(scores).to_string(index=False)}")


@main.command()
@click.argument("profile")
def runs(profile: str) -> None:
    """List a profile's runs."""
    for name in load_profile(profile).runs():
        click.echo(name)


@main.command()
@click.argument("profile")
@click.argument("name", metavar="RUN")
@click.argument("benchmarks", nargs=-1)
@click.option(
    "--corpus",
    default=DEVELOPMENT_SENTENCES,
    show_default=True,
    help="On whose texts the remedy is estimated.",
)
def remedy(profile: str, name: str, benchmarks: tuple[str, ...], corpus: str) -> None:
    """Evaluate a remedied run, RUN being one of `python -m study remedies`, on BENCHMARKS.

    What the remedy leaves to choose is chosen on development articles, over all seeds together.
    Without BENCHMARKS, the run's scores there are computed and nothing is chosen.
    """
    content = load_profile(profile)
    for benchmark in benchmarks:
        check("benchmark", benchmark, str, BENCHMARKS)
    if not benchmarks:
        remedied_runs.sweep(content, name, Store(), corpus)
    for benchmark in benchmarks:
        remedied_runs.evaluate(content, name, benchmark, Store(), corpus)


@main.command()
@click.argument("profile")
def remedies(profile: str) -> None:
    """List the remedies of a profile's runs."""
    for name in remedied_runs.remedied_runs(load_profile(profile)):
        click.echo(name)


@main.command()
@click.argument("profile")
@click.argument("grid")
def power(profile: str, grid: str) -> None:
    """Reckon how likely each claim is to replicate from PROFILE, by the runs of GRID."""
    found = expected_power(load_profile(profile), load_profile(grid), Store())
    click.echo(found.scores.to_string(index=False))


def _chosen(
    profile: str | None,
    run_name: str | None,
    name: str,
    benchmarks: tuple[str, ...] = (),
    **changes: Any,
) -> tuple[tuple[str, ...], TrainingParameters, str, str]:
    """The benchmarks, a run's parameters, and in which profile, as what it is kept."""
    if profile is None:
        profile, run_name = USUAL
    if run_name is None:
        raise click.UsageError(
            f"{profile} needs a RUN; `python -m study runs {profile}` lists them"
        )
    content = load_profile(profile)
    known = content.runs()
    check("run", run_name, str, known)
    given = {key: value for key, value in changes.items() if value is not None}
    parameters, benchmarks = replace(known[run_name], **given), benchmarks or content.benchmarks
    check_run(parameters, benchmarks)
    if given or name:
        profile, run_name = SCRATCH, name or parameters.name
    return benchmarks, parameters, profile, run_name


if __name__ == "__main__":
    main()
