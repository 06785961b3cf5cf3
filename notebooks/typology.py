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
# # The research question, observed
#
# Is a mix of monolingual and cross-lingual batches more robust to typological distance than either
# alone, and for whom? Here on runs that were made for another purpose: only seven or eleven
# languages, so few that a regression over their pairs shows little. Two other routes follow.

# %% tags=["parameters", "remove-input"]
profile: str = "raw"
benchmark: str = "xquad-r"
distance: str = "syntactic"
sampler: str = "hybrid"
baselines: str = "x-x,x-y"

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
from IPython.display import HTML
from myst_nb import glue

from study.runs.profile import load_profile
from book.shared import html as show
from book.shared.figure import show_figure
from book.shared.how_made import how_made
from book.shared import reference, sentences, stored_runs
from book.pages import typology, typology_shown
from study.store.runs import Store

store = Store()
counts = typology.counts(store, profile, benchmark)
texts = typology.training_texts(store, profile, benchmark)
compared = typology.compare(counts, sampler, baselines, distance)
resource = typology.by_resource(compared, texts)
planned = load_profile(profile)
place = f"{reference.DATASETS.get(benchmark, benchmark)} from {planned.title}"
name = f"{profile}-{benchmark}-{distance}"
answer, *how = typology_shown.answer(compared, resource, place)
for one in compared:
    glue(f"slope/{one.baseline}", float(one.main["slope"]), display=False)
    glue(f"p/{one.baseline}", float(one.main["p"]), display=False)
how += filter(None, [sentences.rates(planned.title, planned.runs())])
said = [("", typology_shown.low_resource_in_mlqa()), (answer, ""), *(("", more) for more in how)]
HTML("".join(show.say(*words).data for words in said))

# %% tags=["hide-input"]
pairs = typology.pair_table(compared, texts)
show_figure(
    typology_shown.draw(compared, pairs),
    f"{name}-pairs-by-distance",
    caption=(
        f"{typology_shown.slopes_in_words(compared)} What is left of distance and gain within"
        " languages: a rising line is a gain that grows with distance."
    ),
    alt=(
        "A point a pair of languages, named: what is left of its distance and of the gain"
        " when every language has an intercept of its own, a panel a baseline, shapes for"
        " pairs seen and unseen in training; inset, the slopes under permuted languages"
    ),
    data=pairs,
)

# %% [markdown]
# ## What is measured
#
# For queries in language a and answers in b the *gap* is the logit of the share of questions whose
# answer comes first, less the same for queries in b itself: what it costs to ask in another
# language, with the same candidates and the same questions. The *gain* is the sampler's gap minus
# the baseline's, averaged over both directions. Its slope on distance is positive where the sampler
# loses less between distant languages. A gap also narrows where the same language gets worse: the
# tables have both its terms.
#
# **The plain slope misleads.** Languages that an encoder knows badly are also the distant ones: a
# sampler that helps Thai with everybody has a plain slope, although distance does nothing. So every
# language has an intercept of its own (*within languages*), and only what distance adds counts.
# Intervals are by article and by seed, for these languages; p is the share of orders of the
# languages with a slope as large; a slope counts as shown where the interval excludes zero and p is .05 at
# most {cite}`krackhardt1988predicting`. Distances are URIEL's
# {cite}`littell2017uriel`.

# %% tags=["hide-input"]
show.show_plain(typology.slope_table(compared), f"{name}-slopes")

# %% [markdown]
# ## For whom
#
# Low resource in three ways: no text in this training, the class of {cite:t}`joshi2020state`, and
# the size of the Wikipedia. Gains in the gap, in logits; the slope is that among these pairs, within languages.
# It is empty where they are too few to have one.

# %% tags=["hide-input"]
show.show_plain(resource, f"{name}-resource")

# %% [markdown]
# ## One language left out, and every pair
#
# The slope without each language in turn; then all pairs: the gain in the gap, in its terms
# (*cross* from another language, *own* from the same) and in mAP; *x* and *y* are where the figure has
# the pair. What hangs on one language alone, as *own*, has no slope where each has an intercept.

# %% tags=["hide-input"]
left_out = typology.left_out_table(compared)
show.show_plain(left_out, f"{name}-left-out")

# %% tags=["hide-input"]
show.show_plain(pairs, f"{name}-pairs")

# %% tags=["hide-input"]
how_made("typology", given, stored_runs.runs(store, profile, benchmark))
