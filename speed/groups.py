"""Opening a large corpus: its pairs, its groups, and a batch of each sampler from it.

The table lies in a temporary folder, 3.1 GB at full size; ``TMPDIR`` says where.
"""

import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import psutil
import pyarrow as pa
import pyarrow.compute as pc

from hybridlib.data.pair_checks import COLUMNS, NEGATIVE, QUERY_ID
from hybridlib.data.parallel import ParallelPairs
from hybridlib.training.sampling import SAMPLERS, make_batches
from speed.timing import seconds

LANGUAGES = ("ar", "de", "el", "en", "es", "fr", "hi", "it", "ja", "ru", "th", "tr", "vi", "zh")
BATCH_SIZE, NUM_BATCHES = 100, 20
PASSAGE_CHARACTERS = 160
QUERIES_A_PAIR = 0.8  # every fifth pair shares its query, as where a query has several passages


def write_table(file: Path, num_pairs: int) -> None:
    """Write a corpus of that many pairs, each in every language, hard negatives among them.

    Every other negative is another pair's passage.
    """
    rng = np.random.default_rng(0)
    letters = rng.integers(97, 123, (4096, PASSAGE_CHARACTERS), dtype=np.uint8)
    phrases = pa.array([row.tobytes().decode() for row in letters])
    pair = pc.cast(np.arange(num_pairs), pa.string())
    query = pc.cast(pa.array((QUERIES_A_PAIR * np.arange(num_pairs)).astype(int)), pa.string())
    schema = pa.schema([(name, pa.string()) for name in (*COLUMNS, NEGATIVE, QUERY_ID)])
    other = 7919 * np.arange(num_pairs) % num_pairs
    suffix = pa.array(["", " not"]).take(np.arange(num_pairs) % 2)
    with pa.ipc.new_file(str(file), schema) as sink:
        for language in LANGUAGES:
            phrase = phrases.take(rng.integers(len(phrases), size=num_pairs))
            passage = pc.binary_join_element_wise(phrase, pair, language, " ")
            negative = pc.binary_join_element_wise(passage.take(other), suffix, "")
            columns = [
                pa.array(["c"]).take(np.zeros(num_pairs, np.int64)),
                pair,
                pa.array([language]).take(np.zeros(num_pairs, np.int64)),
                pc.binary_join_element_wise("what is the meaning of", query, language, " "),
                passage,
                negative,
                query,
            ]
            sink.write_table(pa.table(columns, schema=schema), max_chunksize=4096)


class PeakMemory:
    """Greatest memory of the process above what it had, without pages of mapped files; in GiB."""

    def __enter__(self) -> "PeakMemory":
        """Start to look, fifty times a second."""
        self.before, self.peak = self._now(), 0
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop to look."""
        self._is_over.set()
        self._thread.join()

    @property
    def gibibytes(self) -> float:
        """The peak so far."""
        return (self.peak - self.before) / 2**30

    def _look(self) -> None:
        while not self._is_over.wait(0.02):
            self.peak = max(self.peak, self._now())

    @staticmethod
    def _now() -> int:
        memory = psutil.Process().memory_info()
        return memory.rss - memory.shared


def measure(file: Path) -> None:
    """Print seconds and memory of opening the pairs and their groups, and the time of a batch."""
    table = pa.ipc.open_file(pa.memory_map(str(file))).read_all()
    opened: list[ParallelPairs] = []
    with PeakMemory() as memory:
        opening = seconds(lambda: opened.append(ParallelPairs(table)))
        pairs = opened[0]
        grouping = seconds(lambda: (pairs.groups, pairs.negative_groups))
    print(
        f"groups of {len(pairs):,} pairs in {len(pairs.languages)} languages: {grouping:.1f} s, "
        f"behind {opening:.1f} s for the pairs ({time.process_time():.1f} s of the processor in "
        f"all); at most {memory.gibibytes:.2f} GiB; {pairs.groups.max() + 1:,} groups",
        flush=True,
    )
    for name in SAMPLERS:
        batches = make_batches(name, pairs, BATCH_SIZE, NUM_BATCHES, seed=0, alpha=0.5)
        batches.batch(0)
        spent = seconds(lambda batches=batches: list(batches)) / NUM_BATCHES
        print(f"a batch of {BATCH_SIZE} by {name}: {1000 * spent:.1f} ms", flush=True)


def main(num_pairs: int = 500_000) -> None:
    """Measure in a process of its own, whose memory is that of the opening alone."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pairs.arrow"
        write_table(file, num_pairs)
        program = "import sys; from pathlib import Path; from speed import groups; "
        program += "groups.measure(Path(sys.argv[1]))"
        subprocess.run([sys.executable, "-c", program, str(file)], check=True)
