from dataclasses import replace

from book.shared import sentences
from study.runs.profile import load_profile


def test_a_start_whose_samplers_differ_in_learning_rate_says_so():
    runs = load_profile("raw").runs()
    assert sentences.rates("here", runs) == ""
    faster = {
        name: replace(run, learning_rate=2 * run.learning_rate) if run.sampler == "x-y" else run
        for name, run in runs.items()
    }
    rate = runs["x-y-seed0"].learning_rate
    assert sentences.rates("here", faster) == (
        "From here not only the batches differ but the learning rate: "
        f"{rate:g} for X-X, Hybrid and Hybrid by example; "
        f"{2 * rate:g} for X-Y."
    )
