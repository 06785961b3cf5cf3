# %% [markdown]
# # Is it robust to distance?
#
# Is a mix of batches more robust to typological distance than either kind alone? **Than X-X on XQuAD-R,
# yes; on MLQA-R, and than X-Y, it is not shown.** Three routes: observed on the study's runs, manipulated by
# changed training languages, and at scale. MLQA has no low-resource language by the classes of
# {cite:t}`joshi2020state`.

# %% tags=["parameters", "remove-input"]
profiles: str = "e5"
benchmarks: str = "mlqa-r,xquad-r"
manipulated: str = "raw-languages-mlqa"
manipulated_on: str = "mlqa-r"
at_scale: str = "raw"
distance: str = "syntactic"
sampler: str = "hybrid"
baselines: str = "x-x,x-y"

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
from functools import partial

from book.pages import manipulated as changed
from book.pages import typology, varieties
from book.shared.html import how_made
from book.shared.stored_runs import places, provenance, tabbed

asked = {"kind": distance, "sampler": sampler, "baselines": baselines}
there = places(profiles, benchmarks)
tabbed(partial(typology.figure, **asked), there)

# %% [markdown]
# ## Observed
#
# Take queries in language a and answers in b. Their *gap* is the logit of the share of questions whose
# answer comes first, less that of queries in b itself. The *gain* is the sampler's gap minus the other's,
# over both directions. Its slope on distance is positive where the sampler loses less between distant
# languages. Every language has an intercept of its own: those that an encoder knows badly are also the
# distant ones. Intervals are by article and seed; p is by orders of the languages
# {cite}`krackhardt1988predicting`; distances are URIEL's {cite}`littell2017uriel`.
# A slope counts as shown where its interval excludes zero and p is .05 at most. Of the terms, *cross* is a's
# logit, *own* b's, which the gap takes from it.

# %% tags=["hide-input"]
tabbed(partial(typology.numbers, **asked), there)

# %% [markdown]
# ## Manipulated
#
# A language is taken out of training, or added. Effects are logits of R@1 over the language's pairs with
# all others, more minus less of it. *Distance* is to the nearest language of training.
# The runs are the second edition's, from the raw start at a rate chosen on training data.

# %% tags=["hide-input"]
found = changed.counts(places(manipulated, manipulated_on))
effects = changed.effects(found, sampler, baselines, distance)
changed.figure(effects, sampler, manipulated_on)

# %% tags=["hide-input"]
changed.numbers(effects, manipulated_on)

# %% [markdown]
# ## At scale
#
# SIB-200 {cite}`adelani2024sib` has the same sentences in many varieties: a sentence is the query, its
# translation is sought among those of another variety. That is another task than question answering.
# Intervals are by seed; p permutes the varieties.
# The runs are the second edition's, from the raw start at a rate chosen on training data.

# %% tags=["hide-input"]
scale = places(at_scale, "sib-200")
widely = asked | {"baselines": f"{baselines},untrained"}
tabbed(partial(varieties.figure, **widely), scale)

# %% tags=["hide-input"]
tabbed(partial(varieties.numbers, **widely), scale)

# %% [markdown]
# ## How much hangs on the choices
#
# The slope of the gain with one choice changed at a time.

# %% tags=["hide-input"]
typology.sensitivity(there, sampler, baselines)

# %% tags=["hide-input"]
others = [*scale, *places(manipulated, manipulated_on), *places("balanced-help", "data")]
how_made("typology", given, provenance([*there, *others]))
