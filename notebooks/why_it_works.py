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
# # Why it works
#
# Is it the X-X examples, or that they come in whole batches? A control draws the same mix example by
# example. The two curves also differ in the cue that language gives within a batch.

# %% tags=["parameters", "remove-input"]
profile: str = "raw"
benchmarks: str = "xquad-r,mlqa-r"

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
from IPython.display import HTML

from study.runs.profile import load_profile
from book.shared import comparisons, sentences, stored_runs
from book.shared import html as show
from book.pages import why_it_works
from book.shared.figure import show_figure
from book.shared.how_made import how_made
from study.store.runs import Store

runs = {name: stored_runs.runs(Store(), profile, name) for name in benchmarks.split(",")}
groups = {name: stored_runs.scores(found) for name, found in runs.items()}
differences = why_it_works.differences(groups)
planned = load_profile(profile)
rates = sentences.rates(planned.title, planned.runs())
said = [show.say(one) for one in why_it_works.answers(differences)]
said += [show.say("", rates)] if rates else []
HTML("".join(one.data for one in said))

# %% tags=["hide-input"]
show_figure(
    why_it_works.draw(differences),
    f"{profile}-why",
    caption=why_it_works.counted(differences),
    alt=(
        "A panel a contrast: differences in units of the margin with their "
        "intervals, a row a benchmark and measure, better to the right, the verdict by colour "
        "and shape"
    ),
    data=differences,
)

# %% [markdown]
# A gain counts in margins (fixed before the runs); the grey band is one margin to each side. The
# verdicts are not corrected for their number; the planned tests of the controls are on another page
# ({doc}`/build/executed/claims`).

# %% tags=["hide-input"]
wide = comparisons.wide_against(differences)
show.show_plain(wide, f"{profile}-why-differences", numbers=differences)

# %% [markdown]
# ## How often does the own language come first?
#
# By chance it is one in the number of parallel answers: eleven languages have one on XQuAD-R, two to
# four on MLQA-R. In an X-Y batch the passage is never in the query's language.

# %% tags=["hide-input"]
ranks = {name: next(iter(found.values())).ranks for name, found in runs.items()}
table = why_it_works.own_language_first(groups, ranks)
show.show_plain(table, f"{profile}-why-own-language")

# %% [markdown]
# What would change the answer: a start in which language weighs less; another length of training
# ({doc}`/build/executed/raw-curve/learning_curves`); more seeds where a verdict is undecided.

# %% tags=["hide-input"]
every = {f"{place}/{name}": run for place, found in runs.items() for name, run in found.items()}
how_made("why_it_works", given, every)
