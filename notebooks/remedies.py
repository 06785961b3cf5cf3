# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Do you need hybrid batches at all?
#
# **Open: the study has not run them yet.** Remedies map the vectors of a trained encoder, or average two. Is
# the best of X-X with a remedy, as chosen on development articles, as good as hybrid?
# The runs are the second edition's, from the raw start at a rate chosen on training data.

# %% tags=["parameters", "remove-input"]
profiles: str = "raw-short"
benchmarks: str = "xquad-r-every-3"

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
from book.pages import remedies
from book.shared.html import how_made
from book.shared.stored_runs import places, provenance, tabbed

there = places(profiles, benchmarks)
tabbed(remedies.endpoint, there)

# %% tags=["hide-input"]
tabbed(remedies.figure, there)

# %% [markdown]
# ## The remedies
#
# SHIFT {cite}`jang2026shift` subtracts a share of a language's offset from passages. Centring
# {cite}`libovicky2020language` takes its mean from queries too, LIR {cite}`yang2021simple` its first
# components. A weight average {cite}`wortsman2022model,jang2025improving` joins X-X and X-Y, two trainings.

# %% tags=["hide-input"]
tabbed(remedies.numbers, there)

# %% [markdown]
# ## How much of each
#
# Components, share of the offset, or weight of the encoder named first. Chosen is the highest mean of the
# three mAPs on development.

# %% tags=["hide-input"]
tabbed(remedies.chosen, there)

# %% tags=["hide-input"]
how_made("remedies", given, provenance(there))
