# %% [markdown]
# # How well does it rank?
#
# **X-X ranks best within one language, X-Y and hybrid across two and over all at once.** Hybrid is
# near X-Y but within one language, where it lies between. *Untrained* is the start itself; the paper's
# numbers stand beside ours.

# %% tags=["parameters", "remove-input"]
profiles: str = "e5"
benchmarks: str = "mlqa-r,xquad-r"

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
from book.pages import results
from book.shared.html import how_made
from book.shared.stored_runs import places, provenance, tabbed

there = places(profiles, benchmarks)
tabbed(results.figure, there)

# %% tags=["hide-input"]
tabbed(results.headline, there)

# %% [markdown]
# Best in bold, second underlined, within each source. Means over languages or ordered pairs of them,
# then over seeds, with 95 % intervals over articles and seeds. Ties go against the relevant candidate.
#
# ## Hybrid against each other sampler

# %% tags=["hide-input"]
tabbed(results.against, there)

# %% [markdown]
# ## Language by language
#
# A cross-lingual row is the mean over the other languages' candidates. The paper prints some means twice,
# not always alike; each table has its own.

# %% tags=["hide-input"]
tabbed(results.by_language, there)

# %% tags=["hide-input"]
tabbed(results.pairs, there)

# %% tags=["hide-input"]
how_made("results", given, provenance(there))
