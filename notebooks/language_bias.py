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
# # Language bias
#
# Does the encoder prefer a language? In the pool of all languages, a query's answer stands once in
# each language that has it (all eleven of XQuAD-R, two to four of MLQA-R's seven). Without a preference the parallel answers are neighbours in the ranking; the rank
# distance says how far apart they are.

# %% tags=["parameters", "remove-input"]
profile: str = "quick"
benchmark: str = "cldr"
model: str = "XLM-R"

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
from IPython.display import display

from study.runs.profile import load_profile
from book.pages import language_bias
from book.shared import comparisons, tables
from book.shared import html as show
from book.shared.figure import show_figure
from book.shared.how_made import how_made
from book.shared import stored_runs
from study.store.runs import Store

store = Store()
runs = stored_runs.runs(store, profile, benchmark)
scores = stored_runs.scores(runs)
distances = language_bias.quantiles(language_bias.rank_distances(runs))
display(show.say_missing(load_profile(profile).runs(), runs))
show_figure(
    language_bias.distance_curves(distances),
    f"{profile}-{benchmark}-rank-distances",
    caption=(
        "The share of queries with at most this rank distance: the further left, the less bias."
        f" Half of them have at most {comparisons.ranked(distances.median(), True)}."
    ),
    alt=(
        "Cumulative share of queries over the rank distance on a logarithmic axis, a "
        "curve a sampler: the further left, the less bias"
    ),
    data=distances.reset_index(),
)

# %% [markdown]
# ## Rank distance by query language
#
# Mean over queries, in positions; lower is better (the paper's tables 7 and 8). Best in bold,
# second underlined, within each source. *Show intervals*, above, gives each
# mean its 95 % interval, over articles and seeds, and the range of the single seeds.

# %% tags=["hide-input"]
bias = tables.by_language(scores, benchmark, model, "multilingual", tables.DISTANCE)
show.show_by_language(bias, f"{profile}-{benchmark}-rank-distance", tables.DISTANCE)

# %% [markdown]
# ## Which answer comes first
#
# Share of queries whose best-ranked answer is the one in their own language. An encoder without a
# preference would come to one in the number of parallel answers.

# %% tags=["hide-input"]
first = tables.by_language(scores, benchmark, model, "multilingual", "own language first")
show.show_by_language(first, f"{profile}-{benchmark}-own-language", "own language first")

# %% [markdown]
# ## A query to look at
#
# A typical query: its rank distance is near the median of every sampler. Each dot is the answer in
# one language.

# %% tags=["hide-input"]
example = language_bias.typical_example(runs)
show_figure(
    language_bias.ranking_strip(example, list(example["run"].unique())),
    f"{profile}-{benchmark}-one-query",
    caption=(
        "One query under every sampler: a dot is an answer. Positions from the first to the last: "
        f"{comparisons.ranked(language_bias.spans(example), True)}."
    ),
    alt=(
        "The parallel answers of one query on a logarithmic rank axis, a row a sampler, "
        "with the rank distance of each"
    ),
    data=example,
)

# %% [markdown]
# Rank distance counts positions, so it grows with the pool and is ruled by a few answers that are
# far off; the curve shows the whole distribution. Seed, commit, machine and date of every run:
# {doc}`/build/executed/provenance`.

# %% tags=["hide-input"]
how_made("language_bias", given, runs)
