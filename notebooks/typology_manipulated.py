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
# # The research question, manipulated
#
# What is a language's own training worth, and does a mix of batches depend on it less? A language
# is taken out of training, cut to few pairs or added, and nothing else changes: every language is
# its own control, and resource is what is changed.

# %% tags=["parameters", "remove-input"]
profiles: str = "raw-languages,raw-near-far"
benchmark: str = "xquad-r-every-3"
distance: str = "syntactic"
sampler: str = "hybrid"
baselines: str = "x-x,x-y"

# %% tags=["remove-input"]
from hybridlib.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]

from hybridlib.report import html as show
from hybridlib.report import stored_runs
from hybridlib.report.figure import show_figure
from hybridlib.report.chapters import manipulated
from hybridlib.store.runs import Store

store = Store()
counts = manipulated.counts(store, profiles, benchmark)
effects = manipulated.Effects(counts, sampler, baselines, distance)
show.say_on(benchmark, *manipulated.answer(effects))

# %% tags=["hide-input"]
show_figure(
    manipulated.draw(effects),
    f"manipulated-{benchmark}-{distance}",
    caption=(
        f"{manipulated.means_in_words(effects)} Below zero the sampler depends less on a language's"
        " own texts than the baseline does."
    ),
    alt=(
        "A panel a change: for each language the difference of the effects on two "
        "samplers with its interval, over its distance to the nearest language in "
        "training; dotted lines are the means"
    ),
    data=effects.by_language,
)

# %% [markdown]
# ## What is measured
#
# The score with more minus the score with less, over the pairs of the language with all others, in
# both directions, on the same questions: the logit of the share of answers found first, and mAP.
# *Left out* and *cut* say what the language's pairs were worth, *added* what they would bring. *Near
# for far*: training on English, German and Spanish instead of English, Turkish and Chinese, scored
# on the pairs of the five languages unseen by both; the distance is how much nearer the near ones
# are, zero where the nearest is English, which both have. A difference below zero says that the sampler depends less on the language's own texts.
#
# The test is the mean over languages, by article and seed, corrected over the changes and baselines
# of a measure {cite}`holm1979simple`; the points against distance are a picture, not a test.

# %% tags=["hide-input"]
show.show_plain(effects.average, f"manipulated-{benchmark}-average")

# %% tags=["hide-input"]
show.show_plain(effects.by_language, f"manipulated-{benchmark}-{distance}-by-language")

# %% [markdown]
# A limit: X-X draws its language uniformly, so a language that is cut keeps its share of the texts
# and only repeats them; in X-Y it is drawn where a pair has it, and all but disappears. In trainings
# this short few pairs would be met twice anyway, so *cut* changes exposure more than resource.

# %% tags=["hide-input"]
found = {
    (profile, benchmark): stored_runs.runs(store, profile, benchmark)
    for profile in profiles.split(",")
    if store.folder(profile, benchmark).is_dir()
}
show.how_made("typology_manipulated", given, stored_runs.by_place(found))
