# %% [markdown]
# # Your machine's quick run
#
# `make book` trains three samplers for forty steps on embedded questions and evaluates them, on this
# machine. **This is a demonstration: it shows the way, not how good an encoder is.** X-X leads within one
# language in all of ten seeds. X-Y leads across two in four.

# %% tags=["parameters", "remove-input"]
profile: str = "quick"
benchmark: str = "cldr"
seeds: str = "quick-seeds"

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
from book.pages import bias, provenance, quick, results
from book.shared.html import how_made, joined
from book.shared.stored_runs import places, tabbed
from book.shared.stored_runs import provenance as of_runs
from study.store.runs import Store

there = places(profile, benchmark)
tabbed(results.figure, there)

# %% tags=["hide-input", "nbval-check-output"]
tabbed(results.headline, there)

# %% [markdown]
# ## Does the paper's trade-off show?
#
# X-X should lead within one language and X-Y across two. The profile `quick-seeds` was run once.

# %% tags=["hide-input"]
quick.trade_off(*places(seeds, benchmark))

# %% tags=["hide-input"]
tabbed(bias.curves, there)

# %% [markdown]
# ## Language by language

# %% tags=["hide-input"]
tabbed(results.by_language, there)

# %% [markdown]
# ## Training

# %% tags=["hide-input"]
joined(provenance.losses(profile, Store()), provenance.parameters(profile, Store()))

# %% tags=["hide-input"]
how_made(
    "quick",
    given,
    of_runs([*places(f"{profile},{seeds}", benchmark), *places(profile, "training")]),
)
