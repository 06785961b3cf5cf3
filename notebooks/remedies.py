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
# Other remedies change no training, or average two. SHIFT {cite}`jang2026shift` subtracts a share of a
# language's offset from passages. Centring {cite}`libovicky2020language` takes its mean from queries too,
# LIR its first components. A weight average {cite}`wortsman2022model,jang2025improving` joins X-X and
# X-Y.

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
