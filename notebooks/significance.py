# %% [markdown]
# # Is it significant?
#
# **Most of the paper's differences of means come out the same way.** But within one language hybrid is below
# X-X here, above it in the paper. On XQuAD-R it has more language bias than X-Y, in the paper less. Holm's
# correction over all rows, most of them of single languages, leaves less than half decided.

# %% tags=["parameters", "remove-input"]
profiles: str = "e5"
benchmarks: str = "mlqa-r,xquad-r"

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
from book.pages import significance
from book.shared.html import how_made
from book.shared.stored_runs import places, provenance, tabbed

there = places(profiles, benchmarks)
tabbed(significance.figure, there)

# %% [markdown]
# ## The numbers
#
# The verdict on each difference of means by itself, then after Holm's correction over all rows of the CSV.
# The second table counts verdicts on single languages, uncorrected. The paper prints one number a cell, so its
# own differences cannot be tested.

# %% tags=["hide-input"]
tabbed(significance.numbers, there)

# %% tags=["hide-input"]
how_made("significance", given, provenance(there))
