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
# # Publish an encoder
#
# How do others get a trained encoder? Its weights in the layout of sentence-transformers, a model
# card with data, sampler and scores with intervals, and the scores as mteb's task results. The run
# must have been trained on this machine. Upload the folder with `hf upload OWNER/NAME FOLDER`.

# %% tags=["parameters"]
profile: str = "raw"
name: str = "hybrid-0.5-seed0"
folder: str = "build/published/hybrid-0.5-seed0"

# %%
from hybridlib.notebook import check_parameters

_ = check_parameters(globals())

# %%
from pathlib import Path

from IPython.display import Markdown

from hybridlib.publish import publish
from hybridlib.store.runs import Store

publish(profile, name, Path(folder), Store())
Markdown((Path(folder) / "README.md").read_text().split("---")[-1])
