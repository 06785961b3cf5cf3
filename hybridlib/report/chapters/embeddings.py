"""The map of the embedding space."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from scipy.spatial.distance import pdist

from hybridlib.report.samplers import label


def translation_distance(plane: pd.DataFrame) -> pd.DataFrame:
    """Distance to translations over distance within the language, on a map, by encoder.

    Parameters
    ----------
    plane
        Of :func:`hybridlib.analysis.embedding_map.project`.

    Returns
    -------
    Columns ``encoder`` and ``ratio``.
    """
    rows = []
    for name, part in plane.groupby("encoder", sort=False):
        means = [
            np.mean([pdist(group[["x", "y"]]).mean() for _, group in part.groupby(column)])
            for column in ("question", "language")
        ]
        rows.append((label(str(name)), means[0] / means[1]))
    return pd.DataFrame(rows, columns=["encoder", "ratio"])


def embedding_map(plane: pd.DataFrame) -> Figure:
    """Draw parallel sentences on one plane, a panel an encoder, a colour a language.

    Parameters
    ----------
    plane
        Of :func:`hybridlib.analysis.embedding_map.project`.
    """
    names = list(plane["encoder"].unique())
    languages = sorted(plane["language"].unique())
    palette = dict(zip(languages, sns.color_palette("husl", len(languages)), strict=True))
    figure, grid = plt.subplots(
        2, (len(names) + 1) // 2, figsize=(8.5, 8), sharex=True, sharey=True, squeeze=False
    )
    for axis, name in zip(grid.ravel(), names, strict=False):
        part = plane[plane["encoder"] == name]
        axis.scatter(part["x"], part["y"], c=part["language"].map(palette).tolist(), s=9)
        axis.set_title(label(name))
    for axis in grid.ravel():
        axis.set(xticks=[], yticks=[])
    handles = [Patch(color=palette[language], label=language) for language in languages]
    figure.legend(handles=handles, ncols=len(languages), loc="lower center", frameon=False)
    figure.tight_layout(rect=(0, 0.04, 1, 1))
    return figure
