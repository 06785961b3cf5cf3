"""Run every benchmark in turn and print its ratios."""

import argparse

from benchmarks import encoding, ranking, training_step

BENCHMARKS = {"encoding": encoding.main, "training": training_step.main, "ranking": ranking.main}


def main() -> None:
    """Parse the names of the benchmarks and run them, one at a time in one process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}")
    parser.add_argument("--pairs", type=int, default=3, help="counted runs of each side")
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.names) - set(BENCHMARKS))
    if unknown:
        parser.error(f"no benchmark {unknown[0]!r}; there is {', '.join(BENCHMARKS)}")
    for name in arguments.names or BENCHMARKS:
        BENCHMARKS[name](arguments.pairs)


if __name__ == "__main__":
    main()
