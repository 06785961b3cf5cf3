# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Training
#
# How do the samplers learn? The training losses are not comparable: a batch in one language and a
# batch in many are different tasks. The validation loss is measured alike for all, but within English
# alone, on the pairs held out of the training corpus: that is the task of X-X. Where early stopping is
# on, as in the paper, the best step by it is taken; else the last.

# %% tags=["parameters", "remove-input"]
profile: str = "quick"

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
from book.pages import training
from book.shared import html as show
from book.shared.figure import show_figure
from book.shared.how_made import how_made
from book.shared import stored_runs
from study.store.runs import Store

store = Store()
runs = stored_runs.runs(store, profile, "training")
logs = {name: run.scores for name, run in runs.items()}
show.say(training.answer(runs))

# %% tags=["hide-input"]
losses = training.last_losses(logs)
last = "; ".join(f"{sampler} {loss:.3f}" for sampler, loss in losses.items())
show_figure(
    training.loss_curves(logs),
    f"{profile}-losses",
    caption=(
        f"Last validation loss: {last}. A line a run. It is measured within English: it says nothing"
        " across languages and ranks no sampler."
    ),
    alt=(
        "Two panels over training steps: the training loss and the English validation loss, "
        "a curve a sampler"
    ),
    data=training.in_rows(logs),
)

# %% [markdown]
# ## What the runs had in common, and what not

# %% tags=["hide-input"]
from IPython.display import display

common, varied = training.training_parameters(runs)
display(show.show_plain(common, f"{profile}-parameters"))
display(show.show_plain(varied, f"{profile}-parameters-by-run"))

# %% tags=["hide-input"]
how_made("training", given, runs)
