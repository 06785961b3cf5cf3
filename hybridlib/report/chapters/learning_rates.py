"""Which learning rate each sampler takes."""

from collections.abc import Mapping

import pandas as pd

from hybridlib.evaluation import three_settings
from hybridlib.report.stored_runs import SETTINGS, Runs
from hybridlib.training.parameters import TrainingParameters


def settings_tried(runs: Runs, parameters: Mapping[str, TrainingParameters]) -> pd.DataFrame:
    """Learning rate and temperature of each tuning run, best multilingual mAP first.

    Returns
    -------
    Columns ``learning rate``, ``temperature``, ``Mo. mAP``, ``Cr. mAP``, ``Mul. mAP``.
    """
    rows = []
    for name, run in runs.items():
        means = three_settings.summarize(run.scores).set_index(["setting", "metric"])["value"]
        settings = parameters[name]
        trained = settings.num_steps > 0
        row = {
            "learning rate": str(settings.learning_rate) if trained else "untrained",
            "temperature": str(settings.temperature) if trained else "",
        }
        rows.append(row | {f"{short} mAP": means[setting, "mAP"] for setting, short in SETTINGS})
    table = pd.DataFrame(rows)
    return table.sort_values(table.columns[-1], ascending=False, ignore_index=True)
