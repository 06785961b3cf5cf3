"""Do one run of a profile, alone or under torchrun: ``python -m hybridlib PROFILE RUN``."""

import argparse

from hybridlib.checks import check
from hybridlib.experiments.profile import check_run, load_profile
from hybridlib.experiments.run import run_trained


def main() -> None:
    """Train and evaluate the run; what is in the store is not computed again."""
    parser = argparse.ArgumentParser(prog="python -m hybridlib", description=__doc__)
    parser.add_argument("profile", help="a file of profiles/, without .yaml")
    parser.add_argument("run", help="sampler and seed, as in hybrid-0.5-seed0, or untrained")
    parser.add_argument("benchmarks", nargs="*", help="by default all of the profile")
    arguments = parser.parse_args()
    try:
        profile = load_profile(arguments.profile)
        runs, benchmarks = profile.runs(), arguments.benchmarks or profile.benchmarks
        check("run", arguments.run, str, runs)
        check_run(runs[arguments.run], benchmarks)
    except ValueError as error:
        parser.error(str(error))
    run_trained(runs[arguments.run], benchmarks, profile.name, arguments.run)


if __name__ == "__main__":
    main()
