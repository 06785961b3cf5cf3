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
# Other remedies change no training, or average two: subtract a share of a language's offset from passages
# (SHIFT {cite}`jang2026shift`), centre each language {cite}`libovicky2020language`, remove its first
# components (LIR), average weights {cite}`wortsman2022model,jang2025improving`.

# %% tags=["parameters", "remove-input"]
profiles: str = "raw-short"
benchmark: str = "xquad-r-every-3"

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
from book.pages import remedies
from book.shared.html import how_made
from book.shared.stored_runs import places, provenance, tabbed

there = places(profiles, benchmark)
tabbed(remedies.figure, there)

# %% [markdown]
# ## The numbers
#
# *Trainings*: how many one encoder takes. An average of seeds is one encoder, so it has no interval.

# %% tags=["hide-input"]
tabbed(remedies.numbers, there)

# %% [markdown]
# ## How much of each
#
# The share of the offset, or the weight of the encoder named first, with the highest mean of the three
# mAPs.

# %% tags=["hide-input"]
tabbed(remedies.shares, there)

# %% tags=["hide-input"]
how_made("remedies", given, provenance(there))
