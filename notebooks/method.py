# %% [markdown]
# # The method
#
# **One idea: which languages meet in a batch.** With probability $\alpha$ the next batch is X-X, all in one
# language. Else it is X-Y, query and passage of each example in different languages
# {cite}`elmahdy2024synergistic`.

# %% tags=["parameters", "remove-input"]
seed: int = 0
batch_size: int = 6
num_batches: int = 8
alpha: float = 0.5

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% [markdown]
# ## What meets in a batch (figure 2)
#
# Real batches of every sampler, drawn with the seed of this page from the embedded questions
# in English, Arabic and Chinese. A row is a batch; a cell is an example, its query on the left and
# its passage on the right. *By example*, a control that is not in the paper, throws the coin for each
# example. If it does as well, whole batches of a kind are not what helps.

# %% tags=["hide-input"]
from functools import partial

from book.pages import method as method_figures
from book.shared.figure import show_figure
from book.shared.html import how_made
from study.data.cldr import load as cldr
from hybridlib.training.sampling import SAMPLERS, make_batches

pairs = cldr.load_pairs().only(["ar", "en", "zh"])
drawn = {
    sampler.label: list(make_batches(name, pairs, batch_size, num_batches, seed, alpha))
    for name, sampler in SAMPLERS.items()
}
show_figure(
    partial(method_figures.batches, drawn, pairs.languages),
    "batches",
    caption="Each row is a batch; a cell is a query, left, and its passage.",
    alt=(
        "Rows of coloured cells, a panel a sampler: X-X rows have one colour each, X-Y "
        "cells have two colours each, hybrid rows are of both kinds, and the control "
        "mixes cells of one and of two colours within a row"
    ),
)

# %% [markdown]
# ## The loss
#
# A dual encoder turns queries and passages into vectors with shared parameters, and the cosine of two
# vectors is their score. InfoNCE pulls a query to its passage and pushes it from the other passages of the
# batch. This is equation 1; the paper prints no temperature, here it is the parameter $\tau$.
#
# $$
# \mathcal{L} = -\frac{1}{|B|} \sum_{i \in B}
# \log \frac{e^{\cos(q_i, p_i) / \tau}}{\sum_{j \in B} e^{\cos(q_i, p_j) / \tau}}
# $$
#
# So the batch decides what an encoder learns to tell apart. In an X-X batch the language is drawn
# uniformly, and only meaning separates the passages. In an X-Y batch language is an anti-cue. The passage
# that is sought is never in the query's own language, and an encoder can learn to avoid it.

# %% [markdown]
# ## Three retrieval settings (figure 1)
#
# A query searches the candidates of its own language, those of one other language, or those of all
# languages together {cite}`roy2020lareqa`.

# %% tags=["hide-input"]
show_figure(
    method_figures.settings,
    "three-settings",
    caption="Candidates of the query's language, of one other, or of all languages in one pool.",
    alt=(
        "Three panels: an English query searches English candidates (monolingual), an "
        "Arabic query searches English candidates (cross-lingual), an English query "
        "searches the candidates of all languages in one pool (multilingual)"
    ),
)

# %% [markdown]
# ## What is measured
#
# - **mAP** over the full ranking; recall at 1 (monolingual, cross-lingual) or 10 (multilingual).
# - **Rank distance**, the language bias: in the ranking of all languages, the largest minus the
#   smallest rank among a query's parallel answers, averaged over queries, then languages. An
#   encoder without a preference ranks the answers side by side; lower is better.
# - Scores are computed in float32. Ties go against the relevant candidate; a relevant candidate
#   counts the other relevant ones like any candidate, as trec_eval does.
#
# No two pairs of one *group* meet in a batch. Pairs that share a query or a passage text, in whatever
# language, or a query id, answer each other. They would be false negatives. The rule is the same for
# every sampler. The paper does not say whether its batches had them.

# %% tags=["hide-input"]
how_made("method", given)
