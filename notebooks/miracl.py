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
# # MIRACL
#
# Does hybrid batching hold in monolingual retrieval over whole Wikipedias? Tables 12 and 13 of the
# paper, and the runs that the store has on MIRACL, if any. In the paper's own means X-X leads
# here, not hybrid.

# %% tags=["parameters", "remove-input"]
models: str = "XLM-R,LaBSE"

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% [markdown]
# ## Runs in the store
#
# The searched corpus is the whole Wikipedia of a language. There is no mean of ours where a
# language of the paper's has not run.

# %% tags=["hide-input"]
from IPython.display import display

from study.data.registry import STREAMED_BENCHMARKS
from study.runs.profile import load_profile
from book.shared import reference, tables
from book.shared import html as show
from book.shared.how_made import how_made
from book.shared import stored_runs
from study.store.runs import Store

store = Store()
folders = [
    folder for name in STREAMED_BENCHMARKS for folder in sorted(store.results.glob(f"*/{name}"))
]
if not folders:
    display(show.say("There is no run on MIRACL in the store."))
for folder in folders:
    profile, benchmark = folder.parent.name, folder.name
    model = load_profile(profile).paper_model
    scores = stored_runs.scores(stored_runs.runs(store, profile, benchmark))
    for metric in tables.MIRACL_HEADLINE:
        rows = tables.by_language(scores, benchmark, model, "monolingual", metric)
        display(show.heading(f"{load_profile(profile).title}: {benchmark}, {metric}"))
        display(show.show_by_language(rows, f"{profile}-{benchmark}-{metric}".lower(), metric))

# %% [markdown]
# ## The paper's numbers

# %% tags=["hide-input"]
for model in models.split(","):
    for metric in tables.MIRACL_HEADLINE:
        display(show.heading(f"{model}, {metric}"))
        rows = reference.by_language("miracl", model, "monolingual", metric)
        display(show.show_rows(rows, f"paper-miracl-{model}-{metric}".lower()))

# %% tags=["hide-input"]
how_made("miracl", given, {})
