"""The paper's numbers, value by value (arXiv 2408.10536, tables 1 to 13)."""

from importlib.resources import files

import pandas as pd

DATASETS = {"xquad-r": "XQuAD-R", "mlqa-r": "MLQA-R", "miracl": "MIRACL"}
_FOLDER = files("book.shared") / "reference"


def scores() -> pd.DataFrame:
    """Every score of tables 1 to 8, 12 and 13.

    Returns
    -------
    Columns ``table``, ``dataset``, ``model``, ``sampling``, ``setting``, ``metric``, ``language``
    (empty in tables 1 and 2, which print means) and ``value``.
    """
    names = ("paper_table_1.csv", "paper_table_2.csv", "paper_tables_3_to_8_12_13.csv")
    frames = [pd.read_csv(str(_FOLDER / name)) for name in names]
    return pd.concat(frames, ignore_index=True)


def lareqa_sizes() -> pd.DataFrame:
    """Table 10: queries and candidates by language. Columns as of ``RetrievalBenchmark.sizes``."""
    return pd.read_csv(str(_FOLDER / "paper_table_10_lareqa_sizes.csv"))


def training_data() -> pd.DataFrame:
    """Table 9: training pairs a language of each data set."""
    return pd.read_csv(str(_FOLDER / "paper_table_9_training_data.csv"))


def miracl_sizes() -> pd.DataFrame:
    """Table 11, and the queries that MIRACL's dev set has.

    Returns
    -------
    Columns ``language``, ``candidates``, ``queries_paper``, ``queries_miracl``, ``paper_agrees``.
    """
    paper = pd.read_csv(str(_FOLDER / "paper_table_11_miracl_dev_sizes.csv"))
    miracl = pd.read_csv(str(_FOLDER / "miracl_dev_queries.csv"))  # miracl.ai, version 1.0
    table = paper.merge(miracl, on="language", suffixes=("_paper", "_miracl"))
    agrees = table["queries_paper"] == table["queries_miracl"]
    table["paper_agrees"] = agrees.map({True: "yes", False: "no"})
    return table[["language", "candidates", "queries_paper", "queries_miracl", "paper_agrees"]]


def headline(benchmark: str) -> pd.DataFrame:
    """Tables 1 and 2 for one benchmark.

    Returns
    -------
    Columns ``model``, ``sampler``, ``setting``, ``metric``, ``value``; empty for a benchmark that
    the paper does not have.
    """
    every = scores()
    mine = every[(every["dataset"] == DATASETS.get(benchmark)) & every["table"].isin([1, 2])]
    mine = mine.rename(columns={"sampling": "sampler"}).replace({"rank_distance": "rank distance"})
    return mine[["model", "sampler", "setting", "metric", "value"]].reset_index(drop=True)


def by_language(benchmark: str, model: str, setting: str, metric: str) -> pd.DataFrame:
    """Rows of tables 3 to 8, 12 and 13 for one benchmark, model, setting and metric.

    Returns
    -------
    Index query language and ``mean``, on MIRACL ``median`` too, one column a sampler (``X-X``);
    empty where the paper has nothing.
    """
    every = scores()
    chosen = every[
        every["table"].isin([*range(3, 9), 12, 13])
        & (every["dataset"] == DATASETS.get(benchmark))
        & (every["model"] == model)
        & (every["setting"] == setting)
        & (every["metric"] == metric.replace(" ", "_"))
    ]
    return _wide(chosen) if len(chosen) else pd.DataFrame()


def _wide(rows: pd.DataFrame) -> pd.DataFrame:
    table = rows.pivot(index="language", columns="sampling", values="value")
    names = {"x-x": "X-X", "x-y": "X-Y", "hybrid": "Hybrid"}
    last = [name for name in ("mean", "median") if name in table.index]
    table = table.loc[[*table.index.difference(last), *last]]
    return table.reindex(columns=list(names)).rename(columns=names)
