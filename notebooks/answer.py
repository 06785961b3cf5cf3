# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Does hybrid batching work?
#
# Hybrid batches against each other sampler: within one language (Mo.), across two (Cr.), over all at
# once (Mul.), and in language bias (rank distance).
#
# **These are the second edition's runs**, whose recipe over-trains: {doc}`/book/index`.

# %% tags=["parameters", "remove-input"]
profiles: str = "e5,raw"
benchmarks: str = "mlqa-r,xquad-r"

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
from book.pages import answer
from book.shared.html import how_made
from book.shared.stored_runs import places, provenance

there = [place for place in places(profiles, benchmarks) if place.has_runs]
differences = answer.differences(there)
answer.figure(differences)

# %% [markdown]
# ## The numbers
#
# *Better* and *worse*: a t-test of no difference. *As good*: two one-sided tests against the margin.
# Else *open*. Not corrected for their number; the claims are ({doc}`/build/executed/claims`).

# %% tags=["hide-input"]
answer.by_measure(differences)

# %% tags=["hide-input"]
how_made("answer", given, provenance(there))
