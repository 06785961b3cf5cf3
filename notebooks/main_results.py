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
# # Main results
#
# Does hybrid batching rank best in one language, across two and over all at once? First the answer
# for this benchmark and initialisation, then the figure and the tables, the paper's numbers beside
# ours where it has them: they come from other backbones and other training data, so compare the
# order of the samplers, not the values. *Untrained* is the start itself, before these trainings.

# %% tags=["parameters", "remove-input"]
profile: str = "quick"
benchmark: str = "cldr"
model: str = "XLM-R"

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input", "nbval-check-output"]
from IPython.display import display
from myst_nb import glue

from study.runs.profile import load_profile
from book.pages import main_results
from book.shared import comparisons, sentences, tables
from book.shared import html as show
from book.shared.figure import show_figure
from book.shared.how_made import how_made
from book.shared import stored_runs
from study.store.runs import Store

store = Store()
runs = stored_runs.runs(store, profile, benchmark)
scores = stored_runs.scores(runs)
table = tables.headline(scores, benchmark)
for key, value in tables.values_to_glue(table).items():
    glue(key, value, display=False)
differences = tables.hybrid_against(scores)
planned = load_profile(profile)
place = f"{show.benchmark_in_words(benchmark)} from {planned.title}"
answer = show.say(
    f"On {place}: {sentences.answer(differences)}", sentences.rates(planned.title, planned.runs())
)
glue("answer", answer, display=False)
display(answer, show.say_missing(planned.runs(), runs))

# %% tags=["hide-input"]
figure = show_figure(
    main_results.headline(table),
    f"{profile}-{benchmark}-figure",
    caption=main_results.caption(table),
    alt=(
        "Four panels, monolingual, cross-lingual and multilingual mAP and rank distance, "
        "a row a sampler: this book's runs as filled circles with their intervals, the "
        "paper's as hollow squares and diamonds"
    ),
    data=table.reset_index(),
)
glue("figure", figure, display=False)
figure

# %% tags=["hide-input"]
headline = show.show(table, f"{profile}-{benchmark}-headline")
glue("headline-table", headline, display=False)
headline

# %% [markdown]
# Best in bold, second underlined, within each source. Means over languages (Mo., Mul.) and ordered
# language pairs (Cr.), then over seeds; below each of ours its 95 % interval, over articles and seeds
# together (a t with Satterthwaite's degrees of freedom). *Show intervals*, above, adds the range of the
# single seeds, and the intervals of the tables by language. Where there is one run, its seed's share is
# unknown and there is no interval. Ties go against the relevant candidate. Seed, commit, machine and date of every run: {doc}`/build/executed/provenance`.
#
# ## What hybrid batches gain over each other sampler
#
# Hybrid minus the other, with the verdict: *better* or *worse* by a t-test of no difference,
# *equivalent* by two one-sided tests against the margin (.01 mAP, 5 % of the rank distance, fixed
# before the runs), else *undecided*. Not corrected for their number.

# %% tags=["hide-input"]
gains = show.show_plain(differences, f"{profile}-{benchmark}-differences", index=True)
glue("differences", gains, display=False)
gains

# %% [markdown]
# ## Language by language
#
# The embedded questions of a quick run are generated ({doc}`/build/executed/data`): they show the way,
# not how good an encoder is. The paper prints some means twice, and not always alike; each table has
# its own. mAP, then recall: the share of the relevant candidates at the top of the ranking, to the depth
# that the metric's name says. A cross-lingual row is the mean over the other languages' candidates.

# %% tags=["hide-input"]
for setting, metric in main_results.settings_and_metrics(runs):
    rows = tables.by_language(scores, benchmark, model, setting, metric)
    display(show.heading(f"{setting.capitalize()} {metric}"))
    display(show.show_by_language(rows, f"{profile}-{benchmark}-{setting}-{metric}", metric))

# %% tags=["hide-input"]
pairs = main_results.pair_scores(runs)
show_figure(
    main_results.pair_heat_map(pairs),
    f"{profile}-{benchmark}-pairs",
    caption=(
        "From the diagonal, one language, to the rest, two, mAP falls by so much: "
        f"{comparisons.ranked(main_results.fall_across(pairs), smaller_is_better=True)}."
    ),
    alt=(
        "Heat maps of mAP for each query language and candidate language, a panel a "
        "sampler; the diagonal is monolingual retrieval"
    ),
    data=main_results.pairs_in_rows(pairs),
)

# %% tags=["hide-input"]
how_made("main_results", given, runs)
