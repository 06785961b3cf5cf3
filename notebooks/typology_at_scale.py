# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # The research question, at scale
#
# Does a gain grow with typological distance where there are thousands of distances and languages of
# every resource? SIB-200 {cite}`adelani2024sib` has the same sentences in many varieties: a
# sentence of one is the query, its translation is to be found among the sentences of another. That
# is another task than question answering, and no text of most of these languages is in training.

# %% tags=["parameters", "remove-input"]
profile: str = "raw"
benchmark: str = "sib-200"
distance: str = "syntactic"
sampler: str = "hybrid"
baselines: str = "x-x,x-y,untrained"

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
import pandas as pd

from book.shared import html as show
from book.shared.figure import show_figure
from book.shared.how_made import how_made
from book.shared import stored_runs
from book.pages import varieties
from study.store.runs import Store

store = Store()
scored = varieties.scored(store, profile, benchmark)
compared = varieties.compare(scored, sampler, baselines, distance)
show.say_on(benchmark, *varieties.answer(compared))

# %% tags=["hide-input"]
gains = pd.concat([one.table for one in compared], ignore_index=True)
show_figure(
    varieties.draw(compared),
    f"{profile}-{benchmark}-{distance}-gains-by-distance",
    caption=(
        f"{varieties.mean_gains(compared)} Left, the gain between all varieties; right, its mean"
        " over distance by class of resource."
    ),
    alt=(
        "A row a baseline: left, the gain between all varieties by colour, near varieties"
        " side by side; right, the mean gain over distance, a line a class of resource"
    ),
    data=gains,
)

# %% [markdown]
# ## The numbers
#
# The gain is the logit of the share of translations found first, the sampler's minus the
# baseline's, averaged over both directions. Its slope is within languages: every variety has an
# intercept of its own. Intervals are by seed alone, for these sentences; p permutes the varieties,
# only inside a class where pairs are told by class. A pair is of the lower of its two classes.

# %% tags=["hide-input"]
show.show_plain(gains, f"{profile}-{benchmark}-{distance}-gains")

# %% [markdown]
# ## Which varieties
#
# Those whose syntax URIEL describes by 40 features or more of 103, one a language, in its likely
# script. They are, by the class of {cite:t}`joshi2020state`, with the number that stand in the
# pre-training of XLM-R (whose tokens the encoder shares):

# %% tags=["hide-input"]
show.show_plain(varieties.chosen(scored.varieties), f"{benchmark}-varieties")

# %% tags=["hide-input"]
how_made("typology_at_scale", given, stored_runs.runs(store, profile, benchmark))
