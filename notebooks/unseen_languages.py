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
# # Unseen languages
#
# The training corpus has some of the benchmark's languages. What does each sampler do to those that
# it lacks, as the language of the query and of the candidates? Unseen means unseen in this training:
# the backbone has met all of them.

# %% tags=["parameters", "remove-input"]
profile: str = "raw"
benchmark: str = "xquad-r"
seen: str = "de en es ru tr zh"

# %% tags=["remove-input"]
from book.notebook import check_parameters

given = check_parameters(globals())

# %% tags=["hide-input"]
from IPython.display import display

from book.shared import comparisons, stored_runs
from book.shared import html as show
from book.shared.figure import show_figure
from book.shared.how_made import how_made
from book.pages import unseen_languages
from study.store.runs import Store

runs = stored_runs.runs(Store(), profile, benchmark)
groups = stored_runs.scores(runs)
differences = unseen_languages.against_start(groups, seen.split())
show.say_on(benchmark, *unseen_languages.answer(differences))

# %% tags=["hide-input"]
by_language = unseen_languages.by_language(groups, seen.split())
show_figure(
    unseen_languages.draw(by_language),
    f"{profile}-{benchmark}-unseen",
    caption=(
        f"Mean over the unseen: {comparisons.ranked(unseen_languages.unseen_means(by_language))}."
        " Against the untrained start; the unseen, without a text in training, are right of the line."
    ),
    alt=(
        "Monolingual mAP minus that of the untrained start by language, a point and "
        "interval a sampler; languages of the training left of a line, unseen ones right"
    ),
    data=by_language,
)

# %% [markdown]
# ## By role
#
# Mean average precision where an unseen language is that of the query, of the candidates, of both or
# of neither, with 95 % intervals over articles and seeds; then the differences from the untrained
# start with their verdicts.

# %% tags=["hide-input"]
means = unseen_languages.by_role(groups, seen.split())
wide = comparisons.wide(means)
display(show.show_plain(wide, f"{profile}-{benchmark}-roles", index=True, numbers=means))
display(show.show_plain(differences, f"{profile}-{benchmark}-roles-differences"))

# %% [markdown]
# ## By language
#
# Monolingual retrieval alone.

# %% tags=["hide-input"]
show.show_plain(by_language, f"{profile}-{benchmark}-unseen-by-language")

# %% [markdown]
# What would change the answer: a training that has other languages, as unseen and seen ones here differ
# in script, family and in what the backbone knows of them; more seeds where a verdict is undecided.

# %% tags=["hide-input"]
how_made("unseen_languages", given, runs)
