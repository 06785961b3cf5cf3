"""Pairs of runs: A B A B ..., so that a drift of the machine's speed touches both sides alike."""

import time
from collections.abc import Callable
from statistics import median


def seconds(work: Callable[[], object]) -> float:
    """Wall-clock seconds of one call."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def compare(
    title: str, ours: Callable[[], object], theirs: Callable[[], object], num_pairs: int
) -> None:
    """Print how many times faster ``ours`` is: the median over pairs of runs.

    Both sides run once uncounted first.
    """
    ours()
    theirs()
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(num_pairs)]
    ratios = sorted(b / a for a, b in pairs)
    print(
        f"{title}: ours {median(a for a, _ in pairs):.2f} s, "
        f"theirs {median(b for _, b in pairs):.2f} s, "
        f"{median(ratios):.2f} times as fast (pairs {ratios[0]:.2f} to {ratios[-1]:.2f})",
        flush=True,
    )
