from pathlib import Path

from hybridlib.report import stored_runs, tables
from hybridlib.store.runs import Store

ROOT = Path(__file__).parents[2]


def test_the_readmes_table_is_what_the_store_says():
    readme = (ROOT / "README.md").read_text()
    runs = stored_runs.runs(Store(ROOT / "results"), "raw", "xquad-r")
    table = tables.means(tables.headline(stored_runs.scores(runs), "xquad-r"))
    for sampler, row in table.loc[tables.HERE].iterrows():
        *scores, distance = (row[column] for column in tables.HEADLINE)
        cells = [sampler, *(f"{score:.3f}" for score in scores), f"{distance:,.0f}"]
        assert f"| {' | '.join(cells)} |" in readme


def test_the_readmes_paths_exist():
    for path in ("book/static/headline.png", "hybridlib/data/registry.py", "results/raw"):
        assert path.rstrip("/") in (ROOT / "README.md").read_text()
        assert (ROOT / path).exists()
