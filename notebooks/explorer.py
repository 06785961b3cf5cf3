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
# # Explorer
#
# Which pairs of languages gain by a sampler, which lose, and what lies behind one number?

# %% tags=["parameters", "remove-input"]
profiles: str = "raw"
benchmarks: str = "xquad-r,mlqa-r"

# %% tags=["remove-input"]
from hybridlib.notebook import check_parameters

_ = check_parameters(globals())

# %% tags=["hide-input"]
from hybridlib.report.chapters import explorer, explorer_shown
from hybridlib.store.runs import Store

found = explorer.contents(Store(), profiles.split(","), benchmarks.split(","))
explorer.opening(found)

# %% tags=["hide-input"]
explorer_shown.page(found)
