# %% [markdown]
# # The paper, object by object
#
# Every table, figure and claim: where it is here, the paper's number for hybrid and ours, and two commands. *Show
# again* makes the page from stored ranks; *compute again* trains and evaluates. E5-small, a sentence encoder,
# stands where the paper has LaBSE.

# %% tags=["parameters", "remove-input"]
profiles: str = "e5"
benchmarks: str = "xquad-r,mlqa-r"

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
from book.pages import paper_objects
from book.shared.html import how_made
from book.shared.stored_runs import places, provenance

there = places(profiles, benchmarks)
paper_objects.show(there)

# %% [markdown]
# Both numbers are means over languages. They come from other encoders and other
# training data: compare orders, not values. The notebooks are there after `make book`. A stored run with
# an equal key is loaded; a deleted one is computed again ({doc}`/book/rerun`).

# %% tags=["hide-input"]
how_made("paper_objects", given, provenance(there))
