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
# # Explorer
#
# Which pairs of languages gain by a sampler, which lose, and what lies behind one number?

# %% tags=["parameters", "remove-input"]
profiles: str = "raw"
benchmarks: str = "xquad-r,mlqa-r"

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
from IPython.display import HTML, display

from book.shared.downloads import csv_link
from book.shared.how_made import how_made
from book.shared import stored_runs
from book.pages import explorer, explorer_shown
from study.store.runs import Store

runs = stored_runs.runs_of_each(Store(), profiles, benchmarks)
found = explorer.contents(runs)
display(explorer.opening(found), explorer_shown.page(found))

# %% [markdown]
# **Matrices.** A score is the mean over the seeds, as stored. One colour scale serves both matrices and
# ends at the largest score that any sampler has on the benchmark from this start; that of the
# difference ends at the largest of the two samplers, white is none. Differences have no interval here: which of them count is in
# {doc}`/build/executed/answer` and {doc}`/build/executed/claims`.
#
# Vega-Altair draws the views. Its script comes from a package of the index, so that this page asks no
# server, and one description gives the chart here and the picture that stands here without
# JavaScript. For such a picture Bokeh needs a browser, and plotly's script alone is larger than a page
# of this book may be.
#
# **Behind one pair.** A click on a cell chooses it, and so do the two boxes. The bars are the
# questions by their score, ten equal bins, the questions of all seeds together. A question has one
# answer in a language, so its mAP is one over the answer's rank: the last bar is the answers at the
# top.
#
# **One question's answers.** The pool holds the candidates of every language; a mark is a seed, the
# upright bar the median over seeds. Which questions are offered was decided without a look at a
# result: the benchmark's articles in the order of the alphabet, twenty evenly spread over it, of each
# the question with the smallest id. The texts are the benchmarks' own and are not copied here.

# %% tags=["hide-input"]
HTML(
    f"<p>The numbers of every matrix: {csv_link(explorer.matrices(found), 'explorer-matrices')}</p>"
)

# %% tags=["hide-input"]
how_made("explorer", given, stored_runs.by_place(runs))
