from pathlib import Path

from book.shared import stored_runs, tables
from study.store.runs import Store

ROOT = Path(__file__).parents[3]


def test_the_readmes_table_is_what_the_store_says():
    rows = (ROOT / "README.md").read_text().splitlines()
    runs = stored_runs.runs(Store(ROOT / "results"), "e5-learning-rate", "xquad-r-every-3")
    found = {name: run for name, run in runs.items() if name.endswith("=1e-05")}
    scores = stored_runs.scores({"untrained": runs["untrained"]} | found)
    table = tables.means(tables.headline(scores, "xquad-r"))
    for sampler in ("untrained", "X-X", "X-Y", tables.HYBRID):
        *means, distance = (table.loc[(tables.HERE, sampler), name] for name in tables.HEADLINE)
        cells = [sampler, *(f"{mean:.3f}" for mean in means), f"{distance:,.0f}"]
        assert f"| {' | '.join(cells)} |" in rows


def test_the_readmes_paths_exist():
    for path in ("profiles/e5-grid.yaml", "profiles/raw-grid.yaml", "study/data/registry.py"):
        assert path in (ROOT / "README.md").read_text()
        assert (ROOT / path).exists()
