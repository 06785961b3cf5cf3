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
# # Learning rates
#
# Which learning rate does each sampler take? Every sampler is tried by itself, on pairs held out of
# training by group, so that no held-out heading or paragraph stands in training; the choice
# looks at no benchmark. The rule was fixed before the runs: the highest mean of the three mAPs.

# %% tags=["parameters", "remove-input"]
profile: str = "raw-learning-rate"
benchmark: str = "balanced-help-held-out"
read_after: str = "xquad-r-every-3"

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
from IPython.display import display

from study.runs.profile import load_profile
from book.shared import html as show
from book.shared.how_made import how_made
from book.shared import stored_runs
from book.pages import learning_rates
from study.store.runs import Store

store = Store()
runs = stored_runs.runs(store, profile, benchmark)
tried = learning_rates.rates_tried(runs, load_profile(profile).runs())
show.say(learning_rates.answer(tried))

# %% tags=["hide-input"]
show.show_plain(learning_rates.written(tried), f"{profile}-tried", numbers=tried)

# %% [markdown]
# One seed each, with a constant rate after the warm-up; batch size, temperature and lengths were
# not varied. Mo., Cr. and Mul. are measured as on the benchmarks, with the held-out headings as
# queries, one a group, and their paragraphs as candidates. Another number of steps or another
# temperature could change the choice.

# ## What another rate would have given
#
# The same encoders on a third of XQuAD-R, read after the choice, which it did not enter. Compare the
# samplers at one rate, too: an order that changes with the rate is no property of the samplers.

# %% tags=["hide-input"]
after = stored_runs.runs(store, profile, read_after)
at_rates = learning_rates.by_rate(after, load_profile(profile).runs())
name = f"{profile}-{read_after}"
display(show.say(learning_rates.first_at_each_rate(at_rates)))
show.show_plain(learning_rates.written(at_rates), name, numbers=at_rates)

# %% tags=["hide-input"]
how_made("learning_rates", given, runs)
