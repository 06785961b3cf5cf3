"""The cost page: hours of each part, measured here and reckoned for an accelerator."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from book.shared.sentences import listed
from study.analysis import cost
from study.runs.profile import Profile

BACKBONES = ("xlm-r", "multilingual-e5-small")
HERE, EACH, ALL = "hours here, a run", "GPU hours, a run", "GPU hours, all runs"


def hours(
    profile: Profile,
    texts: pd.DataFrame,
    speeds: pd.DataFrame,
    teraflops: Mapping[bool, float],
) -> pd.DataFrame:
    """Hours of each part of a profile, from each backbone.

    Parameters
    ----------
    profile, texts
        As for :func:`study.analysis.cost.parts`.
    speeds
        Columns ``backbone``, ``part`` (encoding or training), ``tokens_a_second``, measured here.
    teraflops
        What an accelerator sustains, by whether it trains.

    Returns
    -------
    Columns ``backbone``, ``part``, ``runs``, ``million tokens, a run``, and hours.
    """
    measured = speeds.set_index(["backbone", "part"])["tokens_a_second"]
    frames = []
    for backbone in speeds["backbone"].unique():
        table = cost.parts(profile, backbone, texts)
        kind = table["is_training"].map({True: "training", False: "encoding"})
        speed = kind.map(measured[backbone])
        sustained = table["is_training"].map(teraflops)
        each = table["petaflops"] * 1000 / sustained / 3600
        frames.append(
            pd.DataFrame(
                {
                    "backbone": backbone,
                    "part": table["part"],
                    "runs": table["runs"],
                    "million tokens, a run": table["tokens"] / 1e6,
                    HERE: table["tokens"] / speed / 3600,
                    EACH: each,
                    ALL: each * table["runs"],
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def answer(table: pd.DataFrame) -> str:
    """Say what all runs need, backbone by backbone, and which part takes most."""
    words = []
    for backbone, part in table.groupby("backbone", sort=False):
        most = part.loc[part[ALL].idxmax()]
        words.append(
            f"{backbone}: {part[ALL].sum():,.0f} GPU hours for all runs, "
            f"{most[ALL] / part[ALL].sum():.0%} of them for {most['part']}"
        )
    return "; ".join(words) + "."


def by_language(texts: pd.DataFrame, teraflops: float) -> pd.DataFrame:
    """What each language of MIRACL adds to a run: passages, download, vectors, GPU hours.

    LaBSE's are those of XLM-R, which has the same layers.
    """
    table = cost.passages(texts)
    for backbone in BACKBONES:
        shape = cost.SHAPES[backbone]
        rows = texts.set_index("language")["passage_tokens"]
        flops = table["tokens"] * shape.flops_a_token(rows.mean())
        table[f"GPU hours, {backbone}"] = flops / 1e12 / teraflops / 3600
        vectors = table["passages"] * cost.BYTES_A_DIMENSION * shape.hidden
        table[f"GB of vectors, {backbone}"] = vectors / 1e9
    table["million tokens"] = table.pop("tokens") / 1e6
    table = table.rename(columns={"gigabytes": "GB to download"})
    return table.sort_values("passages", ascending=False, ignore_index=True)


def all_languages(table: pd.DataFrame) -> str:
    """GPU hours over all rows of :func:`by_language`, for two backbones."""
    hours = {name: table[f"GPU hours, {name}"].sum() for name in BACKBONES}
    return listed([f"{value:,.0f} GPU hours from {name}" for name, value in hours.items()])


def growth(table: pd.DataFrame) -> Figure:
    """Draw GPU hours by language of MIRACL, the largest first, for two backbones."""
    figure, axis = plt.subplots(figsize=(8, 3.6))
    names = {f"GPU hours, {backbone}": backbone for backbone in BACKBONES}
    hours = table.rename(columns=names).melt("language", list(BACKBONES), "backbone", "hours")
    sns.barplot(hours, x="language", y="hours", hue="backbone", palette="colorblind", ax=axis)
    axis.set(ylabel="GPU hours, a run", xlabel="language of MIRACL")
    axis.legend(frameon=False)
    sns.despine(ax=axis)
    figure.tight_layout()
    return figure
