"""Kills at random moments change nothing in the end: python -m tests.kills [KILLS [PAIRS]]."""

import json
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import torch

from hybridlib.data import miracl, streamed_benchmark
from hybridlib.data.benchmark import RetrievalBenchmark
from hybridlib.models import on_disk
from study.data import registry
from study.runs import run, train
from study.store.run import RUN_FILE
from study.store.runs import Store
from tests.data.published import write_miracl
from tests.golden.data import uneven_pairs
from tests.golden.tiny_encoder import tiny_encoder
from tests.golden.training import USUAL

SHORT = replace(USUAL, backbone="tiny", corpus="tiny", schedule="constant", num_steps=4)
TRAININGS = {"short": SHORT, "long": replace(SHORT, num_steps=8)}
WITH_TIMES = ("trainer_state.json", "training_args.bin")
CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.chmod"}


def work() -> None:
    """Train, train longer, rank, search, store, in the working folder."""
    torch.set_num_threads(1)
    store = Store()
    for name, parameters in TRAININGS.items():
        run.train(parameters, store, "test", name)
    for benchmark in ("ranked", "miracl"):
        run.evaluate(TRAININGS["long"], benchmark, store, "test", "long")


def use_tiny_data(mirror: Path) -> None:
    """Put tiny data and a tiny encoder in the place of all others, in this process for good."""
    os.environ["HYBRIDLIB_MIRROR"] = str(mirror)
    miracl.LANGUAGES = ("sw", "te")
    for language in miracl.LANGUAGES:
        miracl.NUM_CORPUS_FILES[language], miracl.NUM_PASSAGES[language] = 2, 120
        write_miracl(mirror, language, num_files=2)
    streamed_benchmark.PASSAGES_A_SHARD = 40  # so there are four
    benchmark = RetrievalBenchmark.from_pairs("ranked", uneven_pairs().only(["de", "en"]))
    registry.CORPORA = {"tiny": uneven_pairs}
    registry.BENCHMARKS = {"ranked": lambda: benchmark}
    fit = train.fit

    def logged_fit(*arguments):
        with Path("fits").open("a") as log:
            log.write(f"{arguments[2].num_steps}\n")
        return fit(*arguments)

    train.fit = logged_fit
    train.load_encoder = lambda name: tiny_encoder() if name == "tiny" else on_disk.load(Path(name))


def start(folder: Path, kill_at: int = 0) -> int:
    """Start the work in a process, killed at its so-maniest change of the disk; return its id."""
    process = os.fork()
    if process:
        return process
    code = 1
    try:
        os.chdir(folder)
        log = os.open("log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(log, 1)
        os.dup2(log, 2)
        changes = 0

        def count(event: str, arguments: tuple) -> None:
            nonlocal changes
            is_writing = event == "open" and (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR)
            if event not in CHANGES and not is_writing:
                return  # as os.kill's own event, on which it would kill for ever
            changes += 1
            if changes == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        work()
        Path("changes").write_text(str(changes))
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def exit_code(process: int) -> int:
    """Wait for a process; minus the signal's number where one ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def contents(folder: Path) -> dict[str, bytes]:
    """Every file that is left, by its path: its bytes without times and commit."""
    found = {}
    for path in [*(folder / "results").rglob("*"), *(folder / "build").rglob("*")]:
        if path.is_dir() or path.parent.name == "locks":
            continue
        content = b"" if path.name in WITH_TIMES else path.read_bytes()
        if path.name == RUN_FILE:
            stored = json.loads(content)
            stored["provenance"] |= {"date": "", "seconds": 0, "commit": ""}  # one may edit here
            del stored["checksum"]  # of these too
            content = json.dumps(stored).encode()
        found[path.relative_to(folder).as_posix()] = content
    return found


class Undisturbed(NamedTuple):
    """What an undisturbed run left, in how many changes of the disk and seconds."""

    contents: dict[str, bytes]
    num_changes: int
    seconds: float


def undisturbed(folder: Path) -> Undisturbed:
    """Do the work once."""
    started = time.monotonic()
    if exit_code(start(folder)):
        raise RuntimeError((folder / "log").read_text())
    seconds = time.monotonic() - started
    return Undisturbed(contents(folder), int((folder / "changes").read_text()), seconds)


def check(folder: Path, expected: Undisturbed, *codes: int) -> None:
    """Raise a RuntimeError unless processes with these codes left what is expected."""
    if any(codes):
        raise RuntimeError(f"exit codes {codes}: {(folder / 'log').read_text()}")
    found = contents(folder)
    names = found.keys() | expected.contents.keys()
    differing = sorted(n for n in names if found.get(n) != expected.contents.get(n))
    if differing:
        raise RuntimeError(f"not as undisturbed: {differing}")


def main(num_kills: int = 100, num_pairs: int = 30) -> None:
    """Kill so often, start so many pairs; a RuntimeError says what is not right."""
    random_moment = random.Random(0)
    with tempfile.TemporaryDirectory() as place:
        use_tiny_data(Path(place) / "mirror")

        def new_folder() -> Path:
            return Path(tempfile.mkdtemp(dir=place))

        expected, killed = undisturbed(new_folder()), 0
        while killed < num_kills:
            folder = new_folder()
            for number in range(min(5, num_kills - killed)):
                if number % 2:
                    process = start(folder)
                    time.sleep(random_moment.uniform(0, expected.seconds))
                    os.kill(process, signal.SIGKILL)
                else:
                    process = start(folder, random_moment.randint(1, expected.num_changes))
                code = exit_code(process)
                if code == -signal.SIGKILL:
                    killed += 1
                else:
                    check(folder, expected, code)
            check(folder, expected, exit_code(start(folder)))
            print(f"{killed} kills", flush=True)
        for number in range(num_pairs):  # one trains, the other waits for it or loads what it left
            folder, delay = new_folder(), random_moment.uniform(0, 1)
            first = start(folder)
            time.sleep(delay)
            check(folder, expected, exit_code(start(folder)), exit_code(first))
            if (fits := (folder / "fits").read_text().split()) != ["4", "8"]:
                raise RuntimeError(f"{delay:.2f} s apart, trained {fits}")
            print(f"{number + 1} pairs", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
