"""The command line: ``hybridlib audit``."""

from pathlib import Path
from typing import Any

import click

from hybridlib.checks import Sentences
from hybridlib.data import lareqa
from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.data.parallel import ParallelPairs
from hybridlib.evaluation import audit as page
from hybridlib.models.backbones import load_encoder


@click.group(cls=Sentences)
def main() -> None:
    """Retrieval in one language, across two, and over all of them at once."""


@main.command()
@click.argument("model")
@click.option(
    "--benchmark",
    "benchmarks",
    multiple=True,
    type=click.Choice(list(lareqa.CHECKSUMS)),
    help="To measure on; may be given twice. By default both, unless there are pairs.",
)
@click.option(
    "--pairs",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A CSV of your own to measure on: corpus, pair, language, query, passage.",
)
@click.option("--output", type=click.Path(path_type=Path), help="By default audit-MODEL.")
@click.option("--query-prefix", help="Before each query. By default the model's own.")
@click.option("--passage-prefix", help="Before each passage. By default the model's own.")
def audit(
    model: str, benchmarks: tuple[str, ...], pairs: Path | None, output: Path | None, **given: Any
) -> None:
    """Measure MODEL in the three settings, with its language bias, and write one page on it.

    MODEL is a folder, owner/name on the hub, or multilingual-e5-small. XQuAD-R and MLQA-R come from
    the network, or from the folder in HYBRIDLIB_MIRROR; on two cores a small model takes minutes.
    """
    name = Path(model).resolve().name
    found: dict[str, RetrievalBenchmark] = {}
    if pairs is not None:
        found[pairs.name] = RetrievalBenchmark.from_pairs(pairs.name, ParallelPairs.from_csv(pairs))
    for benchmark in benchmarks or (() if pairs else lareqa.CHECKSUMS):
        found[benchmark] = lareqa.load(benchmark)
    settings = {key: value for key, value in given.items() if value is not None}
    folder = output or Path(f"audit-{name}")
    table = page.audit(load_encoder(model, **settings), name, found, folder)
    click.echo(f"{page.written(table).to_string()}\n{folder / page.PAGE}")


if __name__ == "__main__":
    main()
