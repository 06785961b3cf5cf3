# %% [markdown]
# # How much data, and which?
#
# **From 100 groups on hybrid is better than X-X over all languages, with package descriptions too.** Each
# smaller corpus is part of the larger one; package descriptions are a corpus of another kind. The runs are
# the second edition's, from the raw start at a rate chosen on training data.

# %% tags=["parameters", "remove-input"]
profiles: str = "raw-data-size,raw-corpora"
benchmark: str = "xquad-r-every-3"

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
from book.pages import training_data
from book.shared.html import how_made
from book.shared.stored_runs import places, provenance, tabbed

there = places(profiles, benchmark)
tabbed(training_data.figure, there)

# %% [markdown]
# ## The numbers
#
# All corpora get the same number of steps, so the smallest is met many times. Where a corpus has few
# pairs of a language, X-X draws it as often as any other, X-Y seldom. Samplers then differ in exposure
# too.

# %% tags=["hide-input"]
tabbed(training_data.numbers, there)

# %% tags=["hide-input"]
how_made("training_data", given, provenance(there))
