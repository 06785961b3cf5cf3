"""How often the paper's trade-off shows in a quick run."""

import pandas as pd
from IPython.display import HTML

from book.shared import html
from book.shared.stored_runs import Place, missing
from hybridlib.evaluation import three_settings


def by_seed(place: Place) -> pd.DataFrame:
    """MAP of X-X and X-Y within one language and across two, a row a seed; whether each leads."""
    rows: dict[int, dict[str, float]] = {}
    for name, run in place.runs.items():
        one = place.planned.runs()[name]
        if one.num_steps and one.sampler in ("x-x", "x-y"):
            means = three_settings.summarize(run.scores).set_index(["setting", "metric"])["value"]
            for setting in ("monolingual", "cross-lingual"):
                rows.setdefault(one.seed, {})[f"{one.sampler}, {setting}"] = means[setting, "mAP"]
    table = pd.DataFrame(rows).T.sort_index().rename_axis("seed").reset_index()
    within = table["x-x, monolingual"] > table["x-y, monolingual"]
    across = table["x-y, cross-lingual"] > table["x-x, cross-lingual"]
    return table.assign(shows=(within & across).map({True: "yes", False: "no"}))


def trade_off(place: Place) -> HTML:
    """In how many seeds X-X leads within one language and X-Y across two."""
    if not place.has_runs:
        return missing(place)
    table = by_seed(place)
    said = f"The trade-off shows in {(table['shows'] == 'yes').sum()} of {len(table)} seeds."
    return html.joined(html.paragraph(said), html.show_plain(table, f"{place.name}-trade-off"))
