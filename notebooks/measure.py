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
# # Measure the data and map the embeddings
#
# How large are corpus and benchmarks, has training seen evaluation texts, and where do parallel
# sentences lie in the embedding space before and after training? The runs of `map_runs` must have
# been evaluated on `map_benchmark` before.

# %% tags=["parameters"]
profile: str = "quick"
corpus: str = "cldr"
benchmarks: str = "cldr"
map_benchmark: str = "cldr"
map_runs: str = "untrained,x-x-seed0,x-y-seed0,hybrid-0.5-seed0"

# %%
from hybridlib.notebook import check_parameters

_ = check_parameters(globals())

# %%
from IPython.display import display

from hybridlib.analysis.data_counts import measure
from hybridlib.report.chapters import embeddings
from hybridlib.report import html as show
from hybridlib.store.runs import Store

store = Store()

for name, run in measure(corpus, benchmarks.split(","), store, profile).items():
    display(show.show_plain(run.scores, f"{profile}-{name}-counts"))

# %% mystnb={"image": {"alt": "Two-dimensional maps of the same parallel sentences, a panel an encoder, coloured by language"}}
from hybridlib.analysis.embedding_map import stored_map

drawn = embeddings.embedding_map(
    stored_map(profile, map_benchmark, map_runs.split(","), store).scores
)
