# %% [markdown]
# # The paper's own settings
#
# XLM-R and LaBSE on what can be had of the paper's corpora, with MIRACL. It takes a GPU and the hub:
# `make paper` ({doc}`/book/rerun`).

# %% tags=["parameters", "remove-input"]
profiles: str = "paper-xlm-r,paper-labse"

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
from book.pages import paper_settings
from book.shared.html import how_made, joined
from book.shared.stored_runs import places, provenance, tabbed

there = places(profiles, "miracl")
tabbed(paper_settings.ours, there)

# %% [markdown]
# ## The paper's numbers on MIRACL (tables 12 and 13)
#
# In the paper's own means X-X leads here, not hybrid.

# %% tags=["hide-input"]
joined(*(paper_settings.papers(place.planned.paper_model) for place in there))

# %% tags=["hide-input"]
how_made("paper_settings", given, provenance(there))
