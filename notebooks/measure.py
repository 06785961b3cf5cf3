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
# How large are corpus and benchmarks, and has training seen evaluation texts?

# %% tags=["parameters"]
profile: str = "quick"
corpus: str = "cldr"
benchmarks: str = "cldr"

# %%
from book.notebook import check_parameters

_ = check_parameters(globals())

# %%
from IPython.display import display

from study.analysis.data_counts import measure
from book.shared import html
from study.store.runs import Store

store = Store()

for name, run in measure(corpus, benchmarks.split(","), store, profile).items():
    display(html.show_plain(run.scores, f"{profile}-{name}-counts"))
