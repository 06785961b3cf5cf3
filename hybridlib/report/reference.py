"""The paper's numbers, value by value: arXiv 2408.10536, tables 1 to 13."""

from importlib.resources import files

import pandas as pd

DATASETS = {"xquad-r": "XQuAD-R", "mlqa-r": "MLQA-R"}
_FOLDER = files("hybridlib.report") / "reference"


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


def miracl_sizes() -> pd.DataFrame:
    """Table 11: queries and passages of MIRACL dev. Columns as of ``RetrievalBenchmark.sizes``."""
    return pd.read_csv(str(_FOLDER / "paper_table_11_miracl_dev_sizes.csv"))


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
    """Rows of tables 3 to 8 for one benchmark, model, setting and metric.

    Returns
    -------
    Index query language and ``mean``, one column a sampler (``X-X``); empty where the paper has
    nothing.
    """
    every = scores()
    chosen = every[
        every["table"].between(3, 8)
        & (every["dataset"] == DATASETS.get(benchmark))
        & (every["model"] == model)
        & (every["setting"] == setting)
        & (every["metric"] == metric.replace(" ", "_"))
    ]
    return _wide(chosen) if len(chosen) else pd.DataFrame()


def miracl(model: str, metric: str) -> pd.DataFrame:
    """Tables 12 and 13: nDCG@10 or R@100 on MIRACL dev, one row a language, mean and median last.

    Returns
    -------
    Index language, one column a sampler.
    """
    every = scores()
    chosen = every[every["table"].isin([12, 13]) & (every["model"] == model)]
    return _wide(chosen[chosen["metric"] == metric])


def _wide(rows: pd.DataFrame) -> pd.DataFrame:
    table = rows.pivot(index="language", columns="sampling", values="value")
    names = {"x-x": "X-X", "x-y": "X-Y", "hybrid": "Hybrid"}
    last = [name for name in ("mean", "median") if name in table.index]
    table = table.loc[[*table.index.difference(last), *last]]
    return table.reindex(columns=list(names)).rename(columns=names)
