# %% [markdown]
# # Unseen languages
#
# **Over all languages, queries in unseen ones gain nearly as much as queries in seen ones, with each of the
# paper's samplers.** Within an unseen language no gain of hybrid is shown. Training has German, English,
# Spanish, Russian, Turkish and Chinese. The other languages of the benchmarks are unseen in this training;
# the backbone has met all of them.

# %% tags=["parameters", "remove-input"]
profiles: str = "e5"
benchmarks: str = "mlqa-r,xquad-r"

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
from book.pages import unseen_languages
from book.shared.html import how_made
from book.shared.stored_runs import places, provenance, tabbed

there = places(profiles, benchmarks)
tabbed(unseen_languages.figure, there)

# %% [markdown]
# ## The numbers
#
# mAP where an unseen language is that of the query, of the candidates, of both or of neither. Then what
# each sampler gains or loses against the untrained start, by role and by language.

# %% tags=["hide-input"]
tabbed(unseen_languages.numbers, there)

# %% tags=["hide-input"]
how_made("unseen_languages", given, provenance(there))
