# %% [markdown]
# # Why does it work?
#
# Is it the X-X examples, or that they come in whole batches? **Whole batches: mixed in one by one, the same
# examples make the encoder prefer the query's language.** That costs .2 to .3 mAP over all languages at
# α = 1, some .02 at 0.5. Within one language it costs something at α = 1 alone.

# %% tags=["parameters", "remove-input"]
profiles: str = "e5"
benchmarks: str = "mlqa-r,xquad-r"

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
from book.pages import why_it_works
from book.shared.html import how_made
from book.shared.stored_runs import places, provenance, tabbed

there = places(profiles, benchmarks)
tabbed(why_it_works.figure, there)

# %% tags=["hide-input"]
tabbed(why_it_works.table, there)

# %% [markdown]
# ## Own language first
#
# How often the best answer is in the query's language, and how often by chance. In an X-Y batch the passage
# never is.

# %% tags=["hide-input"]
tabbed(why_it_works.own_language_first, there)

# %% [markdown]
# ## What each arm draws
#
# Shares of negatives by language, pairs of languages a batch, and the loss before training. The two kinds of
# mixing also differ in the cue that language gives: in a batch of one language it gives none.

# %% tags=["hide-input"]
tabbed(why_it_works.draws, places(profiles, there[0].benchmark))

# %% tags=["hide-input"]
how_made("why_it_works", given, provenance([*there, *places(profiles, "draws")]))
