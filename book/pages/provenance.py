"""Where every number comes from: stored runs, and how the trainings went."""

from collections.abc import Mapping
from functools import partial

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from IPython.display import HTML
from matplotlib.figure import Figure

from book.shared import html, stored_runs
from book.shared.figure import grid, show_figure
from book.shared.samplers import color, label
from book.shared.stored_runs import Place
from study.store.runs import Store


def every_run(profile: str, store: Store) -> HTML:
    """All stored runs of a profile, folded."""
    kinds = sorted(folder.name for folder in (store.results / profile).glob("[!.]*"))
    table = stored_runs.provenance([Place(profile, kind, store) for kind in kinds])
    shown = html.show_plain(table, f"provenance-{profile}")
    return html.fold(f"{profile}: {len(table)} runs", shown)


def losses(profile: str, store: Store) -> HTML:
    """Draw the losses of a profile's trainings."""
    runs = stored_runs.runs(store, profile, "training")
    logs = {name: run.scores for name, run in runs.items()}
    return show_figure(
        partial(loss_curves, logs),
        f"{profile}-losses",
        caption="A line a run. Training losses of different batches do not compare; the validation "
        "loss is within English and ranks no sampler.",
        alt="Two panels over training steps: the training loss and the English validation loss, a "
        "curve a run",
        data=pd.concat(logs, names=["run"]).reset_index("run"),
    )


def loss_curves(logs: Mapping[str, pd.DataFrame], columns: int = 2) -> Figure:
    """Draw training and validation loss over the steps, a line a run, a colour a sampler."""
    figure, axes = grid(2, columns, 3.2)
    for name, log in logs.items():
        for axis, column in zip(axes, ("loss", "validation_loss"), strict=True):
            shade = color(label(name))
            points = log.dropna(subset=[column]).astype(float)
            axis.plot(points["step"], points[column], color=shade, marker="o", ms=3, alpha=0.7)
    axes[0].set(xlabel="step", ylabel="training loss, nats", ylim=(0, None))
    axes[1].set(xlabel="step", ylabel="validation loss, nats")
    labels = dict.fromkeys(map(label, logs))
    handles = [
        plt.Line2D([], [], color=color(text), marker="o", ms=3, alpha=0.7, label=text)
        for text in labels
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=3, frameon=False)
    sns.despine(figure)
    return figure


def parameters(profile: str, store: Store) -> HTML:
    """What the trainings have in common, one row a parameter, and what not, one row a run."""
    runs = stored_runs.runs(store, profile, "training")
    common, varied = training_parameters({name: run.parameters for name, run in runs.items()})
    return html.joined(
        html.show_plain(common, f"{profile}-parameters"),
        html.fold("By run", html.show_plain(varied, f"{profile}-parameters-by-run")),
    )


def training_parameters(
    runs: Mapping[str, Mapping[str, object]],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What trainings have in common, one row a parameter, and what not, one row a run."""
    table = pd.DataFrame(runs).astype(str).T
    is_common = (table == table.iloc[0]).all()
    common = table.loc[:, is_common].iloc[0].rename("value").rename_axis("parameter").reset_index()
    return common, table.loc[:, ~is_common].rename_axis("run").reset_index()
