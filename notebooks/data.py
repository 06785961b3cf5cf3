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
# # Data
#
# **What goes in and what it is tested on.** Training pairs are parallel: a query and its passage
# in several languages. Benchmarks have parallel queries and candidates, so that one question can
# be asked in every language against every language.

# %% tags=["parameters", "remove-input"]
benchmark: str = "cldr"
corpus: str = "cldr"

# %% tags=["remove-input"]
from hybridlib.parameters import check_parameters

_ = check_parameters(globals())

# %% [markdown]
# ## Benchmarks
#
# The embedded benchmark asks about places, currencies, languages and scripts; questions and
# answers are generated in eleven languages from the Unicode CLDR {cite}`cldr`, with distractors
# that share the entity or the relation. It is small and regular: it shows in minutes how the
# samplers differ, not how good an encoder is. The published numbers are on XQuAD-R and MLQA-R,
# whose sizes equal table 10 of the paper.

# %% tags=["hide-input"]
from hybridlib.data.registry import load_benchmark, load_pairs
from hybridlib.report import corpora, reference, show

texts = load_benchmark(benchmark)
show.show_plain(texts.sizes(), f"{benchmark}-sizes")

# %% tags=["hide-input"]
show.show_plain(reference.lareqa_sizes(), "paper-table-10")

# %% [markdown]
# ## Training corpora
#
# Corpora are drawn in proportion to their size. What the embedded training questions ask about is
# disjoint from what the evaluation asks about.

# %% tags=["hide-input"]
pairs = load_pairs(corpus)
show.show_plain(corpora.corpus_sizes(pairs), f"{corpus}-pairs")

# %% [markdown]
# One pair of each corpus, in English and German:

# %% tags=["hide-input"]
show.show_plain(corpora.examples(pairs, ["en", "de"]), f"{corpus}-examples")
