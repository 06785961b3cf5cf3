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
# # How much data
#
# How many groups of questions does training need, and does the order of the samplers depend on it?
# Each smaller part is contained in the larger one; all are validated on the same hold-out.

# %% tags=["parameters", "remove-input"]
profile: str = "raw-data-size"
benchmark: str = "xquad-r-every-3"

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
from IPython.display import display

from study.runs.profile import load_profile
from book.shared import comparisons, stored_runs
from book.shared import html as show
from book.shared.figure import show_figure
from book.shared.how_made import how_made
from book.pages import training_data
from study.store.runs import Store

store, parameters = Store(), load_profile(profile).runs()
runs = stored_runs.runs(store, profile, benchmark)
by_corpus = training_data.groups(runs, parameters)
means, differences = training_data.means(by_corpus), training_data.differences(by_corpus)
show.say_on(benchmark, training_data.answer(means, differences))

# %% tags=["hide-input"]
show_figure(
    training_data.draw(means),
    f"{profile}-corpora",
    caption=f"{training_data.ends_in_words(means)} With 95 % intervals over articles and seeds.",
    alt=(
        "Four panels over the training corpora: monolingual, cross-lingual and "
        "multilingual mAP and rank distance, a line a sampler with its intervals"
    ),
    data=means,
)

# %% [markdown]
# ## The numbers
#
# *Mo.*, *Cr.* and *Mul.* mAP are mean average precision within one language, across two and over all
# languages at once; of the rank distance less is better.
# Means over seeds with 95 % intervals over articles and seeds, the order of the samplers on each
# corpus, the best first, and the differences with their verdicts.
# The benchmark is a fixed third of the paragraphs of XQuAD-R, with all their sentences and
# questions; the trainings are of a length at
# which the samplers differ there. The interval of two seeds is wide, and can reach below what a
# distance can be.

# %% tags=["hide-input"]
wide = comparisons.wide(means).reset_index()
display(show.show_plain(wide, f"{profile}-means", numbers=means))
display(show.show_plain(training_data.orders(means), f"{profile}-orders", index=True))
against = comparisons.wide_against(differences)
display(show.show_plain(against, f"{profile}-differences", numbers=differences))

# %% [markdown]
# What would change the answer: steps that grow with the data, as all corpora get the same number here,
# so that the smallest is met many times; more seeds; other data of the same size.

# %% tags=["hide-input"]
how_made("data_size", given, runs)
