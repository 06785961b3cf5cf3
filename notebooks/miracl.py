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
profile: str = "paper"

# %% tags=["remove-input"]
from hybridlib.parameters import check_parameters

_ = check_parameters(globals())

# %% tags=["hide-input"]
from IPython.display import HTML, display

from hybridlib.report import reference, show

for model in ("XLM-R", "LaBSE"):
    for metric in ("nDCG@10", "R@100"):
        display(HTML(f"<h3>{model}, {metric}: the paper's numbers</h3>"))
        rows = reference.miracl(model, metric)
        display(show.show_rows(rows, f"paper-miracl-{model}-{metric}".lower()))

# %% [markdown]
# ## Runs in the store

# %% tags=["hide-input"]
from hybridlib.results import RESULTS

found = sorted((RESULTS / profile).glob("miracl*/*/run.json"))
HTML(f"<p>Runs on MIRACL in <code>{RESULTS / profile}</code>: {len(found) or 'none'}.</p>")
