"""Large search against the bare product and faiss: 500 queries, the best 100 of 10 million.

The vectors lie in a temporary folder, 7.7 GB at full size; ``TMPDIR`` says where.
"""

import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import median

import faiss
import numpy as np
import torch

from hybridlib.search import large_search
from hybridlib.search.block_search import _product
from hybridlib.search.large_search import LargeSearch
from speed.timing import seconds

NUM_QUERIES, DIMENSIONS, K = 500, 384, 100
SHARD, BLOCK = 491_520, 4096
NUM_FAISS = 1_000_000  # float32 vectors that faiss is given at a time: 1.5 GB


def write_vectors(folder: Path, num_vectors: int) -> list[Path]:
    """Random float16 vectors in shards."""
    rng = np.random.default_rng(0)
    files = []
    for start in range(0, num_vectors, SHARD):
        rows = min(SHARD, num_vectors - start)
        files.append(folder / f"{start // SHARD:05d}.npy")
        np.save(files[-1], rng.standard_normal((rows, DIMENSIONS), np.float32).astype(np.float16))
    return files


def queries() -> np.ndarray:
    return np.random.default_rng(1).standard_normal((NUM_QUERIES, DIMENSIONS), np.float32)


def blocks(files: Sequence[Path]) -> Iterator[torch.Tensor]:
    """Each shard as float32 in memory, (vectors, dimensions)."""
    for file in files:
        yield torch.from_numpy(np.load(file).astype(np.float32))


def product_seconds(files: Sequence[Path]) -> dict[str, float]:
    """Seconds of all scores and nothing else by torch.mm, and by oneDNN with packed queries."""
    left = torch.from_numpy(queries())
    multiply = {"torch.mm": lambda block: torch.mm(left, block.T), "oneDNN": _product(left, BLOCK)}
    total = dict.fromkeys(multiply, 0.0)
    for shard in blocks(files):
        parts = shard.split(BLOCK)
        for name, one in multiply.items():
            total[name] += seconds(lambda one=one, parts=parts: [one(block) for block in parts])
    return total


def faiss_seconds(files: Sequence[Path]) -> tuple[float, int]:
    """Seconds of faiss.knn on vectors that are float32 in memory, and how many there were."""
    parts, count = [], 0
    for file in files:
        parts.append(np.load(file)[: NUM_FAISS - count].astype(np.float32))
        count += len(parts[-1])
        if count == NUM_FAISS:
            break
    vectors = np.concatenate(parts)
    work = partial(faiss.knn, queries(), vectors, K, metric=faiss.METRIC_INNER_PRODUCT)
    return seconds(work), count


def ours(files: Sequence[Path], folder: Path) -> LargeSearch:
    """A search of our own with results in a folder."""
    return LargeSearch(queries(), files, folder, K)


def search_in_process(folder: Path, results: str, kill_behind: int) -> None:
    """Search, print seconds and peak memory; with ``kill_behind``, die behind so many shards."""
    search = ours(sorted(folder.glob("*.npy")), folder / results)
    block_wise, done = large_search.search_block_wise, []

    def dying(*arguments) -> None:
        block_wise(*arguments)
        done.append(arguments)
        if len(done) > kill_behind:
            os.kill(os.getpid(), signal.SIGKILL)

    if kill_behind:
        large_search.search_block_wise = dying
    spent = seconds(search.search)
    print(spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)


def start(folder: Path, results: str, kill_behind: int = 0) -> subprocess.CompletedProcess[str]:
    """Search in a process of its own, whose peak memory is that of the search alone."""
    program = "import sys; from pathlib import Path; from speed import large_search as b; "
    program += "b.search_in_process(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))"
    command = [sys.executable, "-c", program, str(folder), results, str(kill_behind)]
    return subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)


def main(num_pairs: int, num_vectors: int = 10_000_000) -> None:
    """Print ratios to the bare product and to faiss, peak memory, and what a kill costs."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = write_vectors(folder, num_vectors)
        title = f"large search in {num_vectors:,} vectors"
        rounds, shares, ratios = [], [], []
        for number in range(num_pairs):
            spent, memory = map(float, start(folder, f"round{number}").stdout.split())
            faiss_spent, count = faiss_seconds(files)
            bare = product_seconds(files)
            library = min(bare, key=bare.__getitem__)
            shares.append(100 * bare[library] / spent)
            ratios.append(faiss_spent * num_vectors / count / spent)
            rounds.append((spent, memory))
        spent, memory = (median(column) for column in zip(*rounds, strict=True))
        part = "" if count == num_vectors else f" (from {count:,} vectors: memory)"
        print(
            f"{title}: {spent:.1f} s, {median(shares):.0f} % of the fastest float32 product's "
            f"speed, which is that of {library} (rounds {min(shares):.0f} to {max(shares):.0f} %), "
            f"{median(ratios):.2f} times as fast as faiss.knn{part} (rounds {min(ratios):.2f} to "
            f"{max(ratios):.2f}), at most {memory:.2f} GiB in the process"
        )
        print_resumption(folder, files)


def print_resumption(folder: Path, files: Sequence[Path]) -> None:
    """Kill a search half-way, let it go on, and compare with one that was left alone."""
    killed = start(folder, "killed", kill_behind=max(1, len(files) // 2))
    search = ours(files, folder / "killed")
    before = [number for number in range(len(files)) if search.result_file(number).is_file()]
    after = search.search()
    is_equal = np.array_equal(
        search.merged()[0].positions, ours(files, folder / "round0").merged()[0].positions
    )
    print(
        f"large search, killed (exit status {killed.returncode}): {len(before)} of {len(files)} "
        f"shards had a result, {len(after)} were searched afterwards, "
        f"{len(set(before) & set(after))} twice; result {'equal' if is_equal else 'DIFFERENT'}"
    )
