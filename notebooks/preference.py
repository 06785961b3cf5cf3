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
# # Language preference, measured well
#
# Rank distance says how far apart a query's parallel answers stand. Other measures know the query's
# own language: whether its answer comes first, what share of the other answers it leaves behind (the
# language preference rate, after MLAIRE, arXiv 2605.07249), how many of the others are in the top 20
# (TLR@20 of SHIFT, arXiv 2606.18801). Do they say the same?

# %% tags=["parameters", "remove-input"]
profile: str = "raw"
benchmark: str = "xquad-r"

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
from IPython.display import HTML, display

from book.shared import comparisons, stored_runs
from book.shared import html as show
from book.shared.figure import show_figure
from book.shared.how_made import how_made
from book.pages import preference
from study.store.runs import Store

store = Store()
runs = stored_runs.runs(store, profile, benchmark)
groups = preference.groups(runs)
by_run, disagreeing = preference.by_run(groups), preference.disagreements(groups)
correlations = preference.correlations(by_run)
against = correlations["rank distance"].drop("rank distance")
show.say_on(benchmark, preference.answer(by_run, disagreeing))

# %% tags=["hide-input"]
show_figure(
    preference.draw(by_run),
    f"{profile}-{benchmark}-measures",
    caption=(
        f"Rank correlation with {against.name}: {comparisons.ranked(against)}, where less recall in"
        " other languages is more preference. A point is a run; off a line, measures disagree."
    ),
    alt=(
        "Three panels over rank distance: own language first, language preference rate "
        "and recall in other languages, a point a run"
    ),
    data=by_run,
)

# %% [markdown]
# ## The numbers
#
# Means with 95 % intervals over articles and seeds. Rank distance is the paper's
# {cite}`elmahdy2024synergistic`; own language first and the language preference rate are after MLAIRE
# {cite}`jang2026mlaire`, TLR@20 is the recall in other languages of SHIFT {cite}`jang2026shift`.
# Without a preference the own language is first in one of as many queries as there are answers, and
# the preference rate is one half.

# %% tags=["hide-input"]
table = comparisons.estimates(groups, preference.MEASURES)
wide, name = comparisons.wide(table), f"{profile}-{benchmark}-preference"
display(show.show_plain(wide, name, index=True, numbers=table))
display(show.show_plain(correlations, f"{profile}-{benchmark}-correlations", index=True))
if len(disagreeing):
    display(show.show_plain(disagreeing, f"{profile}-{benchmark}-disagreements"))

# %% [markdown]
# Why they can disagree: rank distance counts positions and is ruled by the answer that is farthest off,
# in whatever language; whether the own language comes first looks at the top alone. An encoder can
# pull the far answers in and still put the reader's own language first. A measure of recall in other
# languages mixes preference with quality: it falls where nothing is found at all.

# %% tags=["hide-input"]
top_ten = preference.own_in_top_ten(store, profile, benchmark)
if top_ten.empty:
    display(show.say("", preference.top_ten_in_words(top_ten)))
else:
    display(show.heading("The top ten"))
    display(show.say(preference.top_ten_in_words(top_ten), preference.TOP_TEN))
    display(show.show_plain(top_ten, f"{profile}-{benchmark}-top-ten", index=True))

# %% [markdown]
# Of PEER {cite}`yang2024language` one paragraph is enough:

# %% tags=["hide-input"]
values = preference.peer(next(iter(runs.values())))
HTML(f"<p>{preference.peer_in_words(values)}</p>")

# %% [markdown]
# A preference for the reader's own language can be wanted: among equal answers one reads the own
# language first, and what cites a source should be checked by its reader. It is a fault where the
# other languages hold what the own one lacks, and where answers are gathered over all languages.
# What would change the answer: a pool in which the languages hold different things, where the best
# answer is not to be had in each of them.

# %% tags=["hide-input"]
how_made("preference", given, runs)
