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
# # Uneven data
#
# Every pair of the balanced help stands in all six languages. Package descriptions are of the other
# kind: thirteen languages, few pairs in most of them, another domain. Does the order of the samplers
# survive, alone and together with the help, corpora in proportion to their size?

# %% tags=["parameters", "remove-input"]
profile: str = "raw-corpora"
benchmark: str = "xquad-r-every-3"
uneven: str = "package-descriptions"

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
from IPython.display import HTML, display

from study.runs.profile import load_profile
from book.shared import comparisons, stored_runs
from book.shared import html as show
from book.shared.figure import show_figure
from book.shared.how_made import how_made
from book.pages import training_data
from book.shared.samplers import labels
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
# Means over seeds with 95 % intervals over articles and seeds (none where there is one seed), the
# order of the samplers on each corpus, the best first, and the differences with their verdicts.
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
# ## A confound: the languages are not drawn alike
#
# X-X draws the language of a batch uniformly, X-Y draws two of the languages that a pair has. On even
# data that is the same. Here it is not: the two most frequent languages have most of the texts of
# X-Y and a small part of those of X-X, and the rare ones the other way round. A difference between
# the samplers on this corpus can come from the batches or from this exposure; these runs cannot tell
# them apart.

# %% tags=["hide-input"]
shares = store.load(store.folder(profile, "language-shares", uneven)).scores
display(HTML(f"<p>{training_data.exposure(shares)}</p>"))
display(show.show_plain(shares.rename(columns=labels()), f"{uneven}-language-shares"))

# %% [markdown]
# What would change the answer: an X-X that draws its language in proportion to its pairs, which would
# take the confound away; more seeds; a benchmark in the domain of package descriptions.

# %% tags=["hide-input"]
how_made("uneven_data", given, runs)
