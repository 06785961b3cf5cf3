# %% [markdown]
# # How much of each?
#
# **With more X-X, mAP over all languages falls by more than half; from α 0 to 0.8 no difference from 0.5 is
# shown.** The share of X-X batches is α. The paper finds 0.5 best and 0.4 to 0.6 stable. The
# runs are the second edition's, from the raw start at a rate chosen on training data.

# %% tags=["parameters", "remove-input"]
profiles: str = "raw-alpha"
benchmark: str = "xquad-r-every-3"

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
from book.pages import alpha
from book.shared.html import how_made
from book.shared.stored_runs import places, provenance, tabbed

there = places(profiles, benchmark)
tabbed(alpha.figure, there)

# %% [markdown]
# ## The numbers
#
# α = 0 is X-Y, α = 1 is X-X; then every α against 0.5.

# %% tags=["hide-input"]
tabbed(alpha.numbers, there)

# %% [markdown]
# ## Quality against bias
#
# Neighbours differ by less than seeds do.

# %% tags=["hide-input"]
tabbed(alpha.front_figure, there)

# %% tags=["hide-input"]
how_made("alpha", given, provenance(there))
