"""The paper's numbers, value by value (arXiv 2408.10536, tables 1 to 13)."""

from collections.abc import Collection
from importlib.resources import files

import pandas as pd

DATASETS = {"xquad-r": "XQuAD-R", "mlqa-r": "MLQA-R", "miracl": "MIRACL"}
_FOLDER = files("book.shared") / "reference"


def scores() -> pd.DataFrame:
    """Every score of tables 1 to 8, 12 and 13.

    Columns ``table``, ``dataset``, ``model``, ``sampling``, ``setting``, ``metric``, ``language``
    (``mean`` in tables 1 and 2, ``median`` too in 12 and 13) and ``value``.
    """
    names = ("paper_table_1.csv", "paper_table_2.csv", "paper_tables_3_to_8_12_13.csv")
    frames = [pd.read_csv(str(_FOLDER / name)) for name in names]
    every = pd.concat(frames, ignore_index=True)
    metric = every["metric"].replace("rank_distance", "rank distance")
    return every.assign(metric=metric, language=every["language"].fillna("mean"))


def scores_of(benchmark: str, tables: Collection[int]) -> pd.DataFrame:
    """:func:`scores` of a benchmark in some tables; empty where the paper has none."""
    every = scores()
    return every[(every["dataset"] == DATASETS.get(benchmark)) & every["table"].isin(tables)]


def lareqa_sizes() -> pd.DataFrame:
    """Table 10: queries and candidates by language. Columns as of ``RetrievalBenchmark.sizes``."""
    return pd.read_csv(str(_FOLDER / "paper_table_10_lareqa_sizes.csv"))


def training_data() -> pd.DataFrame:
    """Table 9: training pairs a language of each data set."""
    return pd.read_csv(str(_FOLDER / "paper_table_9_training_data.csv"))


def miracl_sizes() -> pd.DataFrame:
    """Table 11, the queries that MIRACL's dev set has, and whether they agree."""
    paper = pd.read_csv(str(_FOLDER / "paper_table_11_miracl_dev_sizes.csv"))
    miracl = pd.read_csv(str(_FOLDER / "miracl_dev_queries.csv"))  # miracl.ai, version 1.0
    table = paper.merge(miracl, on="language", suffixes=("_paper", "_miracl"))
    agrees = table["queries_paper"] == table["queries_miracl"]
    table["paper_agrees"] = agrees.map({True: "yes", False: "no"})
    return table[["language", "candidates", "queries_paper", "queries_miracl", "paper_agrees"]]


def by_language(benchmark: str, model: str, setting: str, metric: str) -> pd.DataFrame:
    """Rows of tables 3 to 8, 12 and 13 for one benchmark, model, setting and metric.

    Index query language, then ``mean``, on MIRACL ``median`` too; one column a sampler (``X-X``).
    Empty where the paper has nothing.
    """
    rows = scores_of(benchmark, [*range(3, 9), 12, 13]).query(
        "model == @model and setting == @setting and metric == @metric"
    )
    if rows.empty:
        return pd.DataFrame()
    table = rows.pivot(index="language", columns="sampling", values="value")
    names = {"x-x": "X-X", "x-y": "X-Y", "hybrid": "Hybrid"}
    last = [name for name in ("mean", "median") if name in table.index]
    table = table.loc[[*table.index.difference(last), *last]]
    return table.reindex(columns=list(names)).rename(columns=names)
