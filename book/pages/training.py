"""What the pages of training show."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from book.shared.samplers import color, label
from book.shared.sentences import listed
from book.shared.stored_runs import Runs


def training_parameters(runs: Runs) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What trainings have in common, one row a parameter, and what not, one row a run."""
    table = pd.DataFrame({name: run.parameters for name, run in runs.items()}).astype(str).T
    is_common = (table == table.iloc[0]).all()
    common = table.loc[:, is_common].iloc[0].rename("value").rename_axis("parameter").reset_index()
    return common, table.loc[:, ~is_common].rename_axis("run").reset_index()


def answer(runs: Runs) -> str:
    """Whether early stopping was on and fired, which step was taken, whether the loss fell."""
    steps = {name: int(run.scores["step"].max()) for name, run in runs.items()}
    early = [name for name, run in runs.items() if steps[name] < run.parameters["num_steps"]]
    patient = [name for name, run in runs.items() if run.parameters["patience"]]
    if not patient:
        taken = sorted(set(steps.values()))
        ends = [run.scores["validation_loss"].dropna().iloc[[0, -1]] for run in runs.values()]
        fell = sum(last < first for first, last in ends)
        return (
            f"All {len(runs)} runs take their last step ({listed([f'{n:,}' for n in taken])}). The "
            f"validation loss is lower there than at its first measurement in {fell} of them."
        )
    best = [
        int(log.loc[log["validation_loss"].astype(float).idxmin(), "step"])
        for log in (runs[name].scores for name in patient)
    ]
    return (
        f"Early stopping was on in {len(patient)} of {len(runs)} runs and fired in {len(early)}; "
        f"they take their best step, from {min(best):,} to {max(best):,}."
    )


def last_losses(logs: Mapping[str, pd.DataFrame]) -> pd.Series:
    """Last validation loss of each sampler in nats, the mean over its runs."""
    last = {name: float(log["validation_loss"].dropna().iloc[-1]) for name, log in logs.items()}
    return pd.Series(last).groupby(label).mean()


def in_rows(logs: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """What :func:`loss_curves` draws, a row a run and step."""
    return pd.concat(logs, names=["run"]).reset_index("run")


def loss_curves(logs: Mapping[str, pd.DataFrame]) -> Figure:
    """Draw training and validation loss over the steps, a line a run, a colour a sampler.

    Parameters
    ----------
    logs
        Of :func:`hybridlib.training.fit.fit`, by the run's name.
    """
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.2))
    labels: set[str] = set()
    for name, log in logs.items():
        text = label(name)
        for axis, column in zip(axes, ("loss", "validation_loss"), strict=True):
            points = log.dropna(subset=[column]).astype(float)
            axis.plot(
                points["step"], points[column], color=color(text), marker="o", ms=3,
                label=None if text in labels else text, alpha=0.7,
            )  # fmt: skip
        labels.add(text)
    axes[0].set(xlabel="step", ylabel="training loss, nats", ylim=(0, None))
    axes[1].set(xlabel="step", ylabel="validation loss, nats")
    axes[0].legend(frameon=False)
    sns.despine(figure)
    figure.tight_layout()
    return figure
