# %% [markdown]
# # Explorer
#
# Which pairs of languages gain by a sampler, which lose, and what lies behind one number?

# %% tags=["parameters", "remove-input"]
profiles: str = "e5"
benchmarks: str = "mlqa-r,xquad-r"

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
from book.pages import explorer
from book.shared.html import how_made
from book.shared.stored_runs import places, provenance

there = places(profiles, benchmarks)
explorer.page(there)

# %% [markdown]
# A score is the mean over seeds. Differences have no interval here. Choose a cell to see how the single
# questions spread. A question has one answer in a language, so its mAP is one over the answer's rank.

# %% tags=["hide-input"]
how_made("explorer", given, provenance(there))
