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
# # A map of the embedding space
#
# Do translations lie together, or does each language keep to itself? The same sentences before and
# after training, coloured by language, projected onto the same two axes: those along which the
# languages' means differ most, over all these encoders together, each encoder's mean taken out. It
# is the view in which the languages of all these encoders together are furthest apart, and the
# untrained one weighs most in it: colours that mix here can lie apart on other axes.

# %% tags=["parameters", "remove-input"]
profile: str = "raw"
benchmark: str = "xquad-r"

# %% tags=["remove-input"]
from hybridlib.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
from hybridlib.report import comparisons
from hybridlib.report.chapters import embeddings
from hybridlib.report import html as show
from hybridlib.report.figure import show_figure
from hybridlib.report.how_made import how_made
from hybridlib.store.runs import Store

store = Store()
drawn = store.load(store.folder(profile, "embedding-map", benchmark))
ratios = embeddings.translation_distance(drawn.scores)
order = comparisons.ranked(ratios.set_index("encoder")["ratio"], smaller_is_better=True)
show_figure(
    embeddings.embedding_map(drawn.scores),
    f"{profile}-{benchmark}-map",
    caption=(
        f"Translations lie as far apart as sentences of a language, times: {order}. A point a"
        " sentence, a colour a language: where colours lie apart, language rules."
    ),
    alt=(
        "Two-dimensional maps of the same parallel answer sentences, a panel an encoder, "
        "coloured by language, before training and after it with each kind of batch"
    ),
    data=drawn.scores,
)

# %% [markdown]
# How far a sentence lies from its translations, against how far from the other sentences of its own
# language, on this map alone: the mean distance to translations over the mean distance within the
# language. Below one, meaning counts for more than language.

# %% tags=["hide-input"]
show.show_plain(ratios, f"{profile}-{benchmark}-map-distances")

# %% [markdown]
# Two axes show a small part of a space of many dimensions, and of one seed; the measures of bias
# use the whole of it.

# %% tags=["hide-input"]
how_made("embeddings", given, {"embedding map": drawn})
