# %% [markdown]
# # Does it prefer a language?
#
# **Less with the paper's samplers: X-X takes about 40 % off the rank distance, hybrid 60 %, X-Y a little more.** In the
# pool of all languages a query's answer stands once in each language that has it. Without a preference
# these answers are neighbours; the *rank distance* is how many positions they span.

# %% tags=["parameters", "remove-input"]
profiles: str = "e5"
benchmarks: str = "mlqa-r,xquad-r"

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
from book.pages import bias
from book.shared.html import how_made
from book.shared.stored_runs import places, provenance, tabbed

there = places(profiles, benchmarks)
tabbed(bias.curves, there)

# %% [markdown]
# ## By query language
#
# Rank distance (the paper's tables 7 and 8), then the share of queries whose first answer is in their own
# language. Without a preference that is one in the number of answers.

# %% tags=["hide-input"]
tabbed(bias.by_language, there)

# %% [markdown]
# ## A query to look at

# %% tags=["hide-input"]
tabbed(bias.one_query, there)

# %% [markdown]
# ## Other measures
#
# Own language first and the language preference rate are after MLAIRE {cite}`jang2026mlaire`; TLR@20 is
# the recall in other languages of SHIFT {cite}`jang2026shift`. The second table has their rank
# correlations over runs, each turned so that more is more preference. Rank distance is ruled by the answer
# farthest off; own language first looks at the top alone. So they can disagree.
# PEER {cite}`yang2024language` carries no signal here: with one answer a language its test sees the same
# ranks in any order.

# %% tags=["hide-input"]
tabbed(bias.measures, there)

# %% [markdown]
# How many times its share of the pool the own language has in the top ten {cite}`roy2020lareqa`; one is
# no preference.

# %% tags=["hide-input"]
tabbed(bias.top_ten, there)

# %% [markdown]
# What a linear classifier reads of a question's language in its embedding, and the share of variance
# between languages. Then how often a question finds its translation first.

# %% tags=["hide-input"]
tabbed(bias.content, there)

# %% tags=["hide-input"]
measured = [one + part for one in benchmarks.split(",") for part in ("", "-top-10", "-questions")]
how_made("bias", given, provenance(places(profiles, ",".join(measured))))
