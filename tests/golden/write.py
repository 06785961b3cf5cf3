"""Write what the version in force of a computation lacks; what is there stays as it is."""

import argparse
import sys
import tempfile
from pathlib import Path

from study.store.key import VERSIONS
from tests.golden import golden
from tests.golden.computations import COMPUTATIONS


def main(computation: str, folder: Path = golden.FOLDER) -> list[Path]:
    """Write the cases that the version lacks, if there are some; return the new files."""
    known = golden.stored(computation, folder)
    outputs = {}
    for name, case in COMPUTATIONS[computation]().items():
        if name not in known:
            with tempfile.TemporaryDirectory() as scratch:
                outputs[name] = case.compute(Path(scratch))
    if not outputs:
        raise FileExistsError(
            f"version {VERSIONS[computation]} of {computation} is written. If it gives another "
            f"result now and was meant to, raise VERSIONS[{computation!r}] in "
            "study/store/key.py first"
        )
    parts = [{name: output} for name, output in outputs.items()] if known else [outputs]
    return [golden.write(computation, part, folder) for part in parts]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=sorted(COMPUTATIONS))
    try:
        for file in main(parser.parse_args().name):
            print(file)
    except FileExistsError as error:
        sys.exit(str(error))
