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
# # The eleven claims
#
# Does the paper's story hold here? Claims 1 to 5 say what was done; claims 6 to 11 are findings. Each
# finding has a family of tests that was fixed before the runs: on both benchmarks and from every
# start, corrected for their number by Holm's method.

# %% tags=["parameters", "remove-input"]
benchmarks: str = "xquad-r,mlqa-r"
num_batches: int = 1000

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
from IPython.display import display
from myst_nb import glue

from study.data.registry import load_pairs
from study.runs.profile import load_profile
from book.shared import html as show
from book.shared import sentences
from book.shared.how_made import how_made
from book.pages import claims
from study.store.runs import Store
from hybridlib.training.sampling import HybridBatches

batches = list(HybridBatches(load_pairs("cldr"), 32, num_batches, seed=0, alpha=0.5))
evidence = claims.gather(Store(), benchmarks.split(","), batches)
rows, tests = claims.adjudicated(evidence)
planned = [load_profile(profile) for profile in claims.STARTS.values()]
rates = [sentences.rates(one.title, one.runs()) for one in planned]
more = " ".join(filter(None, [claims.refuted_from(tests), *rates]))
summary = show.say(claims.summary(rows), more)
glue("summary", summary, display=False)
summary

# %% tags=["hide-input"]
show.show_plain(rows, "claims")

# %% [markdown]
# *Contradicted*: at least one test shows the opposite. *Supported*: every planned test shows it.
# *Partly supported*: some show it, all have run, and no mean leans the other way. *Undecided* says
# that the runs do not settle it, which is no evidence against it; where a planned start has not run
# (the starts are multilingual-E5-small and its first four layers), its tests count as ones that show
# nothing.
#
# ## The tests behind each finding
#
# Differences are the named sampler minus the other, with their 95 % interval over articles and
# seeds. `expects` is what the claim needs: *better*, or *not worse* by more than the margin.
# *Chance* is an encoder without a preference: one over the number of languages or of answers.

# %% tags=["hide-input"]
for number, table in tests.items():
    display(show.heading(f"{number}. {claims.FINDINGS[number]}"))
    display(show.show_tests(table, f"claim-{number}"))

# %% [markdown]
# ## Is it the unmixed batches that help?
#
# The paper's idea is to keep each batch in one kind. Two controls say whether that matters: the same
# mix drawn example by example, and query and passage languages drawn each for itself.

# %% tags=["hide-input"]
verdict, controls = claims.examine("controls", evidence)
display(show.say(f"Hybrid beats the controls: {verdict.verdict}.", f"{verdict.reason}."))
show.show_tests(controls, "controls")

# %% [markdown]
# ## What was done

# %% tags=["hide-input"]
show.show_plain(claims.protocol(evidence), "protocol")

# %% [markdown]
# ## Two measures of bias can disagree
#
# *Rank distance* asks how far apart the parallel answers of a query lie, in positions; *own language
# first* asks only which of them comes first. An encoder that puts the answer in the query's language
# first by a hair, the others right behind it, has a small distance and a strong preference. Both
# stand in the tests of claims 9 and 11. What would change these verdicts: other training texts,
# longer training, one learning rate for all samplers, another backbone.

# %% tags=["hide-input"]
how_made("claims", given, evidence.runs)
