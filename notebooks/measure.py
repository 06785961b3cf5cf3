# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Measure the data
#
# How large are corpus and benchmarks, has training seen evaluation texts, and what share of the texts has
# each language?

# %% tags=["parameters"]
profile: str = "quick"
corpus: str = "cldr"
benchmarks: str = "cldr"

# %%
from book.notebook import check_parameters

_ = check_parameters(globals())

# %%
from IPython.display import display

from study.analysis.data_counts import measure, measure_shares
from book.shared import html
from study.store.runs import Store

store = Store()

for name, run in measure(corpus, benchmarks.split(","), store, profile).items():
    display(html.show_plain(run.scores, f"{profile}-{name}-counts"))
shares = measure_shares(corpus, store, profile)
display(html.show_plain(shares.scores, f"{profile}-{corpus}-language-shares"))
