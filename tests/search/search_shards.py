"""A program for tests: one process of a large search, which can kill itself half-way.

search_shards.py FOLDER PROCESS NUM_PROCESSES [SHARDS]

kills itself in the midst of the shard behind the first SHARDS ones.
"""

import os
import signal
import sys
from pathlib import Path

import numpy as np

from hybridlib.search import large_search
from hybridlib.search.large_search import LargeSearch


def main() -> None:
    folder, process, num_processes = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    calls = []

    def killing(*arguments):
        found = search(*arguments)
        calls.append(arguments)
        if len(sys.argv) > 4 and len(calls) > int(sys.argv[4]):
            os.kill(os.getpid(), signal.SIGKILL)
        return found

    search, large_search.search_shard = large_search.search_shard, killing
    files = sorted(folder.glob("*.npy"))
    queries = np.load(folder / "queries" / "queries.npy")
    print(LargeSearch(queries, files, folder / "results", 7).search(process, num_processes))


if __name__ == "__main__":
    main()
