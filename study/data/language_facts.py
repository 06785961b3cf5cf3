"""What languages are like: scripts, resources, and how far apart two of them are (URIEL).

The table is committed beside this file; ``study.data.language_facts_extract`` makes it again.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hybridlib.checks import check

TABLE = Path(__file__).with_name("language_facts.csv")
FEATURES = {"syntactic": "S_", "phonological": "P_", "inventory": "INV_"}  # and URIEL's prefixes
DISTANCES = (*FEATURES, "featural", "genetic", "geographic", "script")
_NUMBERS = ["joshi_class", "wikipedia_articles", "latitude", "longitude"]
_FLAGS = ["pretrained", "chosen"]


@cache
def language_facts() -> pd.DataFrame:
    """Read the table, one row a variety of SIB-200 (``deu_Latn``), which is the index.

    ``language_facts_sources.csv`` describes the columns; ``script`` is added. Resources are NaN
    where nothing is known.
    """
    table = pd.read_csv(TABLE, dtype=str, keep_default_na=False, index_col="variety")
    table[_NUMBERS] = table[_NUMBERS].apply(pd.to_numeric)
    table[_FLAGS] = table[_FLAGS] == "yes"
    return table.assign(script=table.index.str[4:])


def facts_on(languages: Sequence[str]) -> pd.DataFrame:
    """Rows of :func:`language_facts` for languages, in their order and with them as the index.

    Languages are ISO 639-1 codes (``zh`` is Chinese in simplified characters) or varieties
    (``zho_Hant``); one that the table lacks is an error.
    """
    table = language_facts()
    by_code = {code: name for name, code in reversed(list(table["iso_639_1"].items())) if code}
    varieties = [by_code.get(language, language) for language in languages]
    if lacking := [name for name in varieties if name not in table.index]:
        raise ValueError(
            f"there are no facts on language {', '.join(map(repr, lacking))}; {TABLE.name} has the "
            f"varieties of SIB-200, as deu_Latn, and the ISO 639-1 codes {', '.join(by_code)}"
        )
    return table.loc[varieties].set_axis(pd.Index(languages, name="language"))


def chosen_varieties() -> tuple[str, ...]:
    """The varieties of SIB-200 to compare at scale, by a rule.

    Those whose syntax URIEL describes by 40 features or more of 103, one a language (in the script
    that CLDR takes for the likely one).
    """
    table = language_facts()
    return tuple(table.index[table["chosen"]])


def distances(languages: Sequence[str], kind: str = "syntactic") -> NDArray[np.float64]:
    """How far apart languages are: in [0, 1], symmetric, of shape (languages, languages).

    ``syntactic``, ``phonological``, ``inventory``, or ``featural`` for the three together: the
    angle, 2 / pi * arccos(cosine), over the features that are known for both languages, without
    which it is an error. ``genetic``: the angle over families and branches. ``geographic``: along
    the great circle, 1 being half the globe's girth. ``script``: 1 where scripts differ.

    Source: Littell et al. (2017), URIEL and lang2vec.
    """
    check("distance", kind, str, DISTANCES)
    facts = facts_on(languages)
    if kind == "script":
        scripts = facts["script"].to_numpy()
        return (scripts[:, None] != scripts).astype(np.float64)
    if kind == "geographic":
        return _great_circles(*np.radians(facts[["latitude", "longitude"]].to_numpy()).T)
    if kind == "genetic":
        families = facts["families"].str.get_dummies("|").drop(columns="", errors="ignore")
        return _angles(families.to_numpy(float), np.ones(families.shape, bool), facts, kind)
    columns = list(FEATURES) if kind == "featural" else [kind]
    signs = np.array([list(row) for row in facts[columns].sum(axis=1)])
    return _angles((signs == "1").astype(np.float64), signs != "-", facts, kind)


def _angles(
    values: np.ndarray, known: np.ndarray, facts: pd.DataFrame, kind: str
) -> NDArray[np.float64]:
    """Angles over what both know; ``values`` is 0 where unknown. Shapes: (languages, features)."""
    # (languages, languages): square of the row's length over the features that the column knows
    squares = values**2 @ known.T
    if lacking := facts.index[~(squares.diagonal() > 0)].tolist():
        raise ValueError(
            f"URIEL knows no {kind} feature of {', '.join(lacking)}; leave it out, or take another "
            "distance"
        )
    if not (squares > 0).all():
        one, other = facts.index[np.argwhere(squares <= 0)[0]]
        raise ValueError(
            f"URIEL knows no {kind} feature of {one} that can be compared with {other}'s; leave "
            "one out, or take another distance"
        )
    cosines = (values @ values.T) / np.sqrt(squares * squares.T)
    angles = 2 / np.pi * np.arccos(np.clip(cosines, -1, 1))
    np.fill_diagonal(angles, 0)
    return angles


def _great_circles(latitude: np.ndarray, longitude: np.ndarray) -> NDArray[np.float64]:
    half_difference = (latitude[:, None] - latitude) / 2, (longitude[:, None] - longitude) / 2
    north, east = np.sin(half_difference) ** 2
    haversine = north + np.cos(latitude)[:, None] * np.cos(latitude) * east
    return 2 / np.pi * np.arcsin(np.sqrt(np.clip(haversine, 0, 1)))
