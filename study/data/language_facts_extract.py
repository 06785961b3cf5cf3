"""Make the committed table of facts on languages again: ``python -m ...language_facts_extract``.

URIEL and the sizes of Wikipedias are read out of two pip packages, whose code is not imported. What
no package of the index has (Joshi's classes, the languages of XLM-R's pre-training) stands in
``language_facts_inputs.csv``; ``language_facts_sources.csv`` names the source of every column.
"""

import gzip
import json

import numpy as np
import pandas as pd
from babel.core import get_global

from hybridlib.data.fetch.download import package_file
from study.data.language_facts import FEATURES, TABLE

INPUTS = TABLE.with_name("language_facts_inputs.csv")
MIN_SYNTACTIC_FEATURES = 40  # of 103: any two of such varieties have 20 or more in common
_URIEL = "urielplus/database/original_uriel/{}.npz"
_CHECKSUMS = {
    "features": "1a83a5fc6ea31dfb2d27e634c0d601b47b784b398c4305e410db9d7be72ddbba",
    "family_features": "e814e0588c0263297c76ddfc9c2744937a52233a4ed525ba5bc86ffc54958fb3",
    "geocoord_features": "d7364bd05ecd2f7075755b8361aff6a6cda82519c11c98d7e88bda817bd353ab",
}
_WIKIPEDIAS = "97306043ad1c6ba869b429fbafd5f8aea2ff0de54a2e9621f347ccc94abe2b12"


def extract() -> pd.DataFrame:
    """Join the inputs with what the packages say, one row a variety of SIB-200, all as strings."""
    table = pd.read_csv(INPUTS, dtype=str, keep_default_na=False)
    codes = table["uriel_code"].tolist()
    sizes = _wikipedia_sizes()
    table["wikipedia_articles"] = [str(sizes.get(code, "")) for code in table["wikipedia"]]
    values, names = _uriel("features", codes)
    values = values.max(axis=2)  # (languages, features): the union over sources, -1 unknown
    for kind, prefix in FEATURES.items():
        part = values[:, [name.startswith(prefix) for name in names]].astype(int)
        table[kind] = ["".join("-" if value < 0 else str(value) for value in row) for row in part]
    values, names = _uriel("family_features", codes)
    families = [[str(n)[2:] for n in names[row > 0]] for row in values[..., 0]]
    table["families"] = ["|".join(row) for row in families]
    table["family"] = [row[0] if row else "" for row in families]
    table[["latitude", "longitude"]] = _places(*_uriel("geocoord_features", codes))
    table["chosen"] = np.where(_chosen(table), "yes", "no")
    columns = pd.read_csv(TABLE.with_name("language_facts_sources.csv"))["column"]
    return table[columns.tolist()]


def _uriel(name: str, codes: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Values of shape (languages, features, sources), and the features' names."""
    file = package_file("urielplus", "1.3.2", _URIEL.format(name), _CHECKSUMS[name])
    with np.load(file, allow_pickle=False) as arrays:
        place = {code: row for row, code in enumerate(arrays["langs"].tolist())}
        return arrays["data"][[place[code] for code in codes]], arrays["feats"]


def _wikipedia_sizes() -> dict[str, int]:
    file = package_file("qwanqwa", "1.2.1", "qq/data/db.json.gz", _WIKIPEDIAS)
    entities = json.loads(gzip.decompress(file.read_bytes()))["entities"].values()
    wikipedias = [entity["wikipedia"] for entity in entities if entity.get("wikipedia")]
    return {wikipedia["code"]: wikipedia["article_count"] for wikipedia in wikipedias}


def _places(values: np.ndarray, names: np.ndarray) -> list[tuple[str, str]]:
    """Latitude and longitude from distances to fixed points, in shares of half the globe's girth.

    The cosine of a distance is the product of two unit vectors: many linear equations for one.
    """
    degrees = np.array([name.split("_")[1:] for name in names], dtype=float)
    latitude, longitude = np.radians(degrees).T
    on_equator = np.stack([np.cos(longitude), np.sin(longitude)])
    points = np.vstack([np.cos(latitude) * on_equator, np.sin(latitude)]).T  # (points, 3)
    x, y, z = np.linalg.lstsq(points, np.cos(np.pi * values[..., 0]).T, rcond=None)[0]
    places = np.degrees([np.arctan2(z, np.hypot(x, y)), np.arctan2(y, x)]).T
    return [(f"{north:.1f}", f"{east:.1f}") for north, east in places]


def _chosen(table: pd.DataFrame) -> np.ndarray:
    """One variety of each language that URIEL describes: that in the likely script, else the first.

    CLDR's likely script decides between Kashmiri in Arabic letters and in Devanagari.
    """
    known = 103 - table["syntactic"].str.count("-")
    code, script = table["variety"].str[:3], table["variety"].str[4:]
    likely = get_global("likely_subtags")
    is_likely = [
        name in (likely.get(one) or likely.get(three) or "")
        for one, three, name in zip(table["iso_639_1"], code, script, strict=True)
    ]
    order = table.assign(likely=is_likely)[known >= MIN_SYNTACTIC_FEATURES]
    order = order.sort_values(["likely", "variety"], ascending=[False, True])
    first = order.drop_duplicates("uriel_code").index
    return table.index.isin(first)


if __name__ == "__main__":
    extract().to_csv(TABLE, index=False, lineterminator="\n")
