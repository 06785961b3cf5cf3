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
# # The claims
#
# Does the paper's story hold here? Each of its eleven claims, the test that is put to it, and a
# verdict computed from the stored results. A claim is supported if every test of it, on every
# benchmark and from every initialisation that has run, speaks for it; a level comparison does not.

# %% tags=["parameters", "remove-input"]
profiles: str = "first-edition,first-edition-aligned"
benchmarks: str = "xquad-r,mlqa-r"
num_batches: int = 1000

# %% tags=["remove-input"]
from hybridlib.notebook import check_parameters

_ = check_parameters(globals())

# %% tags=["hide-input"]
from IPython.display import HTML
from myst_nb import glue

from hybridlib.data.registry import load_pairs
from hybridlib.report.chapters import claims
from hybridlib.report import html as show
from hybridlib.store.runs import Store
from hybridlib.training.sampling import HybridBatches

batches = list(HybridBatches(load_pairs("cldr"), 32, num_batches, seed=0, alpha=0.5))
evidence = claims.gather(Store(), profiles.split(","), benchmarks.split(","), batches)
rows = claims.adjudicate(evidence)
summary = HTML(claims.summary(rows))
glue("summary", summary, display=False)
summary

# %% tags=["hide-input"]
show.show_plain(rows[["number", "claim", "verdict"]], "claims")

# %% [markdown]
# ## The evidence
#
# Differences come with their 95 % interval, clustered by question and over seeds, not corrected for
# their number. Rank distances are in positions.

# %% tags=["hide-input"]
show.show_claims(rows, "claims-evidence")
