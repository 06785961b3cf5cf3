# %% [markdown]
# # Measure the data
#
# How large are corpus and benchmarks, has training seen evaluation texts, and what does each sampler draw?

# %% tags=["parameters"]
profile: str = "quick"
corpus: str = "cldr"
benchmarks: str = "cldr"

# %%
from book.notebook import check_parameters

_ = check_parameters(globals())

# %%
from IPython.display import display

from study.analysis.arm_draws import measure_draws
from study.analysis.data_counts import measure
from book.shared import html
from study.runs.profile import load_profile
from study.store.runs import Store

store = Store()

for name, run in measure(corpus, benchmarks.split(","), store).items():
    display(html.show_plain(run.scores, f"{corpus}-{name}-counts"))

# %%
arms = {}  # the first seed of each
for parameters in load_profile(profile).runs().values():
    if parameters.num_steps:
        arms.setdefault((parameters.sampler, parameters.alpha), parameters)
for parameters in arms.values():
    draws = measure_draws(parameters, store, profile)
    display(html.show_plain(draws.scores, f"{profile}-{parameters.name}-draws"))
