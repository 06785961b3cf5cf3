"""Run every benchmark in a process of its own, one at a time, and print its ratios."""

import argparse
import subprocess
import sys

from speed import encoding, groups, ranking, training_step
from study.store.provenance import hardware

BENCHMARKS = {
    "encoding": encoding.main,
    "training": training_step.main,
    "ranking": ranking.main,
    "groups": lambda _: groups.main(),
}


def main() -> None:
    """Run the one benchmark that is named, or start a process for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", nargs="?", choices=BENCHMARKS)
    parser.add_argument("--pairs", type=int, default=3, help="counted runs of each side")
    arguments = parser.parse_args()
    if arguments.name:
        BENCHMARKS[arguments.name](arguments.pairs)
        return
    print(f"on {hardware()}, pairs of runs A B A B", flush=True)
    for name in BENCHMARKS:
        command = [sys.executable, "-m", "speed", name, "--pairs", str(arguments.pairs)]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
