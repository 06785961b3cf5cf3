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
# # What the paper profile costs
#
# What does `make paper` need in GPU hours, memory, disk and download, and how does it grow? Nothing
# here was run on a GPU: tokens a second are measured on the machine below, tokens counted on
# XQuAD-R's texts, and hours reckoned for the accelerator that the parameters describe (an A100's
# peak, and the share of it that a well-fed encoder reaches).

# %% tags=["parameters", "remove-input"]
profile: str = "paper-xlm-r"
float32_teraflops: float = 19.5
bfloat16_teraflops: float = 312.0
utilisation: float = 0.4

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
import pandas as pd
from IPython.display import display

from study.analysis import cost
from study.runs.profile import load_profile
from book.pages import cost as costs
from book.shared import html as show
from book.shared.figure import show_figure
from book.shared.how_made import how_made
from book.shared import stored_runs
from study.store.runs import Store

store = Store()
paper = load_profile(profile)
texts = store.load(store.folder("cost", "texts", "xquad-r")).scores
speeds = stored_runs.runs(store, "cost", "speed")
sustained = {False: float32_teraflops * utilisation, True: bfloat16_teraflops * utilisation}
here = next(iter(speeds.values()))
hours = costs.hours(paper, texts, here.scores, sustained)
show.say(costs.answer(hours))

# %% tags=["hide-input"]
languages = costs.by_language(texts, sustained[False])
show_figure(
    costs.growth(languages),
    "cost-growth",
    caption=(
        f"All languages once: {costs.all_languages(languages)}; a language in proportion to its"
        " passages."
    ),
    alt=(
        "Bars: GPU hours of encoding each language of MIRACL once, for XLM-R and for "
        "multilingual-E5-small"
    ),
    data=languages,
)

# %% tags=["hide-input"]
show.show_plain(hours, "cost-hours")

# %% [markdown]
# Training and its validation are reckoned to their last step; early stopping makes them less.
# Validation is reckoned as encoding.
# Training computes in bfloat16, encoding in float32, as published scores do here: on a GPU that is
# where the hours go. Hours grow in proportion to steps, to passages and to their length; a language
# more in a pool of all languages costs its passages once, and each further run all of it again.
#
# ## MIRACL, language by language

# %% tags=["hide-input"]
show.show_plain(languages, "cost-miracl")

# %% [markdown]
# LaBSE's are those of XLM-R, which has the same layers. A language that XQuAD-R lacks counts as the
# mean of those that it has; XQuAD-R's paragraphs are longer than most of MIRACL's passages, so hours
# and download are rather too high than too low. Vectors lie on the disk while their language is
# searched and are deleted when it is scored.
#
# ## Memory and disk, in GB

# %% tags=["hide-input"]
needed = pd.DataFrame({name: cost.memory(paper, name) for name in cost.SHAPES}).T
show.show_plain(needed.rename_axis("backbone"), "cost-memory", index=True)

# %% [markdown]
# `weights` is the download and the size of a trained encoder; `training` is GPU memory if every text
# has its greatest length, by the formula of {cite:t}`korthikanti2022activation`; `vectors` is the
# largest language of MIRACL. Search itself keeps under 4 GB of memory however large the corpus.
# The collections of mMARCO are 2.7 to 7.6 GB a language, to be deleted once its pairs are selected.
#
# ## Measured
#
# `python -m speed cost` measures tokens a second on another machine and stores them under
# `results/cost/speed/`; the page then shows them too.

# %% tags=["hide-input"]
for name, run in speeds.items():
    display(show.show_plain(run.scores, f"cost-speed-{name}"))
how_made("cost", given, speeds)
