# %% [markdown]
# # Evaluate an encoder
#
# How well does an encoder rank in one language, across two and over all, and does it prefer a
# language? `encoder` is a folder in the layout of sentence-transformers, a repository on the hub,
# or a name such as `multilingual-e5-small`.

# %% tags=["parameters"]
encoder: str = "multilingual-e5-small"
benchmark: str = "cldr"
profile: str = "scratch"
name: str = "untrained"

# %%
from book.notebook import check_parameters

parameters = check_parameters(globals())

# %%
from hybridlib.evaluation import three_settings
from study.runs.run import evaluate_encoder
from book.shared import html
from study.store.runs import Store

run = evaluate_encoder(**parameters, store=Store())
html.show_plain(three_settings.summarize(run.scores), f"{name}-{benchmark}")

# %% [markdown]
# Language by language; cross-lingual rows are means over the candidates' languages, rank distance
# is in positions.

# %%
html.show_plain(three_settings.by_query_language(run.scores), f"{name}-{benchmark}-by-language")

# %%
run.provenance
