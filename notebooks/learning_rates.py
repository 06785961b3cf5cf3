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
# # Settings tried
#
# Which learning rate and temperature do the published runs have, and why? They were chosen on help
# texts held out of training, by the multilingual mAP of hybrid batches, not on a benchmark. The
# paper trains with one learning rate and prints no temperature.

# %% tags=["parameters", "remove-input"]
profile: str = "tuning"
benchmark: str = "product-help-held-out"

# %% tags=["remove-input"]
from hybridlib.notebook import check_parameters

_ = check_parameters(globals())

# %% tags=["hide-input"]
from hybridlib.experiments.profile import load_profile
from hybridlib.report.chapters import learning_rates
from hybridlib.report import html as show
from hybridlib.report import stored_runs
from hybridlib.store.runs import Store

store = Store()
runs = stored_runs.runs(store, profile, benchmark)
tried = learning_rates.settings_tried(runs, load_profile(profile).runs())
show.show_plain(tried, f"{profile}-settings")

# %% [markdown]
# The first row is what the published runs use. All rows are hybrid, one seed; batch
# size, steps, warm-up and lengths were not varied. Mo., Cr. and Mul. are measured as on the
# benchmarks, with the held-out headings as queries and their paragraphs as candidates.

# %% tags=["hide-input"]
show.show_plain(stored_runs.provenance(runs), f"{profile}-provenance")
