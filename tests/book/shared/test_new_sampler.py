"""A sampler of one's own: a class and a line, as the book says, down to a results page."""

import re
from pathlib import Path

import pytest

from book.pages import results
from book.shared import html, stored_runs, tables
from hybridlib.training import sampling
from hybridlib.training.batches import Batches
from hybridlib.training.parameters import TrainingParameters

USE_IT = Path(__file__).parents[3] / "book/use_it.md"
PARAMETERS = {
    "backbone": "tiny", "corpus": "tiny", "num_steps": 2, "batch_size": 8, "warmup_steps": 1,
    "num_validation_pairs": 30, "evaluation_steps": 2,
}  # fmt: skip


@pytest.fixture
def new_sampler(monkeypatch):
    """The printed class, added to the registry as it says."""
    source = re.search(r"```python\n(class \w+\(Batches\).*?)```", USE_IT.read_text(), re.S)
    names = {"Batches": Batches}
    exec(source.group(1), names)  # noqa: S102  (our own file)
    (sampler,) = (value for name, value in names.items() if name.endswith("Batches") and value.name)
    monkeypatch.setitem(sampling.SAMPLERS, sampler.name, sampler)
    return sampler


def test_a_new_sampler_is_trained_stored_and_shown_by_its_name(new_sampler, store, trained):
    for sampler in ("x-x", new_sampler.name):
        trained(TrainingParameters(**PARAMETERS, sampler=sampler))
    runs = stored_runs.runs(store, "test", "tiny")
    assert list(runs) == ["x-x-seed0", "x-en-seed0"]
    table = tables.headline(stored_runs.scores(runs), "tiny")
    assert list(table.index.get_level_values("sampler")) == ["X-X", "X-en"]
    assert "X-en" in html.show(table, "headline").data
    figure = results.draw_headline(table)
    assert "X-en" in [label.get_text() for label in figure.axes[0].get_yticklabels()]
