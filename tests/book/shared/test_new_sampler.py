"""A sampler of one's own: a class and a line, as the book says, down to a results page."""

import re
from dataclasses import replace

from book.pages import results
from book.shared import html, stored_runs, tables
from hybridlib.training import sampling
from hybridlib.training.batches import Batches
from tests.processes import ROOT
from tests.study.runs.test_run import PARAMETERS


def test_the_printed_sampler_is_trained_stored_and_shown_by_its_name(monkeypatch, store, trained):
    source = re.search(
        r"```python\n(class \w+\(Batches\).*?)```", (ROOT / "book/use_it.md").read_text(), re.S
    )
    names = {"Batches": Batches}
    exec(source.group(1), names)  # noqa: S102  (our own file)
    (sampler,) = (value for name, value in names.items() if name.endswith("Batches") and value.name)
    monkeypatch.setitem(sampling.SAMPLERS, sampler.name, sampler)
    for name in ("x-x", sampler.name):
        trained(replace(PARAMETERS, sampler=name))
    runs = stored_runs.runs(store, "test", "tiny")
    assert list(runs) == ["x-x-seed0", "x-en-seed0"]
    table = tables.headline(stored_runs.scores(runs), "tiny")
    assert list(table.index.get_level_values("sampler")) == ["X-X", "X-en"]
    assert "X-en" in html.show(table, "headline").data
    figure = results.draw_headline(table)
    assert "X-en" in [label.get_text() for label in figure.axes[0].get_yticklabels()]
